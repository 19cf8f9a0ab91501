package dev.gatewatch.agent.kernel;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.checkpoint.Mark;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.agent.ship.Outlet;
import dev.gatewatch.agent.ship.Source;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads the kernel's ring, a step at a time. A stream is one boot; a restart of the agent skips what is
/// acknowledged, and a ring that was overwritten before it was read leaves a gap with the number of lost
/// records.
public final class KernelReader implements Source {
    private static final int MAX_BYTES = 64 << 10;
    private static final Duration REPLAY = Duration.ofSeconds(60);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(60);

    private final String origin;
    private final KmsgFeed.Opener device;
    private final String stream;
    private final Supplier<Instant> bootedAt;
    private final HostStamp stamp;
    private final Outlet outlet;
    private final Checkpoints checkpoints;
    private final AgentEvents events;

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private @Nullable KmsgFeed feed;
    private boolean down;
    private Instant openAt = Instant.MIN;
    private boolean resumed;
    private long end;
    private long start;
    private long next;
    private long newestMicros;
    private long count;
    private long gaps;
    private @Nullable Gap gap;
    private volatile List<HostFacts.Watermark> watermarks = List.of();

    /// @param path `/dev/kmsg`, or a file with the same content
    /// @param bootId the kernel's id of this boot
    /// @param bootedAt wall-clock time of the kernel's zero
    public KernelReader(
            Path path,
            String bootId,
            Supplier<Instant> bootedAt,
            HostStamp stamp,
            Outlet outlet,
            Checkpoints checkpoints,
            AgentEvents events) {
        this(path.toString(), () -> KmsgDevice.open(path), bootId, bootedAt, stamp, outlet, checkpoints, events);
    }

    KernelReader(
            String origin,
            KmsgFeed.Opener device,
            String bootId,
            Supplier<Instant> bootedAt,
            HostStamp stamp,
            Outlet outlet,
            Checkpoints checkpoints,
            AgentEvents events) {
        this.origin = origin;
        this.device = device;
        this.bootedAt = bootedAt;
        this.stamp = stamp;
        this.outlet = outlet;
        this.checkpoints = checkpoints;
        this.events = events;
        this.stream = stamp.host() + ":" + SourceKind.KERNEL.id() + ":" + bootId;
        Optional<Mark> mark = checkpoints.mark(stream);
        resumed = mark.isPresent();
        end = mark.map(Mark::position).orElse(0L);
    }

    @Override
    public boolean poll() {
        Instant now = stamp.now();
        if (feed == null && !open(now)) {
            return false;
        }
        boolean more = false;
        try {
            more = read();
        } catch (IOException e) {
            lost(e, now);
        }
        ship();
        observe(now);
        return more;
    }

    private boolean open(Instant now) {
        if (now.isBefore(openAt)) {
            return false;
        }
        try {
            feed = device.open();
            if (down) {
                down = false;
            }
            events.sourceUp(SourceKind.KERNEL, origin, "reading from sequence number " + end);
            return true;
        } catch (IOException e) {
            lost(e, now);
            return false;
        }
    }

    private void lost(IOException e, Instant now) {
        KmsgFeed broken = feed;
        feed = null;
        if (broken != null) {
            broken.close();
        }
        openAt = now.plus(TRY_AGAIN);
        if (!down) {
            down = true;
            boolean forbidden = e instanceof AccessDeniedException
                    || String.valueOf(e.getMessage()).contains("not permitted");
            events.sourceDown(
                    SourceKind.KERNEL,
                    origin,
                    forbidden
                            ? "may not be read with kernel.dmesg_restrict=1; give the agent CAP_SYSLOG (AmbientCapabilities=CAP_SYSLOG),"
                                    + " or let it read the journal, which has a copy; going on without kernel lines"
                            : "cannot be read: " + e + "; going on without kernel lines");
        }
    }

    private boolean read() throws IOException {
        KmsgFeed open = feed;
        if (open == null || !outlet.hasRoom()) {
            return false;
        }
        while (lines.size() < MAX_BYTES) {
            byte[] record = open.next();
            if (record == null) {
                return false;
            }
            KmsgRecord.parse(record).ifPresent(parsed -> add(parsed, record));
        }
        return true;
    }

    private void add(KmsgRecord record, byte[] bytes) {
        long expected = count > 0 ? next : end;
        boolean first = !resumed && count == 0;
        if (!first && record.sequence() < expected) {
            return; // read again after a restart
        }
        if (!first && record.sequence() > expected) {
            ship();
            gap = new Gap(Gap.Kind.OVERRUN, record.sequence() - expected);
            gaps++;
            events.gap(SourceKind.KERNEL, origin, gap);
        }
        if (count == 0) {
            start = record.sequence();
            end = first ? start : end;
        }
        if (lines.size() + bytes.length > MAX_BYTES && count > 0) {
            ship();
            start = record.sequence();
        }
        lines.writeBytes(bytes);
        next = record.sequence() + 1;
        newestMicros = record.micros();
        count++;
        resumed = true;
    }

    private void ship() {
        if (count == 0) {
            return;
        }
        Instant zero = bootedAt.get();
        Set<LineBatch.Flag> flags = EnumSet.noneOf(LineBatch.Flag.class);
        if (zero.plus(newestMicros, ChronoUnit.MICROS).isBefore(stamp.now().minus(REPLAY))) {
            flags.add(LineBatch.Flag.REPLAY);
        }
        LineBatch batch =
                stamp.batch(SourceKind.KERNEL, origin, stream, start, next, end, zero, flags, gap, lines.toByteArray());
        outlet.put(batch, count, "kernel");
        end = next;
        lines.reset();
        count = 0;
        gap = null;
    }

    private void observe(Instant now) {
        if (feed == null || !resumed) {
            return;
        }
        Optional<Mark> mark = checkpoints.mark(stream);
        boolean all = mark.isPresent() && mark.get().position() >= end;
        if (all) {
            checkpoints.confirm(stream);
        }
        Instant before =
                watermarks.isEmpty() ? Instant.EPOCH : watermarks.getFirst().readUpTo();
        watermarks = List.of(new HostFacts.Watermark(
                stream,
                SourceKind.KERNEL,
                origin,
                all ? now : before,
                mark.map(m -> Math.max(0, end - m.position())).orElse(0L),
                gaps));
    }

    @Override
    public List<HostFacts.Watermark> watermarks() {
        return watermarks;
    }

    @Override
    public void close() {
        KmsgFeed open = feed;
        feed = null;
        if (open != null) {
            open.close();
        }
    }
}
