package dev.gatewatch.analyzer.proxies;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/// A name server that answers as the first label of the name asks it to: with a failure, not at all, or
/// with nonsense.
///
/// See [RFC 1035, section 4](https://www.rfc-editor.org/rfc/rfc1035#section-4).
final class NameServer implements AutoCloseable {
    private static final int HEADER = 12;
    private static final int NO_ERROR = 0;

    private final DatagramSocket socket;

    private NameServer(DatagramSocket socket) {
        this.socket = socket;
    }

    static NameServer start() throws IOException {
        NameServer server =
                new NameServer(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        Thread.ofVirtual().start(server::run);
        return server;
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private void run() {
        try {
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            while (true) {
                packet.setLength(512);
                socket.receive(packet);
                byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (answer.length > 0) {
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException end) {
            // closed
        }
    }

    private static byte[] answer(byte[] query) {
        return switch (firstLabel(query)) {
            case "formerr" -> failure(query, 1);
            case "servfail" -> failure(query, 2);
            case "nxdomain" -> failure(query, 3);
            case "notimp" -> failure(query, 4);
            case "refused" -> failure(query, 5);
            case "silent" -> new byte[0];
            case "headeronly" -> headerOnly(query);
            case "othername" -> otherName(query);
            default -> found(query);
        };
    }

    private static String firstLabel(byte[] query) {
        return new String(query, HEADER + 1, query[HEADER], java.nio.charset.StandardCharsets.US_ASCII);
    }

    /// The header and the question, without what follows in the query.
    private static byte[] failure(byte[] query, int code) {
        int end = HEADER;
        while (query[end] != 0) {
            end += query[end] + 1;
        }
        byte[] answer = Arrays.copyOf(query, end + 5);
        answer[2] |= (byte) 0x80;
        answer[3] = (byte) (0x80 | code);
        answer[11] = 0; // additional records
        return answer;
    }

    /// A failure that does not repeat the question.
    private static byte[] headerOnly(byte[] query) {
        byte[] answer = Arrays.copyOf(failure(query, 2), HEADER);
        answer[5] = 0;
        return answer;
    }

    /// Answers another question than was asked.
    private static byte[] otherName(byte[] query) {
        byte[] answer = found(query);
        answer[HEADER + 1] = 'x';
        return answer;
    }

    /// `127.0.0.1`, for a second.
    private static byte[] found(byte[] query) {
        byte[] question = failure(query, NO_ERROR);
        byte[] record = {(byte) 0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 1};
        byte[] answer = Arrays.copyOf(question, question.length + record.length);
        answer[7] = 1;
        System.arraycopy(record, 0, answer, question.length, record.length);
        return answer;
    }

    @Override
    public void close() {
        socket.close();
    }
}
