package dev.gatewatch.agent.facts;

import dev.gatewatch.wire.HostFacts;
import java.util.ArrayList;
import java.util.List;

/// Listening sockets from `/proc/net/tcp` and `/proc/net/tcp6`, for hosts without `ss`: addresses and queues,
/// no owners.
final class ProcNet {
    private static final String LISTEN = "0A";

    private ProcNet() {}

    /// @param table the file's content, header included
    static List<HostFacts.Listener> listeners(String table) {
        List<HostFacts.Listener> all = new ArrayList<>();
        for (String line : (Iterable<String>) table.lines()::iterator) {
            String[] f = line.strip().split("\\s+", 6);
            if (f.length >= 5 && f[3].equals(LISTEN)) {
                try {
                    int queued = Integer.parseUnsignedInt(f[4].substring(f[4].indexOf(':') + 1), 16);
                    all.add(new HostFacts.Listener(address(f[1]), queued, 0, "", "", 0));
                } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
                    // a line of another kind
                }
            }
        }
        return List.copyOf(all);
    }

    /// `0100007F:1F90` is `127.0.0.1:8080`: groups of four bytes, each in the order of the machine.
    private static String address(String hex) {
        int colon = hex.indexOf(':');
        int port = Integer.parseInt(hex.substring(colon + 1), 16);
        byte[] bytes = new byte[colon / 2];
        for (int i = 0; i < bytes.length; i++) {
            int group = i / 4 * 4;
            int from = (group + 3 - i % 4) * 2;
            bytes[i] = (byte) Integer.parseInt(hex.substring(from, from + 2), 16);
        }
        try {
            String text = java.net.InetAddress.getByAddress(bytes).getHostAddress();
            return bytes.length == 4 ? text + ":" + port : "[" + Addresses.shorten(text) + "]:" + port;
        } catch (java.net.UnknownHostException e) {
            throw new NumberFormatException(hex);
        }
    }
}
