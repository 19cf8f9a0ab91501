package dev.gatewatch.analyzer.host;

/// Socket addresses as text: `10.0.0.5:8080`, `[2001:db8::1]:80`, `unix:/run/app.sock`, and the wildcards of
/// listeners, `0.0.0.0:80`, `[::]:80`, `*:80`.
public final class SocketAddressText {
    private SocketAddressText() {}

    /// The part before the port, without brackets; the whole text of a unix socket.
    public static String host(String address) {
        int colon = portColon(address);
        String host = colon < 0 ? address : address.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /// The port, -1 if there is none.
    public static int port(String address) {
        int colon = portColon(address);
        if (colon < 0) {
            return -1;
        }
        try {
            return Integer.parseInt(address, colon + 1, address.length(), 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /// Whether the address is a unix socket's.
    public static boolean isUnix(String address) {
        return address.startsWith("unix:");
    }

    /// Whether the address is one of the host's own loopback.
    public static boolean isLoopback(String address) {
        return address.startsWith("127.")
                || address.startsWith("[::1]")
                || address.equals("::1")
                || address.equals("localhost")
                || address.startsWith("localhost:");
    }

    /// Whether the address is a listener's wildcard.
    public static boolean isWildcard(String address) {
        String host = host(address);
        return host.equals("0.0.0.0") || host.equals("::") || host.equals("*");
    }

    /// Whether a socket that listens on `listener` takes connections to `target`, both on the same host. The wildcard
    /// of IPv4 takes none of IPv6; that of IPv6 takes both, unless it was told otherwise (`IPV6_V6ONLY`).
    public static boolean accepts(String listener, String target) {
        if (isUnix(listener) || isUnix(target)) {
            return listener.equals(target);
        }
        if (port(listener) < 0 || port(listener) != port(target)) {
            return false;
        }
        String local = host(listener);
        return local.equals("0.0.0.0")
                ? !host(target).contains(":")
                : isWildcard(listener) || local.equals(host(target));
    }

    private static int portColon(String address) {
        if (isUnix(address)) {
            return -1;
        }
        int colon = address.lastIndexOf(':');
        boolean ofIpv6 = address.startsWith("[")
                ? colon < address.indexOf(']') // all of them stand between the brackets
                : colon >= 0 && address.indexOf(':') != colon;
        return ofIpv6 ? -1 : colon;
    }
}
