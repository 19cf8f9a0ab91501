package dev.gatewatch.standalone.explain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineInputTest {

    private static List<String> lines(InputStream input, int longest) throws IOException {
        LineInput lines = new LineInput(input, longest, () -> {});
        List<String> taken = new ArrayList<>();
        while (lines.next()) {
            taken.add(new String(lines.bytes(), 0, lines.length(), ISO_8859_1)
                    + (lines.isCut() ? "…" + lines.wholeLength() : ""));
        }
        return taken;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(ISO_8859_1));
    }

    @Test
    void lines_end_with_a_newline_or_the_end() throws IOException {
        assertThat(lines(stream("a\n\nb\r\nc"), 100)).containsExactly("a", "", "b\r", "c");
        assertThat(lines(stream("a\n"), 100)).containsExactly("a");
        assertThat(lines(stream("\n"), 100)).containsExactly("");
        assertThat(lines(stream(""), 100)).isEmpty();
    }

    @Test
    void a_line_that_is_too_long_is_cut_and_the_next_is_whole() throws IOException {
        String text = "x".repeat(200_000) + "\nshort\n" + "y".repeat(11) + "\n" + "z".repeat(10);
        assertThat(lines(stream(text), 10))
                .containsExactly("xxxxxxxxxx…200000", "short", "yyyyyyyyyy…11", "zzzzzzzzzz");
    }

    @Test
    void lines_are_the_same_however_the_stream_hands_them_out() throws IOException {
        Random random = new Random(20261122);
        StringBuilder text = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String line = "l".repeat(random.nextInt(2_000)) + i;
            expected.add(line);
            text.append(line).append('\n');
        }
        byte[] bytes = text.toString().getBytes(ISO_8859_1);
        InputStream inPieces = new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] into, int from, int count) throws IOException {
                return super.read(into, from, Math.min(count, 1 + random.nextInt(700)));
            }
        };
        assertThat(lines(inPieces, 1 << 20)).isEqualTo(expected);
    }

    @Test
    void memory_does_not_grow_with_what_is_passed_over() throws IOException {
        InputStream endless = new InputStream() {
            private long left = 3L << 30;

            @Override
            public int read() {
                throw new AssertionError("one byte at a time");
            }

            @Override
            public int read(byte[] into, int from, int count) {
                if (left <= 0) {
                    return -1;
                }
                left -= count;
                return count;
            }
        };
        LineInput lines = new LineInput(new SequenceInputStream(endless, stream("\nnext\n")), 1 << 20, () -> {});
        assertThat(lines.next()).isTrue();
        assertThat(lines.length()).isEqualTo(1 << 20);
        assertThat(lines.wholeLength()).isGreaterThanOrEqualTo(3L << 30);
        assertThat(lines.bytes().length).isLessThanOrEqualTo(1 << 20);
        assertThat(lines.next()).isTrue();
        assertThat(new String(lines.bytes(), 0, lines.length(), ISO_8859_1)).isEqualTo("next");
    }

    @Test
    void answers_are_handed_on_before_more_is_waited_for() throws IOException {
        List<String> happened = new ArrayList<>();
        InputStream slow = new FilterInputStream(stream("a\nb\n")) {
            @Override
            public int read(byte[] into, int from, int count) throws IOException {
                happened.add("read");
                return super.read(into, from, Math.min(count, 2));
            }
        };
        LineInput lines = new LineInput(slow, 100, () -> happened.add("hand on"));
        while (lines.next()) {
            happened.add("line");
        }
        assertThat(happened).containsExactly("hand on", "read", "line", "hand on", "read", "line", "hand on", "read");
    }
}
