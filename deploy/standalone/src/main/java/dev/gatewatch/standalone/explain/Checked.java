package dev.gatewatch.standalone.explain;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/// Standard output that says when nobody reads it any more, as after `| head`.
final class Checked extends OutputStream {
    private final PrintStream out;

    Checked(PrintStream out) {
        this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
        out.write(value);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
        check();
    }

    @Override
    public void flush() throws IOException {
        check();
    }

    private void check() throws IOException {
        if (out.checkError()) {
            throw new IOException("nobody reads standard output any more");
        }
    }
}
