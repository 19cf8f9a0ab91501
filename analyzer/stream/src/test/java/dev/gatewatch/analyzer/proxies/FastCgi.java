package dev.gatewatch.analyzer.proxies;

import java.nio.charset.StandardCharsets;

/// Records that a FastCGI application writes.
///
/// See [FastCGI, section 3.3](https://fastcgi-archives.github.io/FastCGI_Specification.html#S3.3).
final class FastCgi {
    private static final int END_REQUEST = 3;
    private static final int STDOUT = 6;
    private static final int STDERR = 7;

    private FastCgi() {}

    /// A record of request 1.
    static byte[] record(int type, String content) {
        byte[] text = content.getBytes(StandardCharsets.ISO_8859_1);
        byte[] record = new byte[8 + text.length];
        record[0] = 1;
        record[1] = (byte) type;
        record[3] = 1;
        record[4] = (byte) (text.length >> 8);
        record[5] = (byte) text.length;
        System.arraycopy(text, 0, record, 8, text.length);
        return record;
    }

    static byte[] out(String text) {
        return record(STDOUT, text);
    }

    static byte[] complaint(String text) {
        return record(STDERR, text);
    }

    /// The request is over.
    static byte[] ends() {
        return record(END_REQUEST, "\0".repeat(8));
    }

    /// A short page and the end of the request.
    static byte[] page() {
        byte[] page = out("Status: 200 OK\r\n\r\nok");
        byte[] both = java.util.Arrays.copyOf(page, page.length + ends().length);
        System.arraycopy(ends(), 0, both, page.length, ends().length);
        return both;
    }
}
