package dev.gatewatch.analyzer.report;

import dev.gatewatch.analyzer.cause.Catalogue;
import dev.gatewatch.analyzer.cause.Finding;
import dev.gatewatch.incident.Incident;
import java.util.List;

/// How sure a diagnosis is, as a probability that its cause is right.
record Confidence(double value, Incident.Verdict verdict) {
    /// What is left of the confidence when a source is missing that would have been looked at.
    private static final double MISSING_SOURCE = 0.95;

    /// What is left when other hosts of the configuration are silent.
    private static final double SILENT_HOST = 0.98;

    /// What is left when another cause is found with the same strength.
    private static final double EQUAL_RIVAL = 0.95;

    private static final double UNKNOWN = 0.1;

    static Confidence of(Catalogue.Diagnosis diagnosis, List<String> missing, List<String> silentHosts) {
        Finding best = diagnosis.best();
        if (Catalogue.isUnknown(best)) {
            return new Confidence(UNKNOWN, Incident.Verdict.INCONCLUSIVE);
        }
        double value = best.strength().confidence() * Math.pow(MISSING_SOURCE, Math.min(3, missing.size()));
        if (!silentHosts.isEmpty()) {
            value *= SILENT_HOST;
        }
        boolean rival = diagnosis.others().stream()
                .anyMatch(f -> f.strength() == best.strength()
                        && !f.id().cause().equals(best.id().cause())
                        && f.strength() != Finding.Strength.PROVED);
        if (rival) {
            value *= EQUAL_RIVAL;
        }
        Incident.Verdict verdict = switch (best.strength()) {
            case PROVED -> Incident.Verdict.CONFIRMED;
            case LIKELY -> Incident.Verdict.LIKELY;
            case PLAUSIBLE, POSSIBLE -> Incident.Verdict.INCONCLUSIVE;
        };
        return new Confidence(Math.round(value * 100) / 100.0, verdict);
    }
}
