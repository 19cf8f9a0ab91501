package dev.gatewatch.alerts.alertmanager;

import static dev.gatewatch.alerts.Incidents.anIncident;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewatch.alerts.Await;
import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.board.Change;
import dev.gatewatch.alerts.board.Retention;
import dev.gatewatch.alerts.events.AlertsEvents;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.program.Secret;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertmanagersTest {
    private static final SendingConfig SENDING =
            new SendingConfig(Duration.ofSeconds(60), Duration.ofMinutes(15), "critical");

    private final Instant now = Instant.now();
    private final InstantSource clock = InstantSource.system();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Board board = new Board(new Retention(Duration.ofDays(7), 1_000), clock);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void everyAlertmanagerIsToldOfEveryRevisionAndOfTheEnd() {
        FakeAlertmanager first = fake();
        FakeAlertmanager second = fake();
        send(target(first), target(second));

        revise(anIncident().startedAt(now).build());
        board.complete();
        Await.until(
                "both know", () -> first.alerts().size() == 1 && second.alerts().size() == 1);
        revise(anIncident().startedAt(now).revision(2).build());
        Await.until(
                "both know the revision",
                () -> first.alerts().size() == 2 && second.alerts().size() == 2);
        revise(anIncident().startedAt(now).revision(3).resolvedAt(now).build());
        Await.until(
                "both know the end",
                () -> first.alerts().size() == 3 && second.alerts().size() == 3);

        assertThat(first.alerts())
                .extracting(alert -> alert.get("labels"))
                .containsOnly(first.alerts().getFirst().get("labels"));
        assertThat(Instant.parse(first.alerts().get(1).get("endsAt").asText()))
                .isAfter(Instant.now().plusSeconds(200));
        assertThat(Instant.parse(first.alerts().get(2).get("endsAt").asText())).isBeforeOrEqualTo(Instant.now());
        assertThat(first.requests()).allMatch(request -> Objects.equals(request.contentType(), "application/json"));
        assertThat(meters.get("gatewatch.alerts.first.ack").timer().count()).isEqualTo(1);
    }

    @Test
    void nothingIsSentBeforeTheTopicWasReadToItsEnd() {
        FakeAlertmanager fake = fake();
        send(target(fake));

        revise(anIncident().startedAt(now).build());
        revise(anIncident().startedAt(now).revision(2).resolvedAt(now).build());
        board.complete();

        Await.until("it is told", () -> !fake.alerts().isEmpty());
        assertThat(fake.alerts())
                .singleElement()
                .satisfies(alert ->
                        assertThat(Instant.parse(alert.get("endsAt").asText())).isBeforeOrEqualTo(Instant.now()));
    }

    @Test
    void whetherItIsUpIsNotSaidBeforeAnythingWasSent() {
        FakeAlertmanager fake = fake();
        send(target(fake));
        board.complete();
        assertThat(meters.get("gatewatch.alerts.alertmanager.up").gauge().value())
                .isNaN();

        revise(anIncident().startedAt(now).build());
        Await.until(
                "it is up",
                () -> meters.get("gatewatch.alerts.alertmanager.up").gauge().value() == 1);
    }

    @Test
    void aSilentAlertmanagerHoldsUpNoOther() {
        FakeAlertmanager silent = fake().silent();
        FakeAlertmanager lively = fake();
        send(target(silent), target(lively));
        board.complete();

        for (int revision = 1; revision <= 3; revision++) {
            int expected = revision;
            revise(anIncident().startedAt(now).revision(revision).build());
            Await.until("the lively one knows", () -> lively.alerts().size() == expected);
        }

        assertThat(silent.requests()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void anAlertmanagerThatFailsOrIsSlowIsTriedAgainWithTheNewestRevision() {
        FakeAlertmanager fake = fake().judging(alerts -> 500);
        send(new AlertmanagerConfig(fake.url(), null, null, null, Duration.ofSeconds(2)));
        board.complete();
        revise(anIncident().startedAt(now).build());
        Await.until("it was tried twice", () -> fake.requests().size() >= 2);
        assertThat(meters.get("gatewatch.alerts.alertmanager.queue").gauge().value())
                .isEqualTo(1);

        revise(anIncident().startedAt(now).revision(2).resolvedAt(now).build());
        fake.judging(alerts -> 200);

        Await.until(
                "it took the end",
                () -> meters.get("gatewatch.alerts.alertmanager.sent").counter().count() == 1);
        assertThat(Instant.parse(fake.alerts().getLast().get("endsAt").asText()))
                .isBeforeOrEqualTo(Instant.now());
        assertThat(meters.get("gatewatch.alerts.alertmanager.queue").gauge().value())
                .isZero();
    }

    @Test
    void anAlertmanagerThatIsAwayIsToldWhenItComes() {
        int port;
        try (FakeAlertmanager gone = new FakeAlertmanager()) {
            port = gone.port();
        }
        send(new AlertmanagerConfig(
                URI.create("http://127.0.0.1:" + port + "/am"), null, null, null, Duration.ofSeconds(2)));
        board.complete();
        revise(anIncident().startedAt(now).build());
        Await.until(
                "it was tried",
                () -> meters.get("gatewatch.alerts.alertmanager.errors")
                                .counter()
                                .count()
                        >= 1);

        FakeAlertmanager back = new FakeAlertmanager(port);
        open.add(back);

        Await.until("it is told", () -> back.alerts().size() == 1);
    }

    @Test
    void aPoisonAlertIsIsolatedAndTheOthersGetThrough() {
        FakeAlertmanager fake =
                fake().judging(alerts -> alerts.stream().anyMatch(AlertmanagersTest::poison) ? 400 : 200);
        Incident[] incidents = new Incident[20];
        for (int i = 0; i < incidents.length; i++) {
            incidents[i] = anIncident()
                    .id("incident-" + i)
                    .service(i == 13 ? "poison" : "service-" + i)
                    .startedAt(now)
                    .build();
        }
        revise(incidents);
        send(target(fake));
        board.complete();

        Await.until(
                "the others are taken",
                () -> meters.get("gatewatch.alerts.alertmanager.sent").counter().count() == 19);
        Await.until(
                "one is refused",
                () -> meters.get("gatewatch.alerts.alertmanager.refused")
                                .counter()
                                .count()
                        == 1);
        assertThat(fake.requests()).hasSizeLessThan(12);
    }

    @Test
    void aRestartedServiceTellsWhatIsOpenAndWhatWasResolvedMeanwhile() {
        FakeAlertmanager fake = fake();
        revise(
                anIncident().id("still-open").service("a").startedAt(now).build(),
                anIncident()
                        .id("resolved-meanwhile")
                        .service("b")
                        .startedAt(now.minusSeconds(7_200))
                        .revision(4)
                        .resolvedAt(now.minusSeconds(3_600))
                        .build());
        board.complete();

        send(target(fake));

        Await.until("both are told", () -> fake.alerts().size() == 2);
        assertThat(fake.requests()).hasSize(1);
    }

    @Test
    void credentialsAreReadFromFiles(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("secret"), "s3cret\n");
        FakeAlertmanager basic = fake();
        FakeAlertmanager bearer = fake();
        send(
                new AlertmanagerConfig(basic.url(), "gw", Secret.in(file), null, Duration.ofSeconds(5)),
                new AlertmanagerConfig(bearer.url(), null, null, Secret.in(file), Duration.ofSeconds(5)));
        revise(anIncident().startedAt(now).build());
        board.complete();

        Await.until(
                "both are told",
                () -> basic.requests().size() == 1 && bearer.requests().size() == 1);
        assertThat(basic.requests().getFirst().authorization()).isEqualTo("Basic Z3c6czNjcmV0");
        assertThat(bearer.requests().getFirst().authorization()).isEqualTo("Bearer s3cret");
    }

    @Test
    void aDryRunPrintsTheAlerts() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        start(List.of(), new PrintStream(printed, true, StandardCharsets.UTF_8));
        revise(anIncident().startedAt(now).build());
        board.complete();

        Await.until(
                "it is printed", () -> printed.toString(StandardCharsets.UTF_8).endsWith("]\n"));
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith("[{\"labels\":{\"alertname\":\"GatewatchBadGatewayBurst\"");
    }

    private static boolean poison(JsonNode alert) {
        return alert.get("labels").get("service").asText().equals("poison");
    }

    private FakeAlertmanager fake() {
        FakeAlertmanager fake = new FakeAlertmanager();
        open.add(fake);
        return fake;
    }

    private static AlertmanagerConfig target(FakeAlertmanager fake) {
        return new AlertmanagerConfig(fake.url(), null, null, null, Duration.ofSeconds(10));
    }

    private void send(AlertmanagerConfig... targets) {
        start(List.of(targets), null);
    }

    private void start(List<AlertmanagerConfig> targets, @Nullable PrintStream printed) {
        Alertmanagers.Settings settings =
                new Alertmanagers.Settings(targets, SENDING, "test", URI.create("http://127.0.0.1:9095"), null);
        open.add(Alertmanagers.start(settings, board, new AlertsEvents(meters), clock, printed));
    }

    private void revise(Incident... incidents) {
        board.apply(Arrays.stream(incidents).<Change>map(Change.Revised::new).toList());
    }
}
