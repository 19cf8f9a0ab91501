package dev.gatewatch.standalone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatewatch.incident.Incident;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScoreTest {
    private static final Instant AT = Instant.parse("2026-11-22T14:00:00Z");
    private static final Truth.Fault STOPPED =
            new Truth.Fault("backend_down", "clean_stop", Set.of("orders", "10.0.0.1:80"), "app1", "orders.service");

    private static Incident incident(String service, String cause, String subCause, double confidence) {
        Incident.Verdict verdict = confidence > 0.95 ? Incident.Verdict.CONFIRMED : Incident.Verdict.INCONCLUSIVE;
        return new Incident(
                service + cause + subCause,
                1,
                Incident.State.RESOLVED,
                service,
                cause,
                subCause,
                confidence,
                verdict,
                "",
                AT,
                AT.plusSeconds(2),
                AT,
                AT,
                new Incident.Culprit("app1", "orders.service"),
                List.of(),
                List.of(),
                new Incident.Requests(1, new TreeMap<>(), 0, List.of()),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Incident.Runbook(List.of(), List.of(), ""));
    }

    private static Truth truth(Set<String> acceptable, int most, Truth.Fault... faults) {
        return new Truth(List.of(faults), acceptable, most, AT);
    }

    private static Judgement judgement(Incident... incidents) {
        return Judgement.of(truth(Set.of(), 1, STOPPED), List.of(incidents));
    }

    @Test
    void the_right_cause_and_variant_are_right() {
        Judgement judgement = judgement(incident("orders", "backend_down", "clean_stop", 0.97));
        assertThat(judgement.told()).isEqualTo("right backend_down/clean_stop 0.97");
        assertThat(judgement.found().getFirst().rightCulprit()).isTrue();
        assertThat(judgement.found().getFirst().delay()).hasSeconds(2);
    }

    @Test
    void another_variant_is_the_right_cause_only() {
        Judgement judgement = judgement(incident("orders", "backend_down", "deploy_restart", 0.97));
        assertThat(judgement.told())
                .isEqualTo("right cause backend_down/deploy_restart 0.97, truth backend_down/clean_stop");
    }

    @Test
    void an_incident_about_another_service_is_false_and_the_fault_is_missed() {
        Judgement judgement = judgement(incident("web", "backend_down", "clean_stop", 0.97));
        assertThat(judgement.told()).isEqualTo("MISSED backend_down/clean_stop; FALSE web backend_down/clean_stop");
    }

    @Test
    void a_second_incident_about_the_same_fault_is_one_too_many() {
        Judgement judgement = judgement(
                incident("orders", "firewall", "drop", 0.8), incident("orders", "backend_down", "clean_stop", 0.5));
        assertThat(judgement.told()).isEqualTo("right backend_down/clean_stop 0.50; AGAIN orders firewall/drop");
    }

    @Test
    void further_incidents_may_be_allowed() {
        Judgement judgement = Judgement.of(
                truth(Set.of(), 2, STOPPED),
                List.of(incident("orders", "backend_down", "clean_stop", 0.97), incident("web", "unknown", null, 0.1)));
        assertThat(judgement.invented()).isEmpty();
    }

    @Test
    void an_acceptable_cause_is_right() {
        Judgement judgement = Judgement.of(
                truth(Set.of("firewall"), 1, STOPPED), List.of(incident("orders", "firewall", "drop", 0.8)));
        assertThat(judgement.found().getFirst().rightSubCause()).isTrue();
    }

    @Test
    void any_incident_of_a_control_is_false() {
        Judgement control = Judgement.of(truth(Set.of(), 0), List.of(incident("orders", "unknown", null, 0.1)));
        assertThat(control.isControl()).isTrue();
        assertThat(control.told()).isEqualTo("FALSE orders unknown/null");
    }

    /// Eight of ten answers at 0.9 are right, and none of ten at 0.1.
    @Test
    void the_calibration_error_is_the_mean_distance_of_what_was_said_from_what_was_right() {
        List<Judgement> judgements = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            judgements.add(judgement(incident("orders", i < 8 ? "backend_down" : "firewall", "clean_stop", 0.9)));
            judgements.add(judgement(incident("orders", "unknown", null, 0.1)));
        }
        Score score = new Score(judgements);
        assertThat(score.calibrationError()).isEqualTo(0.1, within(1e-9));
        assertThat(score.cause()).isEqualTo(0.4, within(1e-9));
        assertThat(score.rightOrAbstained()).isEqualTo(1.0, within(1e-9));
        assertThat(score.reliability()).extracting(Score.Bin::answers).containsExactly(10L, 10L);
    }

    @Test
    void precision_counts_only_what_was_confirmed() {
        Score score = new Score(Arrays.asList(
                judgement(incident("orders", "backend_down", "clean_stop", 0.97)),
                judgement(incident("orders", "firewall", "drop", 0.97)),
                judgement(incident("orders", "firewall", "drop", 0.5))));
        assertThat(score.confirmedPrecision()).isEqualTo(0.5, within(1e-9));
    }
}
