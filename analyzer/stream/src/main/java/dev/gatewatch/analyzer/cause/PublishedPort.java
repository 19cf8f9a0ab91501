package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.SocketAddressText;

/// A port of a container that its runtime publishes on the host, `127.0.0.1:8081->8080/tcp`.
///
/// @param outside where it is published, `ADDRESS:PORT`
/// @param inside the port in the container, -1 if it is not known or none of TCP
record PublishedPort(String outside, int inside) {
    static PublishedPort of(String text) {
        int arrow = text.indexOf("->");
        int slash = text.indexOf("/tcp", Math.max(0, arrow));
        if (arrow < 0 || slash < 0) {
            return new PublishedPort("", -1);
        }
        int colon = text.lastIndexOf(':', arrow);
        String address = text.substring(0, Math.max(0, colon));
        String bracketed = address.contains(":") && !address.startsWith("[") ? "[" + address + "]" : address;
        String port = text.substring(arrow + 2, slash);
        boolean number = !port.isEmpty() && port.length() <= 5 && port.chars().allMatch(Character::isDigit);
        return new PublishedPort(
                (bracketed.isEmpty() ? "0.0.0.0" : bracketed) + text.substring(Math.max(0, colon), arrow),
                number ? Integer.parseInt(port) : -1);
    }

    /// Whether connections to this address go to the container.
    boolean accepts(String address) {
        return !outside.isEmpty() && SocketAddressText.accepts(outside, address);
    }

    /// The port on the host, -1 if there is none.
    int port() {
        return outside.isEmpty() ? -1 : SocketAddressText.port(outside);
    }

    /// Whether only the host itself can connect.
    boolean isOnLoopback() {
        return !outside.isEmpty() && SocketAddressText.isLoopback(outside);
    }
}
