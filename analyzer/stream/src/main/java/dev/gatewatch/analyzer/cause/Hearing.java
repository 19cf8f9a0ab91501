package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.wire.HostFacts;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Whether the proxies of a burst are heard, so that their silence means that nothing is requested. Of a proxy
/// that has no agent with facts at all that is taken for granted.
///
/// @param lost what is not heard any more, a clause for a person each: `the agent on edge1.lab reported last at
///     10:00:20`
public record Hearing(List<String> lost) {
    /// All proxies are heard.
    public static final Hearing ALL = new Hearing(List.of());

    /// So far behind is no more than lines on their way, in milliseconds.
    private static final long ON_THEIR_WAY_MILLIS = 10_000;

    public Hearing {
        lost = List.copyOf(lost);
    }

    /// What is heard at a moment of the wall clock, in milliseconds since 1970.
    public static Hearing of(Scene scene, long wallNow) {
        return new Hearing(scene.proxies().stream()
                .flatMap(proxy -> scene.hosts().byName(proxy.host()).stream()
                        .flatMap(host -> host.history().stream())
                        .flatMap(history -> lost(proxy, history, wallNow)))
                .distinct()
                .toList());
    }

    private static Stream<String> lost(Scene.Proxy proxy, FactsHistory history, long wallNow) {
        long reportedAt = history.facts().at().toEpochMilli();
        if (reportedAt < wallNow - Behind.AGENT_SILENT_MILLIS) {
            return Stream.of("the agent on " + proxy.host() + " reported last at " + Wording.clock(reportedAt));
        }
        return history.facts().watermarks().stream()
                .filter(mark -> mark.source().id().startsWith(proxy.kind()))
                .filter(mark -> mark.lag() > 0 && lag(mark, history) > ON_THEIR_WAY_MILLIS)
                .map(mark -> mark.origin() + " on " + proxy.host() + " is read up to "
                        + Wording.clock(mark.readUpTo().toEpochMilli()) + " only");
    }

    private static long lag(HostFacts.Watermark mark, FactsHistory history) {
        return Duration.between(mark.readUpTo(), history.facts().at()).toMillis();
    }

    /// Whether all proxies are heard.
    public boolean isComplete() {
        return lost.isEmpty();
    }
}
