package dev.gatewatch.analyzer.burst;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is remembered of a service: a few minutes of seconds, the servers, the kinds of lines seen, and the
/// burst if there is one. Bounded, whatever the traffic.
///
/// @param service key of the service
/// @param seconds what was counted by second and proxy
/// @param endpoints the servers that were used of late
/// @param seen the kinds of lines that told of trouble
/// @param baseline how often requests fail as usual
/// @param hours what was counted in the last hours
/// @param sums the cumulative sums up to the seconds that are kept
/// @param clock the time that the service's lines have reached
/// @param burst the burst that goes on, null if none does
public record ServiceState(
        String service,
        Seconds seconds,
        List<Endpoint> endpoints,
        List<Seen> seen,
        Baseline baseline,
        Hours hours,
        Sums sums,
        EventClock clock,
        @Nullable Burst burst) {
    @SuppressWarnings("NullAway") // states that were written before there were hours or sums have none
    public ServiceState {
        hours = hours == null ? Hours.NONE : hours;
        sums = sums == null ? Sums.ZERO : sums;
    }

    /// A service of which nothing is known.
    public static ServiceState unknown(String service) {
        return new ServiceState(
                service,
                Seconds.NONE,
                List.of(),
                List.of(),
                Baseline.UNKNOWN,
                Hours.NONE,
                Sums.ZERO,
                EventClock.UNSET,
                null);
    }

    /// The state for one who goes on with it from a moment of the wall clock on, as after a restart.
    public ServiceState resumed(long wallNow) {
        long newest = seconds.isEmpty() ? 0 : seconds.last() * 1_000;
        return at(clock.since(wallNow, newest));
    }

    Past past() {
        return new Past(baseline, hours, sums);
    }

    ServiceState with(Seconds otherSeconds, List<Endpoint> otherEndpoints, List<Seen> otherSeen) {
        return new ServiceState(service, otherSeconds, otherEndpoints, otherSeen, baseline, hours, sums, clock, burst);
    }

    ServiceState after(Past past) {
        return new ServiceState(
                service, seconds, endpoints, seen, past.baseline(), past.hours(), past.sums(), clock, burst);
    }

    ServiceState at(EventClock otherClock) {
        return new ServiceState(service, seconds, endpoints, seen, baseline, hours, sums, otherClock, burst);
    }

    ServiceState withBurst(@Nullable Burst otherBurst) {
        return new ServiceState(service, seconds, endpoints, seen, baseline, hours, sums, clock, otherBurst);
    }
}
