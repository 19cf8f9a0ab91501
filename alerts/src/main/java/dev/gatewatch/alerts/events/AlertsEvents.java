package dev.gatewatch.alerts.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything worth telling the operator: each method logs once and counts once. Metric names begin with
/// `gatewatch.alerts`.
public final class AlertsEvents {
    private static final Logger LOG = LoggerFactory.getLogger("gatewatch.alerts");

    private final MeterRegistry meters;
    private final Counter malformed;
    private final Timer firstAck;
    private final AtomicBoolean brokerAway = new AtomicBoolean();
    private final Samples malformedSamples = new Samples();

    public AlertsEvents(MeterRegistry meters) {
        this.meters = meters;
        malformed = Counter.builder("gatewatch.alerts.malformed")
                .description("records of the incidents topic that could not be read")
                .register(meters);
        firstAck = Timer.builder("gatewatch.alerts.first.ack")
                .description("from the detection of an incident to the first Alertmanager that took it")
                .serviceLevelObjectives(
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30))
                .register(meters);
        Gauge.builder("gatewatch.alerts.broker.away", () -> brokerAway.get() ? 1 : 0)
                .description("1 while no Kafka broker answers")
                .register(meters);
    }

    /// Shows how many incidents the board holds in a state.
    public void measureIncidents(String state, Supplier<Number> count) {
        Gauge.builder("gatewatch.alerts.incidents", count)
                .tag("state", state)
                .description("incidents on the board")
                .register(meters);
    }

    /// Shows how many browsers follow the page.
    public void measureWatchers(Supplier<Number> count) {
        Gauge.builder("gatewatch.alerts.page.watchers", count)
                .description("open connections of live updates")
                .register(meters);
    }

    /// The meters and log lines of one Alertmanager.
    public TargetEvents target(String name, Supplier<Number> pending) {
        return new TargetEvents(name, pending, meters);
    }

    /// A record of the topic is no incident.
    public void malformed(int partition, long offset, String why) {
        malformed.increment();
        if (malformedSamples.next()) {
            LOG.warn("record {} of partition {} is no incident: {}", offset, partition, why);
        }
    }

    /// The topic has been read to its end.
    public void caughtUp(int incidents) {
        LOG.info("read the incidents topic to its end, {} incidents on the board", incidents);
    }

    /// No broker answers, or it refuses; reading is tried again.
    public void brokerAway(String why) {
        if (brokerAway.compareAndSet(false, true)) {
            LOG.warn("cannot read incidents, trying again: {}", why);
        }
    }

    /// A broker answers.
    public void brokerBack() {
        if (brokerAway.compareAndSet(true, false)) {
            LOG.info("reading incidents again");
        }
    }

    /// Some Alertmanager took the first alert of an incident.
    public void firstAck(Duration sinceDetection) {
        firstAck.record(sinceDetection);
    }

    /// The page could not be made.
    public void pageFailed(String path, RuntimeException why) {
        LOG.error("answering {} failed", path, why);
    }

    /// The service answers.
    public void started(Object page, int alertmanagers) {
        LOG.info("page on http:/{}, {} Alertmanagers", page, alertmanagers);
    }
}
