package dev.gatewatch.analyzer.proxies;

import dev.gatewatch.analyzer.signal.LineContext;
import dev.gatewatch.analyzer.signal.SignalReader;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Everything that the proxies of a test write: files that are followed, sockets that play the syslog daemon.
/// Each line is read as it arrives, in the context that its source has.
final class Outputs implements AutoCloseable {
    private static final Duration FOLLOW_EVERY = Duration.ofMillis(5);

    private final List<Emitted> lines = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<DatagramSocket> sockets = new ArrayList<>();
    private final Map<String, Exception> broken = new ConcurrentHashMap<>();

    /// A place that a proxy writes to.
    ///
    /// @param format text of NGINX's `log_format`, empty if the reader is not to know it
    record Output(String name, SourceKind kind, String format, String escape) {
        Output(String name, SourceKind kind) {
            this(name, kind, "", "");
        }

        private LineContext context() {
            return new LineContext(
                    kind, OffsetDateTime.now(ZoneId.systemDefault()).getOffset(), Instant.now(), null, format, escape);
        }
    }

    /// Follows a file, which need not be there yet. Its lines may be of several outputs, such as two readers
    /// of one file of which one knows the format.
    void follow(Path file, Output... outputs) {
        SignalReader reader = new SignalReader();
        start(file.toString(), () -> {
            long from = 0;
            while (true) {
                from += readOn(file, from, reader, outputs);
                Thread.sleep(FOLLOW_EVERY);
            }
        });
    }

    /// Opens a socket for datagrams and gives its address.
    String receive(Output output) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setReceiveBufferSize(1 << 20);
        sockets.add(socket);
        SignalReader reader = new SignalReader();
        start(output.name, () -> {
            DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
            while (!socket.isClosed()) {
                socket.receive(packet);
                byte[] line = asFiled(packet);
                addAll(reader, line, line.length, output);
                packet.setLength(65_536);
            }
        });
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /// A datagram is one line, in which a syslog daemon escapes newlines.
    private static byte[] asFiled(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1)
                .replaceFirst("\n$", "")
                .replace("\n", "#012")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void start(String name, Work work) {
        threads.add(Thread.ofVirtual().start(() -> {
            try {
                work.run();
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException e) {
                broken.put(name, e);
            }
        }));
    }

    private long readOn(Path file, long from, SignalReader reader, Output... outputs) throws IOException {
        if (!Files.exists(file) || Files.size(file) <= from) {
            return 0;
        }
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(from);
            byte[] bytes = in.readAllBytes();
            int whole = bytes.length;
            while (whole > 0 && bytes[whole - 1] != '\n') {
                whole--;
            }
            addAll(reader, bytes, whole, outputs);
            return whole;
        }
    }

    private synchronized void addAll(SignalReader reader, byte[] bytes, int length, Output... outputs) {
        for (int from = 0, to; from < length; from = to + 1) {
            to = from;
            while (to < length && bytes[to] != '\n') {
                to++;
            }
            if (to == from) {
                continue;
            }
            String line = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
            for (Output output : outputs) {
                lines.add(new Emitted(output.name, line, reader.read(output.context(), bytes, from, to)));
            }
        }
        notifyAll();
    }

    /// How many lines there are so far.
    synchronized int mark() {
        return lines.size();
    }

    synchronized List<Emitted> since(int mark) {
        return List.copyOf(lines.subList(mark, lines.size()));
    }

    List<Emitted> all() {
        return since(0);
    }

    List<Emitted> of(String... outputs) {
        return all().stream()
                .filter(line -> Arrays.asList(outputs).contains(line.output()))
                .toList();
    }

    /// Waits until every expected line is there, and gives those that did not come.
    synchronized List<Expected> await(int mark, List<Expected> expected, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            List<Expected> missing = expected.stream()
                    .filter(wanted -> since(mark).stream().noneMatch(wanted::isMetBy))
                    .toList();
            long left = (end - System.nanoTime()) / 1_000_000;
            if (missing.isEmpty() || left <= 0) {
                return missing;
            }
            wait(left);
        }
    }

    /// Waits until what all outputs hold at one moment meets a condition, and gives that; after the time what they
    /// hold then. A proxy goes on writing, so two looks at different moments are not comparable.
    synchronized List<Emitted> awaitAll(Duration patience, Predicate<List<Emitted>> condition)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            List<Emitted> all = all();
            long left = (end - System.nanoTime()) / 1_000_000;
            if (condition.test(all) || left <= 0) {
                return all;
            }
            wait(left);
        }
    }

    /// Outputs that could not be read on.
    Map<String, Exception> broken() {
        return Map.copyOf(broken);
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        sockets.forEach(DatagramSocket::close);
    }
}
