package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.KernelLine;
import dev.gatewatch.analyzer.grammar.Slice;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a record of the kernel says. Only the kernel's own records speak: a process may write to the same
/// buffer.
final class KernelSignals {
    private KernelSignals() {}

    static Reading read(LineContext context, KernelLine line) {
        if (line.continuation()) {
            return Reading.Ordinary.UNNAMED;
        }
        if (!line.byKernel()) {
            return KernelNoise.of(line.text());
        }
        return read(at(context, line), line.text());
    }

    /// Reads the text alone, whoever has vouched for it being the kernel's.
    static Reading read(long at, Slice text) {
        Signal signal = KernelMemorySignals.read(at, text);
        if (signal == null) {
            signal = KernelNetworkSignals.read(at, text);
        }
        if (signal == null) {
            signal = crash(at, text);
        }
        return signal == null ? KernelNoise.of(text) : new Reading.Says(signal);
    }

    private static long at(LineContext context, KernelLine line) {
        Instant bootedAt = context.bootedAt();
        if (line.uptimeMicros() >= 0 && bootedAt != null) {
            return Math.floorDiv(
                    bootedAt.getEpochSecond() * 1_000_000 + bootedAt.getNano() / 1000 + line.uptimeMicros(), 1000);
        }
        return line.when().millis(context.utcOffset(), context.readAt());
    }

    private static @Nullable Signal crash(long at, Slice text) {
        int segfault = text.indexOf("]: segfault at ", 0);
        if (segfault > 0) {
            return process("segfault", at, text.sub(0, segfault), "");
        }
        int fault = text.indexOf("]: unhandled level ", 0); // as ARM tells it
        if (fault > 0 && text.contains(" fault (11)")) {
            return process("segfault", at, text.sub(0, fault), "");
        }
        if (text.startsWith("traps: ")) {
            return trap(at, text.after("traps: ".length()));
        }
        if (text.startsWith("INFO: task ")) {
            return hungTask(at, text);
        }
        if (text.startsWith("Kernel panic - not syncing")) {
            return host("kernel_panic", at, text);
        }
        if (text.contains("soft lockup - CPU#")
                || text.contains("detected stalls on CPU")
                || text.contains("self-detected stall on CPU")
                || text.contains("detected hard LOCKUP on cpu")) {
            return stuck(at, text);
        }
        if (text.startsWith("BUG: ") || text.startsWith("Oops: ") || text.startsWith("general protection fault")) {
            return host("kernel_bug", at, text);
        }
        return other(at, text);
    }

    /// `nginx[63823] general protection fault ip:…` or `node[77] trap invalid opcode ip:…`
    private static @Nullable Signal trap(long at, Slice text) {
        int end = text.indexOf("] ", 0);
        if (end < 0) {
            return null;
        }
        Slice what = text.after(end + 2);
        String id = what.startsWith("general protection") ? "general_protection" : "traps";
        return process(id, at, text.sub(0, end), what.before(" ip:").brief());
    }

    /// `INFO: task jbd2/sda1-8:312 blocked for more than 120 seconds.`
    private static @Nullable Signal hungTask(long at, Slice text) {
        int end = text.indexOf(" blocked for more than ", 0);
        int colon = text.sub(0, Math.max(0, end)).lastIndexOf(":");
        if (end < 0 || colon < "INFO: task ".length()) {
            return null;
        }
        return new Signal.KernelEvent(
                "hung_task",
                at,
                text.sub(colon + 1, end).number(),
                text.sub("INFO: task ".length(), colon).brief(),
                "",
                text.after(end + 1).brief());
    }

    private static @Nullable Signal other(long at, Slice text) {
        if (text.startsWith("cgroup: fork rejected by pids controller in ")) {
            String cgroup = text.after("cgroup: fork rejected by pids controller in ".length())
                    .brief();
            return new Signal.KernelEvent("fork_rejected", at, -1, "", cgroup, "");
        }
        if (text.startsWith("VFS: file-max limit ")) {
            return host("file_max", at, text);
        }
        if (isDiskError(text)) {
            return host("disk_error", at, text);
        }
        return KernelAuditSignals.signal(at, text);
    }

    private static boolean isDiskError(Slice text) {
        boolean nvme = text.startsWith("nvme ") && (text.contains(" timeout") || text.contains("controller is down"));
        boolean xfs = text.startsWith("XFS (")
                && (text.contains("I/O error")
                        || text.contains("Corruption")
                        || text.contains("corruption")
                        || text.contains("has been shut down"));
        return nvme
                || xfs
                || text.startsWith("EXT4-fs error")
                || text.startsWith("BTRFS error")
                || text.startsWith("Buffer I/O error on dev ")
                || text.contains("Remounting filesystem read-only")
                || text.contains("I/O error, dev ")
                || text.contains("critical medium error, dev ");
    }

    /// `watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [python3:1432]`
    private static Signal stuck(long at, Slice text) {
        Slice task = text.between("! [", "]");
        int colon = task.lastIndexOf(":");
        return new Signal.KernelEvent(
                "soft_lockup",
                at,
                task.after(colon + 1).number(),
                task.sub(0, Math.max(0, colon)).brief(),
                "",
                text.brief());
    }

    /// From `COMM[PID`; the name may hold brackets itself.
    private static Signal process(String id, long at, Slice named, String detail) {
        int bracket = named.lastIndexOf("[");
        int pid = bracket < 0 ? -1 : named.after(bracket + 1).number();
        return new Signal.KernelEvent(
                id, at, pid, named.sub(0, Math.max(0, bracket)).brief(), "", detail);
    }

    private static Signal host(String id, long at, Slice text) {
        return new Signal.KernelEvent(id, at, -1, "", "", text.brief());
    }
}
