package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.grammar.JournalEntry;
import dev.gatewatch.analyzer.grammar.JournalEntry.Field;
import dev.gatewatch.analyzer.grammar.Slice;
import org.jspecify.annotations.Nullable;

/// What an entry of the journal says. Who wrote it decides what it can say: the kernel by its transport,
/// systemd by its process number, proxies by their process; everything else is an application's word about
/// itself.
final class JournalSignals {
    private static final Reading ORDINARY = Reading.Ordinary.UNNAMED;
    private static final long LONGEST_LAG = 3_600_000_000L;

    private final SignalReader reader;

    JournalSignals(SignalReader reader) {
        this.reader = reader;
    }

    Reading read(LineContext context, JournalEntry entry) {
        long at = at(context, entry);
        if (entry.is(Field._TRANSPORT, "kernel")) {
            return kernel(at, entry);
        }
        if (entry.is(Field._TRANSPORT, "audit")) {
            return KernelAuditSignals.read(at, entry.value(Field.MESSAGE));
        }
        if (entry.is(Field._PID, "1")) {
            return UnitSignals.read(at, entry);
        }
        if (SystemdHelperSignals.wrote(entry)) {
            return SystemdHelperSignals.read(at, entry);
        }
        if (wroteProxy(entry, "haproxy")) {
            return haproxy(context, at, entry);
        }
        if (wroteProxy(entry, "nginx")) {
            return nginx(context, at, entry);
        }
        Reading other = otherProxy(context.at(at), entry);
        if (other != null) {
            return other;
        }
        if (entry.is(Field._COMM, "sudo")) {
            return OperatorSignals.read(at, entry);
        }
        if (ContainerSignals.wrote(entry)) {
            return ContainerSignals.read(at, entry);
        }
        if (FirewallSignals.wrote(entry)) {
            return FirewallSignals.read(at, entry);
        }
        return AppSignals.read(
                at, entry.text(Field._SYSTEMD_UNIT), entry.number(Field._PID), entry.value(Field.MESSAGE));
    }

    /// A process that writes to `/dev/kmsg` gets another facility than the kernel's own.
    private static Reading kernel(long at, JournalEntry entry) {
        Slice facility = entry.value(Field.SYSLOG_FACILITY);
        boolean own = facility.isEmpty() || facility.is("0");
        Slice text = entry.value(Field.MESSAGE);
        return own ? KernelSignals.read(at, text) : KernelNoise.of(text);
    }

    /// A name that a process gives itself is not enough.
    private static boolean wroteProxy(JournalEntry entry, String name) {
        return entry.is(Field.SYSLOG_IDENTIFIER, name)
                && (entry.is(Field._COMM, name)
                        || entry.value(Field._SYSTEMD_UNIT).startsWith(name));
    }

    private Reading haproxy(LineContext context, long at, JournalEntry entry) {
        return reader.haproxy(context.at(at), entry.value(Field.MESSAGE).cursor());
    }

    /// Proxies that write to their standard error; what these say of other things is theirs.
    private @Nullable Reading otherProxy(LineContext context, JournalEntry entry) {
        Cursor message = entry.value(Field.MESSAGE).cursor();
        if (wroteProxy(entry, "caddy")) {
            return ordinaryIfNotUnderstood(reader.caddy(context, message));
        }
        if (wroteProxy(entry, "traefik")) {
            return ordinaryIfNotUnderstood(reader.traefik(context, message));
        }
        return wroteProxy(entry, "envoy") ? ordinaryIfNotUnderstood(reader.envoy(context, message)) : null;
    }

    /// NGINX writes error lines to its standard error, and to syslog both kinds if it is told to.
    private Reading nginx(LineContext context, long at, JournalEntry entry) {
        Slice message = entry.value(Field.MESSAGE);
        boolean error = (message.byteAt(4) == '/' && message.digitsAt(0) == 4) || message.startsWith("nginx: ");
        return error
                ? reader.nginxError(context.at(at), message.cursor())
                : ordinaryIfNotUnderstood(reader.nginxAccess(context.at(at), message.cursor()));
    }

    private static Reading ordinaryIfNotUnderstood(Reading reading) {
        return reading instanceof Reading.NotUnderstood ? ORDINARY : reading;
    }

    /// When it was written rather than when the journal got it, where that is known.
    private static long at(LineContext context, JournalEntry entry) {
        long written = entry.value(Field._SOURCE_REALTIME_TIMESTAMP).bigNumber();
        if (written > 0) {
            return written / 1000;
        }
        long received = entry.value(Field.__REALTIME_TIMESTAMP).bigNumber();
        if (received <= 0) {
            return context.readAt().toEpochMilli();
        }
        long monotonic = entry.value(Field.__MONOTONIC_TIMESTAMP).bigNumber();
        long source = entry.value(Field._SOURCE_MONOTONIC_TIMESTAMP).bigNumber();
        long lag = source >= 0 ? monotonic - source : 0;
        return (received - (lag > 0 && lag < LONGEST_LAG ? lag : 0)) / 1000;
    }
}
