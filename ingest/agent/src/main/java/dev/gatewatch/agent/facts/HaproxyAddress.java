package dev.gatewatch.agent.facts;

/// A server's address as HAProxy writes it, as it stands in host facts: `ipv4@10.0.0.1:80` is `10.0.0.1:80`,
/// `unix@/run/a.sock` and `/run/a.sock` are `unix:/run/a.sock`, `2001:db8::1:80` is `[2001:db8::1]:80` (the
/// last colon precedes the port).
final class HaproxyAddress {
    private HaproxyAddress() {}

    static String of(String written) {
        int at = written.indexOf('@');
        String family = at < 0 ? "" : written.substring(0, at);
        String address = written.substring(at + 1);
        if (family.equals("unix") || address.startsWith("/")) {
            return "unix:" + address;
        }
        if (family.equals("abns") || family.equals("abnsz") || family.equals("fd") || family.equals("sockpair")) {
            return family + "@" + address;
        }
        int colon = address.lastIndexOf(':');
        boolean bareV6 = !address.startsWith("[") && colon > 0 && address.indexOf(':') < colon;
        return bareV6 ? "[" + address.substring(0, colon) + "]" + address.substring(colon) : address;
    }
}
