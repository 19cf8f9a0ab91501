package dev.gatewatch.analyzer.story;

import dev.gatewatch.incident.Incident;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/// What stories expect of an incident.
final class IncidentAssert extends AbstractAssert<IncidentAssert, Incident> {
    private IncidentAssert(Incident actual) {
        super(actual, IncidentAssert.class);
        as("%s", actual == null ? "no incident" : actual.summary());
    }

    static IncidentAssert assertThat(Incident actual) {
        return new IncidentAssert(actual).isNotNull();
    }

    /// @param cause `cause/sub_cause`, or `unknown`
    IncidentAssert isCausedBy(String cause) {
        String found = actual.subCause() == null ? actual.cause() : actual.cause() + "/" + actual.subCause();
        Assertions.assertThat(found).as(descriptionText()).isEqualTo(cause);
        return this;
    }

    IncidentAssert blames(String host, String unit) {
        Assertions.assertThat(actual.culprit()).as(descriptionText()).isEqualTo(new Incident.Culprit(host, unit));
        return this;
    }

    IncidentAssert is(Incident.Verdict verdict) {
        Assertions.assertThat(actual.verdict()).as(descriptionText()).isEqualTo(verdict);
        return this;
    }

    IncidentAssert isConfirmed() {
        return is(Incident.Verdict.CONFIRMED);
    }

    IncidentAssert isOpen() {
        Assertions.assertThat(actual.state()).as(descriptionText()).isEqualTo(Incident.State.OPEN);
        Assertions.assertThat(actual.resolvedAt()).isNull();
        return this;
    }

    IncidentAssert isResolved() {
        Assertions.assertThat(actual.state()).as(descriptionText()).isEqualTo(Incident.State.RESOLVED);
        Assertions.assertThat(actual.resolvedAt()).isAfter(actual.lastFailureAt());
        return this;
    }

    /// Some line that says this is among the evidence.
    IncidentAssert shows(String signal) {
        Assertions.assertThat(actual.evidence())
                .as(descriptionText())
                .extracting(Incident.Evidence::says)
                .contains(signal);
        return this;
    }

    /// Another cause was considered.
    IncidentAssert considers(String cause) {
        Assertions.assertThat(actual.alternatives())
                .as(descriptionText())
                .extracting(a -> a.cause() + "/" + a.subCause())
                .contains(cause);
        return this;
    }
}
