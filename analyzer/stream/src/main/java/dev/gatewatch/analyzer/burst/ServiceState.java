package dev.gatewatch.analyzer.burst;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is remembered of a service: a few minutes of seconds, the servers, the kinds of lines seen, and the
/// burst if there is one. Bounded, whatever the traffic.
///
/// @param service key of the service
/// @param seconds counts by second since 1970 and by proxy (`kind@host`, and ` relay` behind it
///     for what it passed on from another proxy)
/// @param endpoints the servers that were used of late
/// @param seen the kinds of lines that told of trouble
/// @param baseline how often requests fail as usual
/// @param hours what was counted in the last hours
/// @param sums the cumulative sums up to the seconds that are kept
/// @param clock the time that the service's lines have reached
/// @param burst the burst that goes on, null if none does
public record ServiceState(
        String service,

        @JsonSerialize(using = SecondsCodec.Writer.class) @JsonDeserialize(using = SecondsCodec.Reader.class)
        NavigableMap<Long, SortedMap<String, Counts>> seconds,

        List<Endpoint> endpoints,
        List<Seen> seen,
        Baseline baseline,
        Hours hours,
        Sums sums,
        EventClock clock,
        @Nullable Burst burst) {
    private static final String RELAY = " relay";

    @SuppressWarnings("NullAway") // states that were written before there were hours or sums have none
    public ServiceState {
        hours = hours == null ? Hours.NONE : hours;
        sums = sums == null ? Sums.ZERO : sums;
    }

    /// A service of which nothing is known.
    public static ServiceState unknown(String service) {
        return new ServiceState(
                service,
                new TreeMap<>(),
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
        long newest = seconds.isEmpty() ? 0 : seconds.lastKey() * 1_000;
        EventClock resumed = clock.since(wallNow, newest);
        return new ServiceState(service, seconds, endpoints, seen, baseline, hours, sums, resumed, burst);
    }

    Past past() {
        return new Past(baseline, hours, sums);
    }

    /// What became of the requests of one second, over all proxies.
    Counts settled(long second, Set<String> accessLogged) {
        Counts all = Counts.NONE;
        for (var entry : seconds.getOrDefault(second, new TreeMap<>()).entrySet()) {
            all = all.and(entry.getValue().settled(accessLogged.contains(entry.getKey())));
        }
        return all;
    }

    /// Name for what a proxy passed on from another proxy.
    static String relay(String proxy) {
        return proxy + RELAY;
    }

    /// Whether the proxies are heard at which requests fail, and not just those that passed their answers on.
    boolean isHeard() {
        return seconds.values().stream()
                .anyMatch(byProxy -> byProxy.keySet().stream().anyMatch(proxy -> !proxy.endsWith(RELAY)));
    }

    /// The proxies whose access lines about this service are at hand. What further proxies passed on are the
    /// same requests once more, and counts only where the proxy behind them is silent.
    Set<String> accessLogged() {
        Set<String> proxies = new HashSet<>();
        for (SortedMap<String, Counts> byProxy : seconds.values()) {
            byProxy.forEach((proxy, counts) -> {
                if (counts.isAccessLogged()) {
                    proxies.add(proxy);
                }
            });
        }
        if (isHeard()) {
            proxies.removeIf(proxy -> proxy.endsWith(RELAY));
        }
        return proxies;
    }

    /// Requests and failures within one second.
    ///
    /// @param fresh failures that did not repeat one of the same asker
    public record Second(long second, long requests, long failures, long fresh) {
        static Second of(long second, Counts settled, long fresh) {
            return new Second(second, settled.requests(), settled.failures(), fresh);
        }

        Second withFresh(long count) {
            return new Second(second, requests, failures, count);
        }
    }

    /// As [Second#of] of [#settled], without adding up what nobody asks for.
    private static Second counted(long second, SortedMap<String, Counts> byProxy, Set<String> accessLogged) {
        long requests = 0;
        long failures = 0;
        for (var entry : byProxy.entrySet()) {
            Counts counts = entry.getValue();
            boolean logged = accessLogged.contains(entry.getKey());
            long tries = logged ? 0 : Counts.sum(counts.tries());
            requests += logged ? counts.requests() : tries;
            failures += logged ? counts.failures() : tries;
        }
        return new Second(second, requests, failures, 0);
    }

    /// The seconds from the one of `from` to the one of `to` in which anything happened; times in
    /// milliseconds since 1970.
    public List<Second> seconds(long from, long to) {
        Set<String> accessLogged = accessLogged();
        Repeats repeats = new Repeats();
        List<Second> told = new ArrayList<>();
        seconds.subMap(Math.floorDiv(from, 1_000), true, Math.floorDiv(to, 1_000), true)
                .forEach((second, byProxy) -> {
                    Second counted = counted(second, byProxy, accessLogged);
                    told.add(
                            counted.failures() == 0
                                    ? counted
                                    : counted.withFresh(repeats.fresh(second, settled(second, accessLogged))));
                });
        return told;
    }
}
