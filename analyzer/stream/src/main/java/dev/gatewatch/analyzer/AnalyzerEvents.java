package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.read.BatchResult;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.wire.LineBatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an operator can see of the analyzer: each thing worth telling is one method, which logs once and
/// counts once.
public final class AnalyzerEvents {
    private static final Logger LOG = LoggerFactory.getLogger("gatewatch.analyzer");

    private final MeterRegistry registry;

    public AnalyzerEvents(MeterRegistry registry) {
        this.registry = registry;
    }

    void batchRead(LineBatch batch, BatchResult result) {
        String source = batch.source().id();
        count("gatewatch_lines_total", result.saying(), "source", source, "result", "signal");
        count("gatewatch_lines_total", result.ordinary(), "source", source, "result", "ordinary");
        count("gatewatch_lines_total", result.repeated(), "source", source, "result", "repeated");
        count("gatewatch_lines_total", result.notUnderstood(), "source", source, "result", "not_understood");
        if (batch.gap() != null) {
            count("gatewatch_source_gaps_total", 1, "source", source);
        }
    }

    void holeFound(LineBatch batch, long size) {
        count("gatewatch_stream_holes_total", 1, "source", batch.source().id());
        LOG.warn("lines are missing: stream={} host={} missing={}", batch.stream(), batch.host(), size);
    }

    void recordRefused(String topic, String reason) {
        count("gatewatch_records_refused_total", 1, "topic", topic);
        LOG.warn("record refused: topic={} reason={}", topic, reason);
    }

    void requestsCounted(ServiceReport report) {
        for (Tally tally : report.tallies()) {
            count("gatewatch_requests_total", tally.count(), "outcome", lowerCase(tally.outcome()));
        }
    }

    void incidentWritten(Incident incident) {
        count("gatewatch_incident_revisions_total", 1, "state", lowerCase(incident.state()));
        if (incident.revision() == 1) {
            count("gatewatch_incidents_total", 1, "cause", incident.cause());
            registry.timer("gatewatch_detection_seconds")
                    .record(Duration.between(incident.startedAt(), incident.detectedAt()));
        }
        LOG.info(
                "incident: id={} revision={} state={} service={} cause={}/{} confidence={}",
                incident.id(),
                incident.revision(),
                incident.state(),
                incident.service(),
                incident.cause(),
                incident.subCause(),
                incident.confidence());
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private void count(String name, long amount, String... tags) {
        if (amount > 0) {
            registry.counter(name, tags).increment((double) amount);
        }
    }
}
