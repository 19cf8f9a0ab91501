package dev.gatewatch.analyzer.grammar;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Times and counts of HAProxy's lines, as one row.
class NumberRowTest {
    private static final String TIMES = "10/0/30/69/109 200 2750 ";
    private static final String AND_MORE = "- - ---- 1/1/1/1/0 0/0 \"GET /index.html HTTP/1.1\" ";

    private final NumberRow row = NumberRow.closedBy("////   ");

    /// Where the row ends that begins so far behind the first byte that is looked at.
    private int end(String text, int from) {
        byte[] bytes = text.getBytes(US_ASCII);
        return row.end(bytes, 0, ByteSearch.othersThanDigits(bytes, 0), from);
    }

    @Test
    void a_row_ends_behind_its_last_number() {
        byte[] line = ("be_orders/app1 " + TIMES + AND_MORE).getBytes(US_ASCII);
        int begin = "be_orders/app1 ".length();
        assertThat(row.end(line, begin, ByteSearch.othersThanDigits(line, begin), begin))
                .isEqualTo(begin + TIMES.length());
        assertThat(row.endOf(5)).isEqualTo(begin + "10/0/30/69/109 200".length());
        assertThat(row.value(line, 4)).isEqualTo(109);
        assertThat(row.value(line, 6)).isEqualTo(2750);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10/0/-1/-1/109 503 217 ", // a time that was not reached
                "10/0/30/69/+109 200 +2750 ", // option logasap
                "10/0/30//109 200 2750 ",
                "/0/30/69/109 200 2750 ",
                "10/0/30/69/109 200 275",
                "10/0/30/69/123456789 200 2750 ", // longer than what is looked at
                "10/0/30/69 109 200 2750 "
            })
    void what_is_no_such_row_is_none(String text) {
        assertThat(end(text + AND_MORE + AND_MORE, 0)).isEqualTo(-1);
    }

    @Test
    void a_row_may_begin_anywhere_within_the_bytes_and_must_end_there() {
        String before = "x".repeat(80);
        for (int from = 0; from < 80; from++) {
            int within = from + TIMES.length() <= NumberRow.BYTES ? from + TIMES.length() : -1;
            assertThat(end(before.substring(0, from) + TIMES + AND_MORE + AND_MORE, from))
                    .isEqualTo(within);
        }
    }

    @Test
    void whatever_the_numbers_are_they_are_read_as_written() {
        Random random = new Random(20261127);
        for (int round = 0; round < 20_000; round++) {
            int[] numbers = random.ints(7, 0, 100_000_000)
                    .map(n -> n >>> random.nextInt(27))
                    .toArray();
            String text = "%d/%d/%d/%d/%d %d %d "
                    .formatted(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
            if (text.length() <= NumberRow.BYTES) {
                byte[] bytes = ("be/app1 " + text + AND_MORE + AND_MORE).getBytes(US_ASCII);
                assertThat(row.end(bytes, 8, ByteSearch.othersThanDigits(bytes, 8), 8))
                        .isEqualTo(8 + text.length());
                for (int i = 1; i < numbers.length; i++) {
                    assertThat(row.value(bytes, i)).isEqualTo(numbers[i]);
                }
            }
        }
    }
}
