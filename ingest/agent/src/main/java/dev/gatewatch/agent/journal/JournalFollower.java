package dev.gatewatch.agent.journal;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.agent.ship.Outlet;
import dev.gatewatch.agent.ship.Source;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Follows the journal of this host, a step at a time.
///
/// After a start it first runs `journalctl --cursor=…` to its end, then `--follow` from there: since systemd
/// 250 `--follow` shows only the current boot. `--cursor` is used and the first entry compared, because
/// `--after-cursor` leaves out an entry when the cursor's own one is gone (systemd#30288).
public final class JournalFollower implements Source {
    /// An entry may be a core dump of any size; beyond this it is not even read as one.
    private static final int MAX_ENTRY = 4 << 20;
    private static final int BUFFER = 128 << 10;

    private static final int READS_PER_TURN = 16;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    /// A journalctl that says nothing for so long is started again: some hang after a rotation without
    /// ending.
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private final List<String> command;
    private final HostStamp stamp;
    private final Outlet outlet;
    private final AgentEvents events;
    private final JournalBatches batches;

    private byte[] buffer = new byte[BUFFER];
    private int filled;
    private boolean tooLong;
    private Stage stage = Stage.CATCH_UP;
    private @Nullable JournalProcess process;
    private boolean sawEntry;
    private Instant startAt = Instant.MIN;
    private Instant heardAt = Instant.MIN;
    private Duration pause = FIRST_PAUSE;
    private boolean up;
    private volatile List<HostFacts.Watermark> watermarks = List.of();

    private enum Stage {
        /// Entries since the last start, other boots included.
        CATCH_UP,
        /// The same by time, when the cursor's entry is gone.
        CATCH_UP_BY_TIME,
        /// Entries as they come.
        FOLLOW
    }

    /// @param command the program and arguments that go before all others, usually just `journalctl`
    public JournalFollower(
            List<String> command, HostStamp stamp, Outlet outlet, Checkpoints checkpoints, AgentEvents events) {
        this.command = List.copyOf(command);
        this.stamp = stamp;
        this.outlet = outlet;
        this.events = events;
        this.batches = new JournalBatches(stamp, outlet, checkpoints, events);
        if (batches.last() == null) {
            stage = Stage.FOLLOW;
        }
    }

    @Override
    public boolean poll() {
        Instant now = stamp.now();
        if (process == null && !start(now)) {
            return false;
        }
        boolean more = false;
        try {
            more = readOutput(now);
        } catch (IOException e) {
            ended("its output cannot be read: " + e, now);
        }
        watermarks = batches.watermarks();
        return more;
    }

    private boolean start(Instant now) {
        if (now.isBefore(startAt)) {
            return false;
        }
        try {
            process = JournalProcess.start(arguments());
            heardAt = now;
            sawEntry = false;
            filled = 0;
            tooLong = false;
            return true;
        } catch (IOException e) {
            ended("cannot be started: " + e.getMessage(), now);
            return false;
        }
    }

    private List<String> arguments() {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("--output=json", "--all", "--no-pager", "--quiet"));
        JournalCursor last = batches.last();
        if (stage == Stage.CATCH_UP_BY_TIME && last != null) {
            all.add("--since=@" + last.at().getEpochSecond());
        } else if (last != null) {
            all.add("--cursor=" + last.text());
        }
        if (stage == Stage.FOLLOW) {
            all.add("--follow");
            all.add(last == null ? "--lines=0" : "--no-tail");
        }
        return all;
    }

    private boolean readOutput(Instant now) throws IOException {
        for (int i = 0; i < READS_PER_TURN; i++) {
            JournalProcess running = process;
            if (running == null || !outlet.hasRoom()) {
                batches.flush();
                return false;
            }
            int length = running.read(buffer, filled);
            if (length < 0) {
                batches.flush();
                finished(running.exitStatus(), now);
                return process == null && !stamp.now().isBefore(startAt);
            }
            if (length == 0) {
                batches.flush();
                idle(now);
                return false;
            }
            heardAt = now;
            filled += length;
            takeEntries();
        }
        return true;
    }

    private void idle(Instant now) {
        if (stage == Stage.FOLLOW) {
            batches.caughtUp(now);
            if (!up) {
                up = true;
                pause = FIRST_PAUSE;
                events.sourceUp(
                        SourceKind.JOURNALD, JournalBatches.ORIGIN, "following: " + String.join(" ", arguments()));
            }
        }
        JournalProcess running = process;
        if (running != null && now.isAfter(heardAt.plus(SILENCE))) {
            running.stop();
            process = null;
        }
    }

    private void takeEntries() {
        int from = 0;
        for (int i = 0; i < filled; i++) {
            if (buffer[i] == '\n') {
                take(from, i + 1);
                from = i + 1;
            }
        }
        System.arraycopy(buffer, from, buffer, 0, filled - from);
        filled -= from;
        if (buffer.length > BUFFER && filled < BUFFER) {
            buffer = Arrays.copyOf(buffer, BUFFER);
        }
        if (filled == buffer.length) {
            if (buffer.length < MAX_ENTRY) {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            } else {
                tooLong = true; // the rest is read over; its sequence number is missed and so counted
                filled = 0;
            }
        }
    }

    private void take(int from, int to) {
        if (tooLong) {
            tooLong = false;
            events.cut(SourceKind.JOURNALD);
            batches.expectGap();
            return;
        }
        JournalCursor last = batches.last();
        boolean isFirst = !sawEntry;
        sawEntry = true;
        if (isFirst && last != null) {
            boolean same = JournalCursor.ofEntry(buffer, from, to)
                    .filter(cursor -> cursor.journal().equals(last.journal()) && cursor.sequence() <= last.sequence())
                    .isPresent();
            if (!same) {
                batches.expectGap();
            }
        }
        batches.add(buffer, from, to);
    }

    private void finished(int status, Instant now) {
        JournalProcess running = process;
        if (running != null) {
            running.stop();
        }
        process = null;
        switch (stage) {
            case CATCH_UP -> stage = status == 0 && sawEntry ? Stage.FOLLOW : Stage.CATCH_UP_BY_TIME;
            case CATCH_UP_BY_TIME -> {
                if (status != 0) {
                    ended("ended with status " + status, now);
                } else {
                    batches.expectGap();
                    stage = Stage.FOLLOW;
                }
            }
            case FOLLOW -> {
                stage = batches.last() == null ? Stage.FOLLOW : Stage.CATCH_UP;
                ended("ended with status " + status, now);
            }
        }
    }

    private void ended(String why, Instant now) {
        JournalProcess running = process;
        if (running != null) {
            running.stop();
        }
        process = null;
        up = false;
        startAt = now.plus(pause);
        events.sourceDown(
                SourceKind.JOURNALD,
                JournalBatches.ORIGIN,
                String.join(" ", command) + " " + why + ", trying again in " + pause.toSeconds() + " s");
        Duration next = pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
    }

    @Override
    public List<HostFacts.Watermark> watermarks() {
        return watermarks;
    }

    @Override
    public void close() {
        JournalProcess running = process;
        if (running != null) {
            running.stop();
        }
        process = null;
    }
}
