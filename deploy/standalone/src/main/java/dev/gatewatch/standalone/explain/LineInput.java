package dev.gatewatch.standalone.explain;

import java.io.Flushable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Takes lines off a stream, one at a time. A line that is too long is cut; what follows of it is passed
/// over, so that memory stays bounded whatever comes.
final class LineInput {
    private static final int BUFFER = 1 << 16;

    private final InputStream input;
    private final int longest;
    private final Flushable answers;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private byte[] line = new byte[BUFFER];
    private int length;
    private long whole;

    /// @param longest bytes of a line that are kept
    /// @param answers what is handed on before more is waited for
    LineInput(InputStream input, int longest, Flushable answers) {
        this.input = input;
        this.longest = longest;
        this.answers = answers;
    }

    /// Takes the next line, without its newline; false at the end.
    boolean next() throws IOException {
        length = 0;
        whole = 0;
        boolean any = false;
        while (fill()) {
            any = true;
            int newline = at;
            while (newline < end && buffer[newline] != '\n') {
                newline++;
            }
            keep(newline - at);
            boolean ended = newline < end;
            at = ended ? newline + 1 : newline;
            if (ended) {
                return true;
            }
        }
        return any;
    }

    private boolean fill() throws IOException {
        if (at < end) {
            return true;
        }
        answers.flush();
        at = 0;
        end = input.read(buffer);
        return end > 0;
    }

    private void keep(int count) {
        int kept = Math.min(count, longest - length);
        if (length + kept > line.length) {
            line = Arrays.copyOf(line, Math.min(longest, Math.max(length + kept, 2 * line.length)));
        }
        System.arraycopy(buffer, at, line, length, kept);
        length += kept;
        whole += count;
    }

    /// The line's bytes, of which the first [#length] count. Valid until the next line is taken.
    byte[] bytes() {
        return line;
    }

    int length() {
        return length;
    }

    /// How long the line is, with what was passed over.
    long wholeLength() {
        return whole;
    }

    boolean isCut() {
        return whole > length;
    }
}
