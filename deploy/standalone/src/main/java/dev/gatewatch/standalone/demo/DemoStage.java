package dev.gatewatch.standalone.demo;

import dev.gatewatch.agent.facts.HostFactsCollector;
import dev.gatewatch.standalone.recording.Recording;
import dev.gatewatch.standalone.recording.Retimer;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;

/// The files of the recording's hosts, from a moment on.
///
/// @param recordedBegin recorded moment that becomes `begin`
/// @param begin when that is to be
/// @param speed how many recorded seconds pass in one
/// @param offset this machine's offset from UTC
/// @param boot when this machine's kernel started, as the agents see it
record DemoStage(
        Map<String, DemoHost> hosts, Instant recordedBegin, Instant begin, int speed, ZoneOffset offset, Instant boot)
        implements Player.Stage {

    /// A stage on which the recording begins now.
    static DemoStage now(Map<String, DemoHost> hosts, Recording recording, int speed, Instant now) {
        // whole seconds away, so that stamps of whole seconds stay as far from the others as they were
        long ahead = Duration.between(recording.begin(), now).toSeconds() + 1;
        return new DemoStage(
                hosts,
                recording.begin(),
                recording.begin().plusSeconds(ahead),
                speed,
                ZoneId.systemDefault().getRules().getOffset(now),
                HostFactsCollector.bootedAt(now));
    }

    @Override
    public Path file(LineBatch batch) {
        return host(batch.host()).file(batch);
    }

    @Override
    public Retimer retimer(LineBatch batch) {
        return new Retimer(
                recordedBegin,
                begin,
                speed,
                batch.utcOffset(),
                offset,
                host(batch.host()).facts().bootedAt(),
                boot);
    }

    @Override
    public Instant retime(Instant recorded) {
        return begin.plus(Duration.between(recordedBegin, recorded).dividedBy(speed));
    }

    @Override
    public void become(HostFacts facts) throws IOException {
        host(facts.host()).writeSockets(facts);
    }

    private DemoHost host(String name) {
        DemoHost host = hosts.get(name);
        if (host == null) {
            throw new IllegalStateException(name + " ships lines but has no facts");
        }
        return host;
    }
}
