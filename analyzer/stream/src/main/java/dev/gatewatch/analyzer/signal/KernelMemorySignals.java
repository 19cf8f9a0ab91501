package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Slice;
import org.jspecify.annotations.Nullable;

/// What the kernel's out-of-memory killer says. A kill writes some eighty records, of which a handful speak.
///
/// ```
/// oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/orders.service,task_memcg=/system.slice/orders.service,task=python3,pid=1432,uid=999
/// Memory cgroup out of memory: Killed process 1432 (python3) total-vm:72992kB, anon-rss:61244kB, …
/// ```
/// There is no official grammar but the code: `mm/oom_kill.c`.
final class KernelMemorySignals {
    private KernelMemorySignals() {}

    static @Nullable Signal read(long at, Slice text) {
        if (text.startsWith("oom-kill:constraint=")) {
            return summary(at, text);
        }
        if (text.startsWith("Killed process ")) {
            return kill(at, text, 0, "oom_kill_old_second");
        }
        if (text.startsWith("Out of memory") || text.startsWith("Memory cgroup out of memory")) {
            return kill(at, text);
        }
        int invoked = text.indexOf(" invoked oom-killer: ", 0);
        if (invoked > 0) {
            return event("oom_invoked", at, -1, text.sub(0, invoked), Slice.EMPTY, "");
        }
        if (text.startsWith("oom_reaper: reaped process ")) {
            Slice victim = text.after("oom_reaper: reaped process ".length());
            return event("oom_reaped", at, victim.number(), comm(victim), Slice.EMPTY, "");
        }
        return group(at, text);
    }

    private static @Nullable Signal group(long at, Slice text) {
        int end = text.indexOf(" are going to be killed due to memory.oom.group set", 0);
        if (text.startsWith("Tasks in ") && end > 0) {
            return event("oom_group", at, -1, Slice.EMPTY, text.sub("Tasks in ".length(), end), "");
        }
        if (text.startsWith("Memory cgroup stats for ")) {
            Slice cgroup = text.after("Memory cgroup stats for ".length()).before(":");
            return event("oom_memcg_stats", at, -1, Slice.EMPTY, cgroup, "");
        }
        return text.startsWith("memory: usage ")
                ? event("oom_memcg_stats", at, -1, Slice.EMPTY, Slice.EMPTY, text.brief())
                : null;
    }

    /// The last fields count from the right, since a task's name may hold commas.
    private static Signal summary(long at, Slice text) {
        int pid = text.lastIndexOf(",pid=");
        Slice head = text.sub(0, pid < 0 ? text.length() : pid);
        int task = head.lastIndexOf(",task=");
        return event(
                "oom_summary",
                at,
                pid < 0 ? -1 : text.after(pid + ",pid=".length()).number(),
                task < 0 ? Slice.EMPTY : head.after(task + ",task=".length()),
                head.between(",task_memcg=", ",task="),
                text.between("constraint=", ",").brief());
    }

    /// Before 4.20 `Kill process` announces what a second line then tells to be done.
    private static @Nullable Signal kill(long at, Slice text) {
        boolean group = text.startsWith("Memory");
        int killed = text.indexOf(": Killed process ", 0);
        if (killed > 0) {
            return kill(at, text, killed + 2, group ? "oom_kill_memcg" : "oom_kill_global");
        }
        int kill = text.indexOf(": Kill process ", 0);
        return kill > 0 ? kill(at, text, kill + 2, group ? "oom_kill_memcg_old" : "oom_kill_global_old") : null;
    }

    private static Signal kill(long at, Slice text, int from, String id) {
        Slice victim = text.after(from);
        victim = victim.after(victim.indexOf(" process ", 0) + " process ".length());
        return event(id, at, victim.number(), comm(victim), Slice.EMPTY, "");
    }

    /// From `4711 (NAME) total-vm:…`; the name may hold parentheses itself.
    private static Slice comm(Slice victim) {
        int open = victim.indexOf('(', 0);
        int close = victim.sub(0, open + 40).lastIndexOf(") ");
        if (close < 0) {
            close = victim.sub(0, open + 40).lastIndexOf("),");
        }
        return open < 0 || close < open ? Slice.EMPTY : victim.sub(open + 1, close);
    }

    private static Signal event(String id, long at, int pid, Slice process, Slice cgroup, String detail) {
        return new Signal.KernelEvent(id, at, pid, process.brief(), cgroup.brief(), detail);
    }
}
