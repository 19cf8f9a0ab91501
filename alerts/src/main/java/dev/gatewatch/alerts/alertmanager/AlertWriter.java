package dev.gatewatch.alerts.alertmanager;

import dev.gatewatch.incident.Incident;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes the alert of a subject. Labels stay the same as long as the service has incidents; whatever may be
/// revised is an annotation. Parts are capped so that an alert stays below 8 KiB of JSON.
final class AlertWriter {
    private static final String ALERT_NAME = "GatewatchBadGatewayBurst";
    private static final int LIFETIMES = 4;
    private static final int EVIDENCE_LINES = 3;
    private static final int LINE_BYTES = 500;
    private static final int SUMMARY_BYTES = 800;
    private static final int DESCRIPTION_BYTES = 1_600;
    private static final int SHORT_BYTES = 300;
    private static final int URL_BYTES = 500;

    private final String cluster;
    private final SendingConfig sending;
    private final URI externalUrl;
    private final @Nullable URI runbooks;

    /// An alert writer.
    ///
    /// @param externalUrl where people reach the incident page
    /// @param runbooks where the handbook of causes is published, null if nowhere
    AlertWriter(String cluster, SendingConfig sending, URI externalUrl, @Nullable URI runbooks) {
        this.cluster = Clip.line(cluster, SHORT_BYTES);
        this.sending = sending;
        this.externalUrl = externalUrl;
        this.runbooks = runbooks;
    }

    /// The alert as it is sent at a moment.
    Alert write(Subject subject, Instant now) {
        Instant end = end(subject.incident(), now);
        Instant start = earlier(earlier(subject.incident().startedAt(), now), end);
        String page = page(subject.incident());
        return new Alert(labels(subject), annotations(subject, page), millis(start), millis(end), page);
    }

    private Instant end(Incident incident, Instant now) {
        Instant resolvedAt = incident.resolvedAt();
        return resolvedAt == null ? now.plus(sending.interval().multipliedBy(LIFETIMES)) : earlier(resolvedAt, now);
    }

    private SortedMap<String, String> labels(Subject subject) {
        SortedMap<String, String> labels = new TreeMap<>();
        put(labels, "alertname", ALERT_NAME);
        put(labels, "cluster", cluster);
        put(labels, "service", subject.service());
        put(labels, "severity", Clip.line(sending.severity(), SHORT_BYTES));
        return labels;
    }

    private SortedMap<String, String> annotations(Subject subject, String page) {
        Incident incident = subject.incident();
        SortedMap<String, String> texts = new TreeMap<>();
        put(texts, "summary", Clip.line(incident.summary(), SUMMARY_BYTES));
        put(texts, "description", Clip.block(description(incident), DESCRIPTION_BYTES));
        put(texts, "cause", Clip.line(incident.cause(), SHORT_BYTES));
        put(texts, "sub_cause", Clip.line(Objects.requireNonNullElse(incident.subCause(), ""), SHORT_BYTES));
        put(texts, "confidence", String.format(Locale.ROOT, "%.2f", incident.confidence()));
        put(texts, "verdict", incident.verdict().name().toLowerCase(Locale.ROOT));
        put(texts, "evidence", evidence(incident));
        put(texts, "impact", Clip.line(impact(incident), SHORT_BYTES));
        put(texts, "culprit", Clip.line(culprit(incident.culprit()), SHORT_BYTES));
        put(texts, "also_open", Clip.line(ids(subject.alsoOpen()), SHORT_BYTES));
        put(texts, "incident_id", incident.id());
        put(texts, "incident_url", page);
        put(texts, "runbook_url", runbook(incident, page));
        return texts;
    }

    private static String description(Incident incident) {
        StringBuilder text = new StringBuilder();
        for (Incident.Check check : incident.checks()) {
            if (check.result() == Incident.Result.BAD) {
                text.append(check.question()).append(' ').append(check.answer()).append('\n');
            }
        }
        incident.runbook().repair().stream()
                .limit(3)
                .forEach(step -> text.append("→ ").append(step).append('\n'));
        return text.isEmpty() ? incident.summary() : text.toString().strip();
    }

    private static String evidence(Incident incident) {
        return incident.evidence().stream()
                .limit(EVIDENCE_LINES)
                .map(line ->
                        Clip.line(line.at() + " " + line.host() + " " + line.source() + ": " + line.line(), LINE_BYTES))
                .collect(Collectors.joining("\n"));
    }

    private static String impact(Incident incident) {
        Incident.Requests requests = incident.requests();
        long failed =
                requests.failed().values().stream().mapToLong(Long::longValue).sum();
        String statuses = requests.failed().entrySet().stream()
                .map(status -> status.getValue() + " × " + status.getKey())
                .collect(Collectors.joining(", "));
        String proxies = incident.proxies().stream().map(Incident.Proxy::host).collect(Collectors.joining(", "));
        String of = requests.total() >= failed && requests.total() > 0 ? " of " + requests.total() : "";
        return failed + of + " requests failed" + (statuses.isEmpty() ? "" : " (" + statuses + ")")
                + (proxies.isEmpty() ? "" : " through " + proxies);
    }

    private static String culprit(Incident.@Nullable Culprit culprit) {
        if (culprit == null) {
            return "";
        }
        return culprit.unit() == null ? culprit.host() : culprit.unit() + " on " + culprit.host();
    }

    private static String ids(List<Incident> incidents) {
        return incidents.stream().map(Incident::id).collect(Collectors.joining(" "));
    }

    private String page(Incident incident) {
        return below(externalUrl, "i/" + incident.id());
    }

    private String runbook(Incident incident, String page) {
        return runbooks == null
                ? page + "#runbook"
                : below(runbooks, incident.runbook().page());
    }

    private static String below(URI base, String path) {
        String start = base.toString();
        return Clip.line(start + (start.endsWith("/") ? "" : "/") + path, URL_BYTES);
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant millis(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    private static void put(SortedMap<String, String> texts, String name, String text) {
        if (!text.isBlank()) {
            texts.put(name, text);
        }
    }
}
