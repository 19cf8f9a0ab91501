package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.SourceKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// A source on a failing server's host that was not read up to the beginning of trouble: what it says of that
/// is still to come.
///
/// @param what the source, for a person: `the journal of app1.lab`
/// @param how how far behind it is, for a person: `60 s behind`
public record Behind(String what, String how) {
    /// The sources that tell what became of a server.
    private static final Set<SourceKind> TELLING = Set.of(SourceKind.JOURNALD, SourceKind.KERNEL);

    /// So far behind is no more than lines on their way, in milliseconds.
    private static final long ON_THEIR_WAY_MILLIS = 10_000;

    /// An agent that has not reported for so long is silent, in milliseconds: three of its usual intervals.
    public static final long AGENT_SILENT_MILLIS = 30_000;

    /// The sources that are behind.
    public static List<Behind> of(Scene scene) {
        return scene.backends().stream()
                .map(Backend::host)
                .filter(Objects::nonNull)
                .flatMap(host -> of(scene, host))
                .distinct()
                .toList();
    }

    private static Stream<Behind> of(Scene scene, HostView host) {
        return host.history().stream()
                .flatMap(history -> isSilent(scene, host, history)
                        ? Stream.of(new Behind(
                                "everything on " + host.name(),
                                "its agent reported last at "
                                        + Wording.clock(history.facts().at().toEpochMilli())))
                        : history.facts().watermarks().stream()
                                .filter(mark -> isBehind(scene, host, history, mark))
                                .map(mark -> new Behind(
                                        (mark.source() == SourceKind.JOURNALD
                                                        ? "the journal of "
                                                        : "the kernel's log of ")
                                                + host.name(),
                                        how(mark, history.facts().at()))));
    }

    private static boolean isSilent(Scene scene, HostView host, FactsHistory history) {
        long from = scene.troubleAt() - AGENT_SILENT_MILLIS;
        return history.facts().at().toEpochMilli() < from
                && host.events(from, Long.MAX_VALUE).findAny().isEmpty();
    }

    private static boolean isBehind(Scene scene, HostView host, FactsHistory history, HostFacts.Watermark mark) {
        long lag = Duration.between(mark.readUpTo(), history.facts().at()).toMillis();
        return TELLING.contains(mark.source())
                && mark.lag() > 0
                && lag > ON_THEIR_WAY_MILLIS
                && mark.readUpTo().toEpochMilli() < scene.troubleAt()
                && host.events(scene.troubleAt(), Long.MAX_VALUE)
                        .noneMatch(e -> e.source().equals(mark.source().id()));
    }

    private static String how(HostFacts.Watermark mark, Instant now) {
        return mark.readUpTo().equals(Instant.EPOCH)
                ? "not read yet"
                : Duration.between(mark.readUpTo(), now).toSeconds() + " s behind, read up to "
                        + Wording.clock(mark.readUpTo().toEpochMilli());
    }

    /// The source and how far it is behind.
    public String told() {
        return what + " (" + how + ")";
    }
}
