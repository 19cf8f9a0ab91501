package dev.gatewatch.analyzer.burst;

import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is remembered of a service: a few minutes of seconds, the servers, the kinds of lines seen, and the
/// burst if there is one. Bounded, whatever the traffic.
///
/// @param service key of the service
/// @param seconds counts by second since 1970 and by proxy (`kind@host`)
/// @param endpoints the servers that were used of late
/// @param seen the kinds of lines that told of trouble
/// @param baseline how often requests fail as usual
/// @param clock the time that the service's lines have reached
/// @param burst the burst that goes on, null if none does
public record ServiceState(
        String service,
        NavigableMap<Long, SortedMap<String, Counts>> seconds,
        List<Endpoint> endpoints,
        List<Seen> seen,
        Baseline baseline,
        EventClock clock,
        @Nullable Burst burst) {

    /// A service of which nothing is known.
    public static ServiceState unknown(String service) {
        return new ServiceState(
                service, new TreeMap<>(), List.of(), List.of(), Baseline.UNKNOWN, EventClock.UNSET, null);
    }

    /// Requests and failures of one second, over all proxies.
    Second second(long second) {
        long requests = 0;
        long failures = 0;
        for (var entry : seconds.getOrDefault(second, new TreeMap<>()).entrySet()) {
            boolean accessLogged = isAccessLogged(entry.getKey());
            long failed = Counts.sum(entry.getValue().failures(accessLogged));
            failures += failed;
            requests += accessLogged ? entry.getValue().requests() : failed;
        }
        return new Second(second, requests, failures);
    }

    /// Whether a proxy's access lines about this service are at hand.
    boolean isAccessLogged(String proxy) {
        return seconds.values().stream()
                .map(byProxy -> byProxy.get(proxy))
                .anyMatch(counts -> counts != null && counts.isAccessLogged());
    }

    /// Requests and failures within one second.
    public record Second(long second, long requests, long failures) {}

    /// The seconds from the one of `from` to the one of `to` in which anything happened; times in
    /// milliseconds since 1970.
    public List<Second> seconds(long from, long to) {
        return seconds.subMap(Math.floorDiv(from, 1_000), true, Math.floorDiv(to, 1_000), true).keySet().stream()
                .map(this::second)
                .toList();
    }
}
