package dev.gatewatch.alerts.alertmanager;

import dev.gatewatch.alerts.board.View;
import dev.gatewatch.incident.Incident;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What one alert is about: a service, and the incident that speaks for it.
///
/// Alertmanager knows an alert by its labels, and these hold the service but nothing of the incident, so two
/// incidents of one service are one alert. While any is open, the alert fires and tells of the newest open
/// one; it is resolved when none is open, and then tells of the one that was resolved last.
///
/// @param service the label's value
/// @param incident the one that the alert tells of
/// @param alsoOpen the service's other open incidents, newest first
record Subject(String service, Incident incident, List<Incident> alsoOpen) {
    private static final int SERVICE_BYTES = 600;
    private static final Comparator<Incident> FOREMOST = Comparator.comparing(Incident::state)
            .thenComparing(Subject::since, Comparator.reverseOrder())
            .thenComparing(Incident::id);

    /// The subjects of all alerts, one per service.
    static List<Subject> of(View view) {
        Map<String, List<Incident>> services = new LinkedHashMap<>();
        for (Incident incident : view.incidents()) {
            services.computeIfAbsent(label(incident), _ -> new ArrayList<>()).add(incident);
        }
        return services.entrySet().stream()
                .map(service -> of(service.getKey(), service.getValue()))
                .toList();
    }

    boolean firing() {
        return incident.state() == Incident.State.OPEN;
    }

    private static Subject of(String service, List<Incident> incidents) {
        List<Incident> sorted = incidents.stream().sorted(FOREMOST).toList();
        List<Incident> others = sorted.stream()
                .skip(1)
                .filter(incident -> incident.state() == Incident.State.OPEN)
                .toList();
        return new Subject(service, sorted.getFirst(), others);
    }

    private static Instant since(Incident incident) {
        return Objects.requireNonNullElse(incident.resolvedAt(), incident.startedAt());
    }

    /// Alertmanager drops empty labels, and with them the identity.
    private static String label(Incident incident) {
        String label = Clip.line(incident.service(), SERVICE_BYTES);
        return label.isBlank() ? "unknown" : label;
    }
}
