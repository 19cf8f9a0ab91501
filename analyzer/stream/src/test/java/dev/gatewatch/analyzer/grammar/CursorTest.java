package dev.gatewatch.analyzer.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CursorTest {
    private static Cursor over(String text) {
        return Slice.of(text).cursor();
    }

    @Test
    void it_goes_in_the_order_of_the_line() {
        Cursor line = over("GET /a 200 -1 end");
        assertThat(line.word().text()).isEqualTo("GET");
        assertThat(line.until(' ').text()).isEqualTo("/a");
        assertThat(line.digits()).isEqualTo(200);
        line.skip(" ");
        assertThat(line.number()).isEqualTo(-1);
        assertThat(line.take("nothing")).isFalse();
        assertThat(line.rest().text()).isEqualTo(" end");
        assertThat(line.malformed()).isFalse();
        assertThat(line.atEnd()).isTrue();
    }

    @Test
    void the_first_thing_that_is_missing_is_what_it_complains_about() {
        Cursor line = over("abc");
        line.skip("ab");
        line.skip("x");
        line.until('c');
        line.digits();
        assertThat(line.complaint()).isEqualTo(new Parsed.Malformed<>(2, "x"));
    }

    @Test
    void a_number_that_is_too_long_is_none() {
        Cursor line = over("1234567890123456789");
        assertThat(line.digits()).isEqualTo(-1);
        assertThat(line.malformed()).isTrue();
    }

    @Test
    void a_slice_finds_what_a_string_finds() {
        Random random = new Random(20261122);
        for (int i = 0; i < 20_000; i++) {
            String text = letters(random, random.nextInt(12));
            String literal = letters(random, 1 + random.nextInt(3));
            byte[] larger = ("xy" + text + literal).getBytes(StandardCharsets.UTF_8);
            Slice slice = new Slice(larger, 2, 2 + text.length());
            int from = random.nextInt(4);
            assertThat(slice.indexOf(literal, from)).isEqualTo(text.indexOf(literal, from));
            assertThat(slice.lastIndexOf(literal)).isEqualTo(text.lastIndexOf(literal));
            assertThat(slice.startsWith(literal)).isEqualTo(text.startsWith(literal));
            assertThat(slice.endsWith(literal)).isEqualTo(text.endsWith(literal));
            assertThat(slice.is(literal)).isEqualTo(text.equals(literal));
        }
    }

    private static String letters(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    @Test
    void a_stamp_is_the_instant_that_java_time_makes_of_it() {
        Random random = new Random(20261122);
        DateTimeFormatter common = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss.SSS", Locale.ENGLISH);
        DateTimeFormatter slashed = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");
        for (int i = 0; i < 20_000; i++) {
            long millis = random.nextLong(Stamp.EARLIEST + 100_000_000, 4_102_444_800_000L);
            LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.ofHours(-7));
            assertThat(Stamp.common(over(common.format(time))).millis(ZoneOffset.ofHours(-7), Instant.EPOCH))
                    .isEqualTo(millis);
            assertThat(Stamp.slashed(over(slashed.format(time))).millis(ZoneOffset.ofHours(-7), Instant.EPOCH))
                    .isEqualTo(millis / 1000 * 1000);
            assertThat(Stamp.iso(over(time.atOffset(ZoneOffset.ofHours(-7))
                            .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                            .replaceFirst("(T\\d\\d:\\d\\d)(?=[-.])", "$1:00"))))
                    .extracting(stamp -> stamp.millis(ZoneOffset.UTC, Instant.EPOCH))
                    .isEqualTo(millis);
        }
    }
}
