package dev.gatewatch.agent.events;

import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.SourceKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything that an agent tells its operator: metrics under `gatewatch.agent`, and one log line per change
/// of state. Nothing is logged per line read.
public final class AgentEvents {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatewatch.agent");

    private final MeterRegistry meters;
    private final Map<SourceKind, Traffic> traffic = new EnumMap<>(SourceKind.class);

    public AgentEvents(MeterRegistry meters) {
        this.meters = meters;
        for (SourceKind kind : SourceKind.values()) {
            traffic.put(kind, new Traffic(meters, kind));
            countedBySource(kind.id());
        }
        counter("files.opened", "files that were begun to be read");
        counter("files.unreadable", "times that a file could not be read");
        counter("kafka.producers.replaced", "Kafka producers that broke and were replaced");
        counter("batches.refused", "batches that Kafka refused for good and that were left out");
        counter("state.damaged", "times that the saved state was damaged");
        counter("checkpoint.failures", "times that the state could not be saved");
    }

    /// Counters exist before anything is counted, so that the first event is a rise that an alert can see.
    private void countedBySource(String source) {
        for (Gap.Kind kind : Gap.Kind.values()) {
            counter("gaps", "times that something could no longer be read", "source", source, "kind", lower(kind));
        }
        counter("lines.cut", "lines that were longer than the limit", "source", source);
        counter("nul.bytes.skipped", "NUL bytes where lines should be, left out", "source", source);
        counter("source.failures", "times that a source did not work", "source", source);
    }

    private Counter counter(String name, String description, String... tags) {
        return counter(meters, name, description, tags);
    }

    private static Counter counter(MeterRegistry meters, String name, String description, String... tags) {
        return Counter.builder("gatewatch.agent." + name)
                .description(description)
                .tags(tags)
                .register(meters);
    }

    private static String lower(Gap.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /// Lines have been read and handed to the shipper.
    public void read(SourceKind source, long lines, long bytes) {
        Traffic t = traffic(source);
        t.linesRead.increment((double) lines);
        t.bytesRead.increment((double) bytes);
    }

    /// The broker has acknowledged lines.
    public void acknowledged(SourceKind source, long lines, long bytes) {
        Traffic t = traffic(source);
        t.linesAcknowledged.increment((double) lines);
        t.bytesAcknowledged.increment((double) bytes);
    }

    private Traffic traffic(SourceKind source) {
        Traffic t = traffic.get(source);
        if (t == null) {
            throw new IllegalStateException("no meters for " + source);
        }
        return t;
    }

    /// Makes a gauge of a number that `owner` knows; `owner` lives as long as the agent.
    public <T> void gauge(String name, String description, T owner, ToDoubleFunction<T> value) {
        Gauge.builder("gatewatch.agent." + name, owner, value)
                .description(description)
                .strongReference(true)
                .register(meters);
    }

    /// Shows how far a source is behind.
    public <T> void lag(SourceKind source, String origin, T owner, ToDoubleFunction<T> value) {
        Gauge.builder("gatewatch.agent.lag", owner, value)
                .description("known to be there and not acknowledged, in bytes or entries")
                .strongReference(true)
                .tag("source", source.id())
                .tag("origin", origin)
                .register(meters);
    }

    /// Something that existed can no longer be read.
    public void gap(SourceKind source, String origin, Gap gap) {
        meters.counter("gatewatch.agent.gaps", "source", source.id(), "kind", lower(gap.kind()))
                .increment();
        warn("gap in " + source.id() + " " + origin + ": " + lower(gap.kind()) + ", "
                + (gap.size() == 0
                        ? "size not known"
                        : gap.size() + (source.positionsAreBytes() ? " bytes" : " entries")));
    }

    /// A line was longer than the limit and was cut.
    public void cut(SourceKind source) {
        meters.counter("gatewatch.agent.lines.cut", "source", source.id()).increment();
    }

    /// A run of NUL bytes where lines should be was left out.
    public void nulBytes(SourceKind source, long bytes) {
        meters.counter("gatewatch.agent.nul.bytes.skipped", "source", source.id())
                .increment((double) bytes);
    }

    /// A file is being read from `position` on.
    public void fileOpened(Path path, String stream, long position) {
        meters.counter("gatewatch.agent.files.opened").increment();
        info("reading " + path + " from byte " + position + " as stream " + stream);
    }

    /// A file is read to its end and nothing more will come.
    public void fileFinished(Path path, String stream, long position) {
        info("finished the rotated or removed file of " + path + ", stream " + stream + ", at byte " + position);
    }

    /// A file became shorter than what had been read of it.
    public void fileTruncated(Path path, long position, long size) {
        info(path + " was truncated: " + size + " bytes now, " + position
                + " read before; reading it from its beginning");
    }

    /// A file is not there.
    public void fileMissing(Path path) {
        warn(path + " does not exist; it will be read from its beginning when it appears");
    }

    /// A file cannot be read. `remedy` says who needs which right.
    public void fileUnreadable(Path path, String remedy) {
        meters.counter("gatewatch.agent.files.unreadable").increment();
        error(path + " cannot be read: " + remedy + "; trying again every second");
    }

    /// A source works again, or for the first time.
    public void sourceUp(SourceKind source, String origin, String how) {
        info(source.id() + " " + origin + ": " + how);
    }

    /// A source does not work at the moment.
    public void sourceDown(SourceKind source, String origin, String why) {
        meters.counter("gatewatch.agent.source.failures", "source", source.id()).increment();
        warn(source.id() + " " + origin + ": " + why);
    }

    /// Kafka refused something, or could not be reached; it will be tried again.
    public void kafkaError(Exception error, boolean firstInARow) {
        counter(
                        "kafka.errors",
                        "errors of Kafka, each is retried",
                        "class",
                        error.getClass().getSimpleName())
                .increment();
        if (firstInARow) {
            warn("Kafka does not take records, retrying until it does: " + error);
        }
    }

    /// Kafka takes records again.
    public void kafkaRecovered() {
        info("Kafka takes records again");
    }

    /// A new producer took the place of a broken one and sends again what was not acknowledged.
    public void producerReplaced(Exception cause, int batches, boolean firstInARow) {
        meters.counter("gatewatch.agent.kafka.producers.replaced").increment();
        if (firstInARow) {
            warn("the Kafka producer had to be replaced, " + batches + " batches are sent again: " + cause);
        }
    }

    /// A batch will never be taken by the broker and was left out: a hole that readers see.
    public void batchRefused(String stream, long start, long end, Exception cause) {
        meters.counter("gatewatch.agent.batches.refused").increment();
        error("Kafka refuses positions " + start + " to " + end + " of stream " + stream
                + " for good, they are left out (is max.message.bytes of the topic below 128 KiB?): " + cause);
    }

    /// The state directory held nothing: the first start ever.
    public void firstStart(Path directory) {
        info("no state in " + directory + ": first start, reading files from their end unless configured otherwise");
    }

    /// The state file was damaged.
    public void stateDamaged(Path directory, String whatNow) {
        meters.counter("gatewatch.agent.state.damaged").increment();
        error("the state in " + directory + " is damaged: " + whatNow);
    }

    /// The state could not be saved; it will be tried again.
    public void checkpointFailed(Exception error, boolean firstInARow) {
        meters.counter("gatewatch.agent.checkpoint.failures").increment();
        if (firstInARow) {
            error("the state cannot be saved, lines are shipped nevertheless, trying again every second: " + error);
        }
    }

    /// The state can be saved again.
    public void checkpointRecovered() {
        info("the state can be saved again");
    }

    /// Facts of this host could not be collected or only in part.
    public void factsIncomplete(String why) {
        warn("host facts are incomplete: " + why);
    }

    /// The agent has started.
    public void started(String host, int sources) {
        info("agent of " + host + " started, " + sources + " sources");
    }

    /// The agent has stopped.
    public void stopped(Duration took, int unacknowledged) {
        info("agent stopped after " + took.toMillis() + " ms, " + unacknowledged
                + " batches not acknowledged (they are sent again at the next start)");
    }

    /// A part of the agent failed in a way that nobody foresaw; it goes on.
    public void unexpected(String part, Exception error) {
        counter("unexpected", "failures that nobody foresaw", "part", part).increment();
        LOG.error("{} failed unexpectedly and goes on", part, error);
    }

    private static void info(String message) {
        LOG.info(message);
    }

    private static void warn(String message) {
        LOG.warn(message);
    }

    private static void error(String message) {
        LOG.error(message);
    }

    private static final class Traffic {
        private final Counter linesRead;
        private final Counter bytesRead;
        private final Counter linesAcknowledged;
        private final Counter bytesAcknowledged;

        Traffic(MeterRegistry meters, SourceKind source) {
            linesRead = of(meters, source, "lines.read", "lines read");
            bytesRead = of(meters, source, "bytes.read", "bytes of lines read");
            linesAcknowledged = of(meters, source, "lines.acknowledged", "lines that Kafka acknowledged");
            bytesAcknowledged = of(meters, source, "bytes.acknowledged", "bytes of lines that Kafka acknowledged");
        }

        private static Counter of(MeterRegistry meters, SourceKind source, String name, String description) {
            return counter(meters, name, description, "source", source.id());
        }
    }
}
