package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Slice;
import org.jspecify.annotations.Nullable;

/// What the kernel says about packets, queues and links.
///
/// ```
/// [UFW BLOCK] IN=eth0 OUT= MAC=… SRC=10.85.0.11 DST=10.85.0.21 LEN=60 … PROTO=TCP SPT=38052 DPT=8081
/// WINDOW=64240
/// RES=0x00 SYN URGP=0
/// TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.  Check SNMP counters.
/// ```
/// There is no official grammar but the code: `net/netfilter/nf_log_syslog.c`, `net/ipv4/tcp_input.c`.
final class KernelNetworkSignals {
    /// A rule's prefix is at most 127 bytes, and the kernel may set some of its own before it.
    private static final int LONGEST_PREFIX = 160;

    private KernelNetworkSignals() {}

    static @Nullable Signal read(long at, Slice text) {
        int packet = text.sub(0, LONGEST_PREFIX).indexOf("IN=", 0);
        if (packet >= 0 && text.contains(" OUT=") && text.contains(" SRC=")) {
            return packet(at, text.sub(0, packet).trimmed(), text.after(packet));
        }
        if (text.contains("nf_conntrack: ") && text.contains("table full")) {
            return event("conntrack_full", at, "", text.brief());
        }
        int flood = text.indexOf("Possible SYN flooding on port ", 0);
        if (flood >= 0) {
            return event("syn_flood", at, "", port(text.after(flood + "Possible SYN flooding on port ".length())));
        }
        if (text.contains("TCP: out of memory") || text.contains("TCP: too many orphaned sockets")) {
            return event("tcp_mem", at, "", text.brief());
        }
        if (text.contains("neighbor table overflow") || text.contains("neighbour table overflow")) {
            return event("neigh", at, "", text.brief());
        }
        return link(at, text);
    }

    /// A logged packet was not necessarily stopped: the rule's prefix tells.
    private static @Nullable Signal packet(long at, Slice prefix, Slice packet) {
        if (prefix.contains("ALLOW") || prefix.contains("ACCEPT") || prefix.contains("AUDIT")) {
            return null;
        }
        Slice outer = packet.before(" [");
        return new Signal.Packet(
                "fw_block",
                at,
                prefix.brief(),
                outer.between(" SRC=", " ").brief(),
                outer.between(" DST=", " ").brief(),
                outer.between(" DPT=", " ").number());
    }

    /// From `8080. …`, `[::]:8080. …` or `0.0.0.0:8080. …`
    private static String port(Slice text) {
        Slice address = text.before(". ");
        int colon = address.lastIndexOf(":");
        Slice port = address.after(colon + 1);
        return port.sub(0, port.digitsAt(0)).brief();
    }

    private static @Nullable Signal link(long at, Slice text) {
        if (text.contains("NIC Link is Down")
                || text.contains(": Link is Down")
                || text.contains(": Link is down")
                || text.endsWith(": Link down")
                || text.endsWith(": link down")
                || text.contains("PCIe link lost")
                || text.contains("link status definitely down")) {
            return event("link_down", at, "", device(text));
        }
        if (text.contains("NIC Link is Up")
                || text.contains(": Link is Up")
                || text.contains(": Link is up")
                || text.endsWith(": Link up")
                || text.contains(": link up")
                || text.contains("link becomes ready")
                || text.contains("link status definitely up")) {
            return event("link_up", at, "", device(text));
        }
        int watchdog = text.indexOf("NETDEV WATCHDOG: ", 0);
        if (watchdog >= 0) {
            Slice after = text.after(watchdog + "NETDEV WATCHDOG: ".length());
            boolean namedBefore = after.startsWith("CPU: "); // since 6.4
            String device =
                    namedBefore ? device(text) : after.before(" ").before(":").brief();
            return event("tx_timeout", at, "", device);
        }
        return null;
    }

    /// The interface: the word before the first colon that a blank follows, which a driver and a bus address
    /// may precede.
    private static String device(Slice text) {
        int slave = text.indexOf("(slave ", 0);
        if (slave >= 0) {
            return text.after(slave + "(slave ".length()).before(")").brief();
        }
        int slow = text.indexOf(" for interface ", 0);
        if (slow >= 0) {
            return text.after(slow + " for interface ".length())
                    .before(",")
                    .before(" ")
                    .brief();
        }
        int end = text.indexOf(": ", 0);
        if (text.startsWith("IPv6: ADDRCONF(")) {
            end = text.indexOf(": link becomes", 0);
        }
        Slice head = text.sub(0, Math.max(0, end));
        return head.after(head.lastIndexOf(" ") + 1).brief();
    }

    private static Signal event(String id, long at, String process, String detail) {
        return new Signal.KernelEvent(id, at, -1, process, "", detail);
    }
}
