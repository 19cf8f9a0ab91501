package dev.gatewatch.analyzer.proxies;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/// The servers behind the proxies, on loopback and on sockets of a folder; none of them is of any use.
final class Backends implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Deque<Closeable> open = new ConcurrentLinkedDeque<>();

    /// Starts a server that plays the script with each connection.
    String serves(Script script) throws IOException {
        return serves(new ServerSocket(0, 50, LOOPBACK), script);
    }

    /// The same with a server socket of one's own, such as one for TLS.
    String serves(ServerSocket server, Script script) {
        open.add(server);
        Thread.ofVirtual().start(() -> accept(server, script));
        return address(server.getLocalSocketAddress());
    }

    private void accept(ServerSocket server, Script script) {
        try {
            while (true) {
                Socket peer = server.accept();
                open.add(peer);
                Thread.ofVirtual().start(() -> serve(peer, script));
            }
        } catch (IOException end) {
            // closed
        }
    }

    private void serve(Socket peer, Script script) {
        try (peer) {
            script.play(peer);
        } catch (IOException | InterruptedException end) {
            // The proxy left, as it may.
        } finally {
            open.remove(peer);
        }
    }

    /// A port that is taken, but on which nothing listens.
    String refuses() throws IOException {
        Socket bound = new Socket();
        open.add(bound);
        bound.bind(new InetSocketAddress(LOOPBACK, 0));
        return address(bound.getLocalSocketAddress());
    }

    /// A listener whose queue is full, so that the kernel drops whoever else comes, as a firewall would.
    String drops() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
        open.add(server);
        for (int i = 0; i < 3; i++) {
            connectWithoutWaiting(server.getLocalSocketAddress());
        }
        return address(server.getLocalSocketAddress());
    }

    private void connectWithoutWaiting(SocketAddress address) throws IOException {
        SocketChannel client = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(java.net.StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        open.add(client);
        client.configureBlocking(false);
        client.connect(address);
    }

    /// A socket file on which connections are taken and left alone.
    String unixSilent(Path file) throws IOException {
        return listen(file, 50).unix;
    }

    /// A socket file that the proxy's user may not open.
    String unixForbidden(Path file) throws IOException {
        String address = listen(file, 50).unix;
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        return address;
    }

    /// A socket file that was left behind.
    String unixStale(Path file) throws IOException {
        UnixListener listener = listen(file, 50);
        listener.server.close();
        return listener.unix;
    }

    /// A socket file whose queue is full.
    String unixFull(Path file) throws IOException {
        UnixListener listener = listen(file, 1);
        for (int i = 0; i < 2; i++) {
            connectWithoutWaiting(UnixDomainSocketAddress.of(file));
        }
        return listener.unix;
    }

    private record UnixListener(ServerSocketChannel server, String unix) {}

    private UnixListener listen(Path file, int backlog) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX);
        open.add(server);
        server.bind(UnixDomainSocketAddress.of(file), backlog);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        return new UnixListener(server, "unix:" + file);
    }

    private static String address(SocketAddress address) {
        return "127.0.0.1:" + ((InetSocketAddress) address).getPort();
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : new ArrayDeque<>(open)) {
            each.close();
        }
    }
}
