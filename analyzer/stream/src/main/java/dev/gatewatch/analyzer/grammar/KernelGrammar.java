package dev.gatewatch.analyzer.grammar;

/// A record of `/dev/kmsg`, or the same text as dmesg prints it or a syslog daemon files it.
///
/// ```
/// 4,891,2150307854,-;[UFW BLOCK] IN=eth0 OUT= MAC=… SRC=10.85.0.11 DST=10.85.0.21 LEN=60 …
/// [44178.537897] nf_conntrack: table full, dropping packet
/// [Tue Nov 20 22:30:22 2018] nf_conntrack: table full, dropping packet
/// Oct  4 11:33:49 app93 kernel: [150249.296093] php5-fpm[38009]: segfault at 2c ip …
/// ```
/// See [dev-kmsg](https://www.kernel.org/doc/Documentation/ABI/testing/dev-kmsg).
public final class KernelGrammar {
    /// A priority below this is of the kernel's own facility, which processes cannot use.
    private static final long KERNEL_PRIORITIES = 8;

    /// Reads a record in any of its forms.
    public Parsed<KernelLine> parse(Cursor line) {
        if (line.atEnd()) {
            line.fail("a record of the kernel");
            return line.complaint();
        }
        if (line.peek() == ' ') {
            return new Parsed.Ok<>(new KernelLine(Stamp.NONE, -1, true, true, line.rest()));
        }
        KernelLine record = isRecord(line.remaining()) ? record(line) : text(line);
        return line.malformed() ? line.complaint() : new Parsed.Ok<>(record);
    }

    private static boolean isRecord(Slice line) {
        int digits = line.digitsAt(0);
        return digits > 0 && digits < 4 && line.byteAt(digits) == ',';
    }

    private static KernelLine record(Cursor line) {
        long priority = line.digits();
        line.skip(",");
        line.digits(); // sequence
        line.skip(",");
        long uptime = line.digits();
        line.until(';');
        return new KernelLine(Stamp.NONE, uptime, priority < KERNEL_PRIORITIES, false, line.rest());
    }

    private static KernelLine text(Cursor line) {
        Stamp printed = takeDmesgStamp(line);
        if (!printed.equals(Stamp.NONE)) {
            line.take(' ');
            return new KernelLine(printed, -1, true, false, line.rest());
        }
        SyslogPrefix prefix = SyslogPrefix.take(line);
        boolean tagged = !prefix.tag().isEmpty();
        if (tagged && prefix.when().equals(Stamp.NONE)) {
            line.moveTo(0); // COMM[PID]: segfault looks like a tag
        }
        if (line.column() == 0 && line.peek() != '[' && !isPrintable(line.remaining())) {
            line.fail("PRIORITY,SEQUENCE,MICROSECONDS,FLAGS;");
        }
        boolean byKernel =
                !tagged || prefix.when().equals(Stamp.NONE) || prefix.program().is("kernel");
        return new KernelLine(prefix.when(), takeUptime(line), byKernel, false, line.rest());
    }

    /// `[Tue Nov 20 22:30:22 2018] ` or `2026-11-22T13:55:12,289179+00:00 `, as dmesg prints a time of day.
    private static Stamp takeDmesgStamp(Cursor line) {
        Cursor ahead = line.remaining().cursor();
        Stamp stamp = Stamp.NONE;
        if (line.peek() == '[' && line.peek(4) == ' ') {
            ahead.moveTo(5);
            Stamp day = Stamp.syslog(ahead);
            ahead.skip(" ");
            stamp = new Stamp(ahead.digits(4), day.month(), day.day(), day.millisOfDay(), Stamp.UNKNOWN);
            ahead.skip("]");
        } else if (line.peek(10) == 'T' && line.peek(19) == ',') {
            stamp = Stamp.iso(ahead);
        }
        if (ahead.malformed()) {
            return Stamp.NONE;
        }
        line.moveTo(line.column() + ahead.column());
        return stamp;
    }

    /// The kernel escapes all else.
    private static boolean isPrintable(Slice text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.byteAt(i) < ' ' && text.byteAt(i) != '\t') {
                return false;
            }
        }
        return true;
    }

    /// `[  518.050606] `
    private static long takeUptime(Cursor line) {
        Slice ahead = line.remaining();
        Slice inside = ahead.startsWith("[") ? ahead.sub(1, 24).before("]").trimmed() : Slice.EMPTY;
        int digits = inside.digitsAt(0);
        if (digits == 0 || digits > 12 || inside.byteAt(digits) != '.') {
            return -1;
        }
        line.until(']');
        line.take(' ');
        int decimals = inside.digitsAt(digits + 1);
        long micros = decimals == 6 ? inside.after(digits + 1).number() : 0;
        return inside.bigNumber() * 1_000_000 + micros;
    }
}
