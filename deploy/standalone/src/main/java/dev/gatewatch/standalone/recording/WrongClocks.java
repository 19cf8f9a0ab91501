package dev.gatewatch.standalone.recording;

import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/// Clocks of hosts that are ahead or behind by up to three seconds, each by its own whole number, chosen by
/// chance: what hosts stamp is changed, not when it arrives. Whole seconds, since many stamps have no more.
///
/// @param about a moment of the recording
record WrongClocks(long seed, Instant about) {
    private static final int MOST_SECONDS = 3;

    Entry wrong(Entry entry) {
        return switch (entry) {
            case Entry.Lines(Instant at, LineBatch batch) -> new Entry.Lines(at, wrong(batch));
            case Entry.Facts(Instant at, HostFacts facts) -> new Entry.Facts(at, wrong(facts));
        };
    }

    /// How far a host's clock is ahead.
    Duration ahead(String host) {
        return Duration.ofSeconds(
                new SplittableRandom(seed * 31 + host.hashCode()).nextInt(-MOST_SECONDS, MOST_SECONDS + 1));
    }

    private LineBatch wrong(LineBatch batch) {
        Duration ahead = ahead(batch.host());
        Instant bootedAt = batch.bootedAt();
        // a kernel counts from its start, whenever its host's clock says that was
        byte[] lines = batch.source() == SourceKind.KERNEL
                ? batch.lines()
                : new Retimer(about, about.plus(ahead), 1, batch.utcOffset(), batch.utcOffset(), about, about)
                        .retime(batch.source(), batch.lines());
        return new LineBatch(
                batch.host(),
                batch.addresses(),
                batch.source(),
                batch.origin(),
                batch.stream(),
                batch.start(),
                batch.end(),
                batch.prev(),
                batch.utcOffset(),
                batch.readAt().plus(ahead),
                bootedAt == null ? null : bootedAt.plus(ahead),
                batch.flags(),
                batch.gap(),
                lines);
    }

    private HostFacts wrong(HostFacts facts) {
        Duration ahead = ahead(facts.host());
        return new HostFacts(
                facts.host(),
                facts.at().plus(ahead),
                facts.addresses(),
                facts.bootedAt().plus(ahead),
                facts.utcOffset(),
                facts.clockSynchronised(),
                facts.listeners(),
                facts.units(),
                facts.proxies().stream().map(p -> wrong(p, ahead)).toList(),
                facts.watermarks().stream()
                        .map(w -> new HostFacts.Watermark(
                                w.stream(), w.source(), w.origin(), w.readUpTo().plus(ahead), w.lag(), w.gaps()))
                        .toList(),
                facts.containers().stream().map(c -> wrong(c, ahead)).toList());
    }

    private static HostFacts.ContainerState wrong(HostFacts.ContainerState container, Duration ahead) {
        Instant startedAt = container.startedAt();
        Instant finishedAt = container.finishedAt();
        return new HostFacts.ContainerState(
                container.container(),
                container.state(),
                container.exitCode(),
                container.oomKilled(),
                startedAt == null ? null : startedAt.plus(ahead),
                finishedAt == null ? null : finishedAt.plus(ahead),
                container.restarts(),
                container.error(),
                container.published(),
                container.listening());
    }

    private static HostFacts.ProxyFacts wrong(HostFacts.ProxyFacts proxy, Duration ahead) {
        Instant loadedAt = proxy.loadedAt();
        return new HostFacts.ProxyFacts(
                proxy.kind(),
                proxy.unit(),
                proxy.configHash(),
                proxy.changedAt().plus(ahead),
                loadedAt == null ? null : loadedAt.plus(ahead),
                proxy.upstreams(),
                proxy.routes(),
                proxy.accessLogs());
    }
}
