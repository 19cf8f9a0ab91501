package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Slice;
import org.jspecify.annotations.Nullable;

/// What the kernel's audit says of a process that it denied something or killed, and of rules that were
/// changed.
///
/// ```
/// audit: type=1400 audit(1795356081.917:42): avc:  denied  { name_connect } for  pid=711 comm="nginx"
/// dest=8081 … permissive=0
/// AVC avc:  denied  { name_connect } for  pid=711 comm="nginx" dest=8081 …            as journald writes it
/// audit: type=1325 audit(1795356081.917:43): table=filter family=2 entries=7 op=xt_replace pid=902
/// comm="iptables-restor"
/// ```
/// See [audit events](https://github.com/linux-audit/audit-documentation/wiki/SPEC-Audit-Event-Enrichment).
final class KernelAuditSignals {
    private KernelAuditSignals() {}

    /// Reads the text of a record that came by the audit's own transport.
    static Reading read(long at, Slice text) {
        Signal signal = signal(at, text);
        return signal == null ? Reading.Ordinary.NOISE : new Reading.Says(signal);
    }

    static @Nullable Signal signal(long at, Slice text) {
        if (is(text, "type=1400 audit(", "AVC ") && isDenial(text)) {
            return event("avc_denied", at, text);
        }
        if (is(text, "type=1325 audit(", "NETFILTER_CFG ")) {
            return event("firewall_changed", at, text);
        }
        if (is(text, "type=1326 audit(", "SECCOMP ")) {
            return event("seccomp_kill", at, text);
        }
        return is(text, "type=1701 audit(", "ANOM_ABEND ") && text.contains(" sig=11")
                ? event("segfault", at, text)
                : null;
    }

    private static boolean is(Slice text, String number, String name) {
        return text.contains(number) || text.startsWith(name);
    }

    /// In permissive mode a denial is only written down.
    private static boolean isDenial(Slice text) {
        boolean denied = text.contains("denied") || text.contains("apparmor=\"DENIED\"");
        return denied && !text.contains("permissive=1");
    }

    private static Signal event(String id, long at, Slice text) {
        return new Signal.KernelEvent(
                id,
                at,
                text.between(" pid=", " ").number(),
                text.between(" comm=\"", "\"").brief(),
                "",
                text.brief());
    }
}
