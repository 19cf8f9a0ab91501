package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Slice;

/// Names for the lines of the kernel's log that say nothing about a gateway. Most belong to a report of
/// which another line speaks: a stack trace, a table of tasks, a state of memory.
///
/// ```
/// CPU: 0 PID: 46777 Comm: exe Not tainted 5.3.0-1032-azure #33~18.04.1-Ubuntu
///  mem_cgroup_out_of_memory+0x13a/0x150
/// [   1432]   999  1432    18248    15311   159744        0             0 python3
/// ```
/// There is no official grammar but the code: `mm/oom_kill.c`, `lib/dump_stack.c`, `kernel/printk`.
final class KernelNoise {
    private static final Reading SYSTEMD = new Reading.Ordinary("systemd_line_in_kmsg");
    private static final Reading CODE = new Reading.Ordinary("segfault_code_noise");
    private static final Reading TRACE = new Reading.Ordinary("oom_trace_noise");
    private static final Reading TASK = new Reading.Ordinary("oom_task_row");
    private static final Reading MEMORY = new Reading.Ordinary("oom_memcg_stats");

    private KernelNoise() {}

    static Reading of(Slice text) {
        Slice line = text.trimmed();
        if (line.startsWith("systemd[") && line.digitsAt("systemd[".length()) > 0) {
            return SYSTEMD;
        }
        if (line.startsWith("Code: ")) {
            return CODE;
        }
        if (isTrace(line)) {
            return TRACE;
        }
        if (line.startsWith("Tasks state (") || isTaskRow(line)) {
            return TASK;
        }
        boolean memory = line.startsWith("Mem-Info:") || line.startsWith("active_anon:") || isNode(line);
        return memory ? MEMORY : Reading.Ordinary.NOISE;
    }

    private static boolean isTrace(Slice line) {
        return (line.startsWith("CPU: ") && line.contains(" PID: ") && line.contains(" Comm: "))
                || line.startsWith("Call Trace:")
                || line.is("<TASK>")
                || line.is("</TASK>")
                || (line.startsWith("RIP: ") && line.contains("+0x"))
                || isFrame(line);
    }

    /// `mem_cgroup_out_of_memory+0x13a/0x150`, perhaps with an address or a question mark before it.
    private static boolean isFrame(Slice line) {
        Slice name = line.after(line.startsWith("[<") ? line.indexOf("] ", 0) + 2 : 0);
        name = name.startsWith("? ") ? name.after(2) : name;
        int offset = name.indexOf("+0x", 0);
        int blank = name.indexOf(' ', 0);
        return offset > 0
                && (blank < 0 || blank > offset)
                && name.after(offset).before(" ").contains("/0x");
    }

    /// The head of the table or a row of it: a process number in brackets, then columns of numbers.
    private static boolean isTaskRow(Slice line) {
        Slice inside = line.startsWith("[") ? line.sub(1, 24).before("]").trimmed() : Slice.EMPTY;
        if (inside.is("pid")) {
            return line.contains("tgid") && line.contains("total_vm");
        }
        boolean numbered = !inside.isEmpty() && inside.digitsAt(0) == inside.length();
        Slice columns = line.after(line.indexOf(']', 0) + 1).trimmed();
        int first = columns.digitsAt(0);
        return numbered && first > 0 && columns.after(first).trimmed().digitsAt(0) > 0;
    }

    /// `Node 0 Normal free:1548kB min:…`
    private static boolean isNode(Slice line) {
        return line.startsWith("Node ") && line.digitsAt("Node ".length()) > 0;
    }
}
