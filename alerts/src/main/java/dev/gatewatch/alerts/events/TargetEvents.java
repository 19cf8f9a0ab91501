package dev.gatewatch.alerts.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happens between the service and one Alertmanager.
public final class TargetEvents {
    private static final Logger LOG = LoggerFactory.getLogger("gatewatch.alerts");

    private final String target;
    private final Counter sent;
    private final Counter refused;
    private final Counter failures;
    private final Timer latency;
    private final AtomicReference<Reach> reach = new AtomicReference<>(Reach.UNKNOWN);

    TargetEvents(String target, Supplier<Number> pending, MeterRegistry meters) {
        this.target = target;
        sent = Counter.builder("gatewatch.alerts.alertmanager.sent")
                .tag("target", target)
                .description("alerts that the Alertmanager took")
                .register(meters);
        refused = Counter.builder("gatewatch.alerts.alertmanager.refused")
                .tag("target", target)
                .description("alerts that the Alertmanager found invalid")
                .register(meters);
        failures = Counter.builder("gatewatch.alerts.alertmanager.errors")
                .tag("target", target)
                .description("requests that failed and are tried again")
                .register(meters);
        latency = Timer.builder("gatewatch.alerts.alertmanager.latency")
                .tag("target", target)
                .description("duration of requests that succeeded")
                .register(meters);
        Gauge.builder("gatewatch.alerts.alertmanager.queue", pending)
                .tag("target", target)
                .description("alerts that are due and not yet taken")
                .register(meters);
        Gauge.builder("gatewatch.alerts.alertmanager.up", () -> reach.get().metric)
                .tag("target", target)
                .description("1 if the last request succeeded, 0 while requests fail, no number before the first")
                .register(meters);
    }

    /// Alerts were taken.
    public void sent(int alerts, Duration duration) {
        sent.increment(alerts);
        latency.record(duration);
        if (reach.getAndSet(Reach.UP) == Reach.AWAY) {
            LOG.info("{} takes alerts again", target);
        }
    }

    /// A request failed; it is tried again.
    public void failed(String why) {
        failures.increment();
        if (reach.getAndSet(Reach.AWAY) != Reach.AWAY) {
            LOG.warn("{} takes no alerts, trying again: {}", target, why);
        }
    }

    /// One alert was found invalid and is left out until its incident changes.
    public void refused(String incident, String why) {
        refused.increment();
        LOG.error("{} refuses the alert of incident {}: {}", target, incident, why);
    }

    /// Whether the Alertmanager can be reached, as far as somebody tried.
    private enum Reach {
        UNKNOWN(Double.NaN),
        UP(1),
        AWAY(0);

        private final double metric;

        Reach(double metric) {
            this.metric = metric;
        }
    }
}
