package dev.gatewatch.alerts.alertmanager;

import static dev.gatewatch.alerts.Incidents.START;
import static dev.gatewatch.alerts.Incidents.anIncident;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Duration LONG = Duration.ofDays(2);
    private final Ledger ledger =
            new Ledger(new SendingConfig(Duration.ofSeconds(60), Duration.ofMinutes(15), "critical"));

    @Test
    void aFiringAlertIsDueAtOnceThenEachIntervalAndAtEachRevision() {
        List<Subject> first = subject(anIncident().build());
        assertThat(ledger.due(first, START)).isEqualTo(first);

        ledger.taken(first, START);

        assertThat(ledger.due(first, START.plusSeconds(59))).isEmpty();
        assertThat(ledger.idle(first, START.plusSeconds(59), LONG)).isEqualTo(Duration.ofSeconds(1));
        assertThat(ledger.due(first, START.plusSeconds(60))).isEqualTo(first);
        List<Subject> revised = subject(anIncident().revision(2).build());
        assertThat(ledger.due(revised, START.plusSeconds(1))).isEqualTo(revised);
    }

    @Test
    void aResolvedAlertIsSentAgainForFifteenMinutesAndThenNoMore() {
        List<Subject> resolved = subject(anIncident().resolvedAt(START).build());
        int sent = 0;
        for (Instant now = START; now.isBefore(START.plus(Duration.ofHours(1))); now = now.plusSeconds(1)) {
            List<Subject> due = ledger.due(resolved, now);
            ledger.taken(due, now);
            sent += due.size();
        }

        assertThat(sent).isEqualTo(15);
        assertThat(ledger.idle(resolved, START.plus(Duration.ofHours(1)), LONG)).isEqualTo(LONG);
    }

    @Test
    void aResolveThatWasNeverTakenIsPursuedForADay() {
        List<Subject> resolved = subject(anIncident().resolvedAt(START).build());

        assertThat(ledger.due(resolved, START.plus(Duration.ofHours(24)))).hasSize(1);
        assertThat(ledger.due(resolved, START.plus(Duration.ofHours(25)))).isEmpty();
    }

    @Test
    void anInvalidAlertWaitsForItsIncidentToChange() {
        List<Subject> poison = subject(anIncident().build());
        ledger.refused(poison.getFirst(), START);

        assertThat(ledger.due(poison, START.plusSeconds(300))).isEmpty();
        assertThat(ledger.due(poison, START.plusSeconds(600))).hasSize(1);
        assertThat(ledger.due(subject(anIncident().revision(2).build()), START.plusSeconds(1)))
                .hasSize(1);
    }

    private static List<Subject> subject(Incident incident) {
        return List.of(new Subject(incident.service(), incident, List.of()));
    }
}
