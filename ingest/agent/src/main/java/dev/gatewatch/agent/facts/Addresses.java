package dev.gatewatch.agent.facts;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/// The addresses of this host by which others reach it.
public final class Addresses {
    private Addresses() {}

    /// All addresses but loopback and link-local ones; empty if they cannot be seen.
    public static List<String> ofThisHost() {
        List<String> all = new ArrayList<>();
        try {
            for (NetworkInterface card : (Iterable<NetworkInterface>) NetworkInterface.networkInterfaces()::iterator) {
                for (InetAddress address : (Iterable<InetAddress>) card.inetAddresses()::iterator) {
                    if (!address.isLoopbackAddress() && !address.isLinkLocalAddress() && !address.isAnyLocalAddress()) {
                        String text = address.getHostAddress();
                        int scope = text.indexOf('%');
                        all.add(shorten(scope < 0 ? text : text.substring(0, scope)));
                    }
                }
            }
        } catch (SocketException e) {
            return List.of();
        }
        all.sort(null);
        return List.copyOf(all);
    }

    /// An IPv6 address in the short form of RFC 5952, which logs use: `2001:db8:0:0:0:0:0:1` is
    /// `2001:db8::1`.
    static String shorten(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String[] groups = address.split(":", -1);
        int longest = 1;
        int at = -1;
        for (int i = 0; i < groups.length; i++) {
            int end = i;
            while (end < groups.length && groups[end].equals("0")) {
                end++;
            }
            if (end - i > longest) {
                longest = end - i;
                at = i;
            }
        }
        if (at < 0) {
            return address;
        }
        List<String> all = List.of(groups);
        return String.join(":", all.subList(0, at)) + "::" + String.join(":", all.subList(at + longest, groups.length));
    }
}
