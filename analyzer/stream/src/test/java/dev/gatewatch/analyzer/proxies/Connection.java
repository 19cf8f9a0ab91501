package dev.gatewatch.analyzer.proxies;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// A client's connection to a proxy, over TCP or a socket file. What blocks can be interrupted.
final class Connection implements AutoCloseable {
    private final SocketChannel channel;

    private Connection(SocketChannel channel) {
        this.channel = channel;
    }

    /// @param address `127.0.0.1:8080`, `unix:/path` for NGINX or `unix@/path` for HAProxy
    static Connection to(String address) throws IOException {
        return new Connection(SocketChannel.open(socketAddress(address)));
    }

    private static SocketAddress socketAddress(String address) {
        if (address.startsWith("unix:") || address.startsWith("unix@")) {
            return UnixDomainSocketAddress.of(address.substring("unix:".length()));
        }
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    /// Bytes, one character each.
    Connection send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return this;
    }

    /// What comes next, empty if the other side has closed or reset.
    String read() throws IOException {
        ByteBuffer some = ByteBuffer.allocate(1 << 16);
        int count;
        try {
            count = channel.read(some);
        } catch (java.net.SocketException reset) {
            return "";
        }
        return count < 0 ? "" : new String(some.array(), 0, count, StandardCharsets.ISO_8859_1);
    }

    /// All that comes until the other side closes or resets.
    String readAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String some = read(); !some.isEmpty(); some = read()) {
            all.writeBytes(some.getBytes(StandardCharsets.ISO_8859_1));
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
