package dev.gatewatch.analyzer.proxies;

import java.nio.charset.StandardCharsets;

/// Frames that a server of HTTP/2 writes.
///
/// See [RFC 9113, section 4.1](https://www.rfc-editor.org/rfc/rfc9113#section-4.1).
final class Http2 {
    private static final int RST_STREAM = 3;
    private static final int GOAWAY = 7;

    /// What a server begins with.
    static final byte[] SETTINGS = frame(4, 0, 0, "");

    private Http2() {}

    static byte[] frame(int type, int flags, int stream, String content) {
        byte[] text = content.getBytes(StandardCharsets.ISO_8859_1);
        byte[] frame = new byte[9 + text.length];
        frame[1] = (byte) (text.length >> 8);
        frame[2] = (byte) text.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        frame[8] = (byte) stream;
        System.arraycopy(text, 0, frame, 9, text.length);
        return frame;
    }

    /// Stream 1 ends with an error.
    static byte[] reset(int error) {
        return frame(RST_STREAM, 0, 1, "\0\0\0" + (char) error);
    }

    /// The connection ends with an error; no stream was served.
    static byte[] goAway(int error) {
        return frame(GOAWAY, 0, 0, "\0\0\0\0\0\0\0" + (char) error);
    }
}
