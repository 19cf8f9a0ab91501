package dev.gatewatch.alerts.alertmanager;

import static dev.gatewatch.alerts.Incidents.START;
import static dev.gatewatch.alerts.Incidents.anIncident;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.board.Change;
import dev.gatewatch.alerts.board.Retention;
import dev.gatewatch.alerts.board.View;
import dev.gatewatch.incident.Incident;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertWriterTest {
    private static final SendingConfig SENDING =
            new SendingConfig(Duration.ofSeconds(60), Duration.ofMinutes(15), "critical");
    private static final Instant NOW = START.plusSeconds(45);

    private final ObjectMapper mapper = new ObjectMapper();
    private final AlertWriter writer = new AlertWriter("shop-eu1", SENDING, URI.create("https://gw.example/g"), null);

    @Test
    void anAlertIsAsTheGoldenFileSays() throws Exception {
        Alert firing = writer.write(subject(anIncident().build()), NOW);
        Alert resolved = writer.write(
                subject(anIncident().resolvedAt(START.plusSeconds(40)).build()), NOW);

        JsonNode json = mapper.readTree(new AlertJson().encode(List.of(firing, resolved)));

        assertThat(json.toPrettyString()).isEqualTo(golden().toPrettyString());
    }

    @Test
    void labelsStayTheSameOverAllRevisions() {
        Incident first = anIncident()
                .cause("unknown", null)
                .verdict(Incident.Verdict.INCONCLUSIVE, 0.2)
                .build();
        Incident second = anIncident().revision(2).build();
        Incident withSecondProxy = anIncident()
                .revision(3)
                .proxies(new Incident.Proxy("edge1.lab", "nginx"), new Incident.Proxy("edge2.lab", "haproxy"))
                .build();
        Incident resolved =
                anIncident().revision(4).resolvedAt(START.plusSeconds(40)).build();

        assertThat(List.of(first, second, withSecondProxy, resolved))
                .extracting(incident -> writer.write(subject(incident), NOW).labels())
                .containsOnly(writer.write(subject(first), NOW).labels());
    }

    @Test
    void timesAreNeverInTheFutureAndNeverUpsideDown() {
        Incident future = anIncident().startedAt(NOW.plusSeconds(3_600)).build();
        Incident resolvedInTheFuture =
                anIncident().resolvedAt(NOW.plusSeconds(20)).build();
        Incident resolvedBeforeItsStart =
                anIncident().resolvedAt(START.minusSeconds(5)).build();

        assertThat(writer.write(subject(future), NOW).startsAt()).isEqualTo(NOW);
        assertThat(writer.write(subject(resolvedInTheFuture), NOW).endsAt()).isEqualTo(NOW);
        Alert upsideDown = writer.write(subject(resolvedBeforeItsStart), NOW);
        assertThat(upsideDown.startsAt()).isBeforeOrEqualTo(upsideDown.endsAt());
    }

    @Test
    void theLargestAlertStaysBelowEightKibibytes() {
        String wide = "\"\\\u0000\u2028€𝄞".repeat(20_000);
        Incident.Evidence line = new Incident.Evidence(START, wide, "nginx-error", wide, "upstream_refused", 1);
        Incident incident = anIncident()
                .service(wide)
                .summary(wide)
                .evidence(line, line, line, line)
                .build();

        byte[] json = new AlertJson().encode(List.of(writer.write(subject(incident), NOW)));

        assertThat(json.length).isLessThanOrEqualTo(8 * 1024);
    }

    @Test
    void emptyLabelsAndAnnotationsAreNotSent() {
        Incident incident = anIncident().service(" \n ").cause("unknown", null).build();

        Alert alert = writer.write(subject(incident), NOW);

        assertThat(alert.labels()).containsEntry("service", "unknown");
        assertThat(alert.annotations()).doesNotContainKeys("sub_cause", "also_open");
        assertThat(alert.annotations().values()).noneMatch(String::isBlank);
    }

    @Test
    void runbooksLinkToTheHandbookWhereItIsPublished() {
        AlertWriter linking =
                new AlertWriter("c", SENDING, URI.create("http://127.0.0.1:9095"), URI.create("https://wiki/causes/"));

        assertThat(linking.write(subject(anIncident().build()), NOW).annotations())
                .containsEntry("runbook_url", "https://wiki/causes/backend_down.md#clean_stop")
                .containsEntry("incident_url", "http://127.0.0.1:9095/i/orders-20261122140227");
    }

    @Test
    void twoOpenIncidentsOfAServiceAreOneAlertOfTheNewest() {
        View view = view(
                anIncident().id("older-open").build(),
                anIncident().id("newer-open").startedAt(START.plusSeconds(9)).build(),
                anIncident()
                        .id("newest-but-resolved")
                        .startedAt(START.plusSeconds(20))
                        .resolvedAt(START.plusSeconds(30))
                        .build());

        assertThat(Subject.of(view)).singleElement().satisfies(subject -> {
            assertThat(subject.incident().id()).isEqualTo("newer-open");
            assertThat(subject.firing()).isTrue();
            assertThat(writer.write(subject, NOW).annotations()).containsEntry("also_open", "older-open");
        });
    }

    @Test
    void aServiceIsResolvedWhenNoIncidentIsOpenAndTellsOfTheLast() {
        View view = view(
                anIncident()
                        .id("resolved-first")
                        .startedAt(START.plusSeconds(1))
                        .resolvedAt(START.plusSeconds(10))
                        .build(),
                anIncident()
                        .id("resolved-last")
                        .resolvedAt(START.plusSeconds(30))
                        .build());

        assertThat(Subject.of(view)).singleElement().satisfies(subject -> {
            assertThat(subject.incident().id()).isEqualTo("resolved-last");
            assertThat(subject.firing()).isFalse();
        });
    }

    private static Subject subject(Incident incident) {
        return Subject.of(view(incident)).getFirst();
    }

    private static View view(Incident... incidents) {
        Board board = new Board(new Retention(Duration.ofDays(7), 10), () -> NOW);
        board.apply(Arrays.stream(incidents).<Change>map(Change.Revised::new).toList());
        return board.view();
    }

    private JsonNode golden() throws Exception {
        try (InputStream in = AlertWriterTest.class.getResourceAsStream("alerts.golden.json")) {
            return mapper.readTree(in);
        }
    }
}
