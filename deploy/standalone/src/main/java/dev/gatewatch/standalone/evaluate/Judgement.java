package dev.gatewatch.standalone.evaluate;

import dev.gatewatch.incident.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The incidents of one recording against its truth.
///
/// @param found an answer for each fault
/// @param repeated incidents too many about a fault that has one already
/// @param invented incidents about nothing that happened
public record Judgement(List<Answer> found, List<Incident> repeated, List<Incident> invented) {

    public Judgement {
        found = List.copyOf(found);
        repeated = List.copyOf(repeated);
        invented = List.copyOf(invented);
    }

    /// What was said of one fault.
    ///
    /// @param incident null if it was missed
    /// @param delay from the first failed request to the incident, null if it was missed
    public record Answer(
            Truth.Fault fault,
            @Nullable Incident incident,
            boolean rightCause,
            @Nullable Duration delay) {

        /// Whether cause and variant are right; another cause that is acceptable has no variant to miss.
        boolean rightSubCause() {
            return rightCause
                    && incident != null
                    && (!incident.cause().equals(fault.cause())
                            || fault.subCause().equals(incident.subCause()));
        }

        /// Whether it names the place to repair.
        boolean rightCulprit() {
            Incident.Culprit culprit = incident == null ? null : incident.culprit();
            return culprit != null
                    && culprit.host().equals(fault.host())
                    && (fault.unit() == null || fault.unit().equals(culprit.unit()));
        }

        /// Whether it says that it does not know.
        boolean abstains() {
            return incident != null
                    && (incident.cause().equals("unknown") || incident.verdict() == Incident.Verdict.INCONCLUSIVE);
        }

        /// The answer in a line.
        String told() {
            String truth = fault.cause() + "/" + fault.subCause();
            if (incident == null) {
                return "MISSED " + truth;
            }
            String word = rightSubCause() ? "right" : rightCause ? "right cause" : "WRONG";
            return "%s %s/%s %.2f%s"
                    .formatted(
                            word,
                            incident.cause(),
                            incident.subCause(),
                            incident.confidence(),
                            rightSubCause() ? "" : ", truth " + truth);
        }
    }

    /// Whether nothing had to be found.
    boolean isControl() {
        return found.isEmpty();
    }

    static Judgement of(Truth truth, List<Incident> incidents) {
        List<Incident> left = new ArrayList<>(incidents);
        List<Answer> answers = new ArrayList<>();
        List<Incident> repeated = new ArrayList<>();
        for (Truth.Fault fault : truth.faults()) {
            List<Incident> about = left.stream()
                    .filter(incident -> isAbout(incident, fault))
                    .sorted(Comparator.comparing((Incident i) -> !i.cause().equals(fault.cause()))
                            .thenComparing(Incident::confidence, Comparator.reverseOrder()))
                    .toList();
            left.removeAll(about);
            answers.add(answer(truth, fault, about.stream().findFirst()));
            repeated.addAll(about.subList(Math.min(1, about.size()), about.size()));
        }
        int more = Math.max(0, truth.mostIncidents() - truth.faults().size());
        List<Incident> tooMany = repeated.subList(Math.min(more, repeated.size()), repeated.size());
        int moreLeft = Math.max(0, more - repeated.size());
        return new Judgement(answers, tooMany, left.subList(Math.min(moreLeft, left.size()), left.size()));
    }

    private static boolean isAbout(Incident incident, Truth.Fault fault) {
        Set<@Nullable String> said = new HashSet<>();
        said.add(incident.service());
        incident.endpoints().forEach(endpoint -> {
            said.add(endpoint.address());
            said.add(endpoint.server());
        });
        return said.stream().filter(Objects::nonNull).anyMatch(fault.names()::contains);
    }

    private static Answer answer(Truth truth, Truth.Fault fault, Optional<Incident> incident) {
        if (incident.isEmpty()) {
            return new Answer(fault, null, false, null);
        }
        String cause = incident.get().cause();
        Instant first = truth.firstFailureAt();
        return new Answer(
                fault,
                incident.get(),
                cause.equals(fault.cause()) || truth.acceptable().contains(cause),
                first == null ? null : Duration.between(first, incident.get().detectedAt()));
    }

    /// The judgement in a line.
    String told() {
        List<String> parts = new ArrayList<>();
        found.forEach(answer -> parts.add(answer.told()));
        repeated.forEach(incident -> parts.add("AGAIN " + name(incident)));
        invented.forEach(incident -> parts.add("FALSE " + name(incident)));
        return parts.isEmpty() ? "quiet" : String.join("; ", parts);
    }

    private static String name(Incident incident) {
        return incident.service() + " " + incident.cause() + "/" + incident.subCause();
    }
}
