package dev.gatewatch.standalone.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void ordinary_text_stays() {
        String text = "GET /añ/日本?x=\"y\" 502 – ok";
        assertThat(Printable.of(text)).isEqualTo(text);
    }

    @Test
    void what_drives_a_terminal_is_escaped() {
        assertThat(Printable.of("a\u001b[2Jb\u0007\r\n\tc\u007f")).isEqualTo("a\\x1b[2Jb\\x07\\x0d\\x0a\\x09c\\x7f");
        assertThat(Printable.of("\u009b31m")).as("the one-byte form of ESC [").isEqualTo("\\x9b31m");
        assertThat(Printable.of("\u202eevil\u2066\u200b\ufeff\u2028"))
                .isEqualTo("\\u{202e}evil\\u{2066}\\u{200b}\\u{feff}\\u{2028}");
    }

    @Test
    void no_text_has_anything_left_that_is_not_printed() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3000 ? 1 : 97) {
            all.setLength(0);
            all.appendCodePoint(c);
            assertThat(Printable.of(all.toString())).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
        }
    }

    @Test
    void bytes_that_are_no_text_are_replaced() {
        assertThat(Printable.of(new byte[] {'a', (byte) 0xff, 'b', 'c'}, 3)).isEqualTo("a\ufffdb");
    }

    @Test
    void long_text_is_shortened() {
        assertThat(Printable.of("é".repeat(3_000))).hasSize(2_001).endsWith("é…");
        byte[] megabyte = "x".repeat(1 << 20).getBytes(UTF_8);
        assertThat(Printable.of(megabyte, megabyte.length)).hasSize(2_001).endsWith("x…");
    }
}
