package dev.gatewatch.analyzer.proxies;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What a server does with a connection, one act after the other; the last one leaves the connection for good.
///
/// ```
/// Script.reads().writes("HTTP/1.1 200 OK\r\n").resets()
/// ```
record Script(List<Act> acts) {
    private static final int MOST = 1 << 16;

    /// One thing that a server does.
    interface Act {
        void with(Socket peer) throws IOException, InterruptedException;
    }

    /// Begins by reading what comes first.
    static Script reads() {
        return new Script(List.of()).thenReads();
    }

    /// Begins by reading a single byte.
    static Script readsOneByte() {
        return new Script(List.of()).then(peer -> peer.getInputStream().read());
    }

    /// Begins by doing nothing.
    static Script waits(int millis) {
        return new Script(List.of()).thenWaits(millis);
    }

    /// A whole answer of HTTP, then closes.
    static Script answers(int status, String headers, String body) {
        return reads().writes(page(status, headers, body)).closes();
    }

    static Script ok() {
        return answers(200, "Content-Length: 2\r\nConnection: close\r\n", "ok");
    }

    static String page(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " X\r\n" + headers + "\r\n" + body;
    }

    Script thenReads() {
        return then(peer -> peer.getInputStream().read(new byte[MOST]));
    }

    Script thenWaits(int millis) {
        return then(peer -> Thread.sleep(millis));
    }

    /// Bytes, one character each.
    Script writes(String text) {
        return writes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Script writes(byte[] bytes) {
        return then(peer -> {
            peer.getOutputStream().write(bytes);
            peer.getOutputStream().flush();
        });
    }

    /// Writes more than sockets buffer.
    Script writesLong(int megabytes) {
        byte[] some = new byte[1 << 20];
        Arrays.fill(some, (byte) 'x');
        Script script = this;
        for (int i = 0; i < megabytes; i++) {
            script = script.writes(some);
        }
        return script;
    }

    Script closes() {
        return then(peer -> {
            peer.shutdownOutput();
            drain(peer);
        });
    }

    /// Closes with what has come left unread, or lost, so that the other side gets a reset.
    Script resets() {
        return then(peer -> peer.setSoLinger(true, 0));
    }

    /// Reads on and says nothing more.
    Script stays() {
        return then(Script::drain);
    }

    void play(Socket peer) throws IOException, InterruptedException {
        for (Act act : acts) {
            act.with(peer);
        }
    }

    private Script then(Act act) {
        return new Script(Stream.concat(acts.stream(), Stream.of(act)).toList());
    }

    private static void drain(Socket peer) throws IOException {
        byte[] some = new byte[MOST];
        while (peer.getInputStream().read(some) >= 0) {
            // until the other side closes too
        }
    }
}
