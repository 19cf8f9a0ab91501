package dev.gatewatch.analyzer.grammar;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Eight bytes at a time against one by one.
class ByteSearchTest {
    private static final long SEED = 20261127;

    private final Random random = new Random(SEED);

    /// Bytes of which many are near the ones that are looked for, where carries go wrong if they do.
    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        byte[] near = {' ', '!', (byte) 0xA0, 0x1F, 0, 1, (byte) 0x80, (byte) 0xFF, '/', '0', '9', ':', 'a', 'f'};
        for (int i = 0; i < length; i++) {
            bytes[i] = random.nextBoolean() ? near[random.nextInt(near.length)] : (byte) random.nextInt();
        }
        return bytes;
    }

    @Test
    void blanks_and_control_characters_are_gaps_whatever_their_highest_bits() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = bytes(40);
            long gaps = ByteSearch.gaps(bytes, 5);
            assertThat(gaps >>> 32).isZero();
            for (int i = 0; i < 32; i++) {
                assertThat(gaps >>> i & 1).isEqualTo((bytes[5 + i] & 0x7F) <= ' ' ? 1 : 0);
            }
        }
    }

    @Test
    void each_byte_that_is_no_digit_is_found() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = bytes(70);
            long others = ByteSearch.othersThanDigits(bytes, 3);
            for (int i = 0; i < 64; i++) {
                assertThat(others >>> i & 1).isEqualTo(Slice.isDigit(bytes[3 + i]) ? 0 : 1);
            }
        }
    }

    @Test
    void a_number_is_what_its_last_digits_say() {
        for (int round = 0; round < 20_000; round++) {
            int digits = random.nextInt(1, 9);
            int number = random.nextInt((int) Math.pow(10, digits));
            byte[] bytes = bytes(8);
            byte[] text = ("%0" + digits + "d").formatted(number).getBytes(US_ASCII);
            System.arraycopy(text, 0, bytes, 8 - digits, digits);
            assertThat(ByteSearch.decimal(ByteSearch.eight(bytes, 0), digits)).isEqualTo(number);
        }
    }

    @Test
    void each_byte_is_compared_by_itself() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = bytes(8);
            int lowest = random.nextInt(1, 128);
            int high = ByteSearch.bits(ByteSearch.atLeast(ByteSearch.ascii(ByteSearch.eight(bytes, 0)), lowest));
            for (int i = 0; i < 8; i++) {
                assertThat(high >>> i & 1).isEqualTo((bytes[i] & 0x7F) >= lowest ? 1 : 0);
            }
        }
    }

    @Test
    void the_first_of_several_is_found() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = bytes(random.nextInt(40));
            int from = random.nextInt(bytes.length + 1);
            byte wanted = (byte) random.nextInt();
            int first = from;
            while (first < bytes.length && bytes[first] != wanted) {
                first++;
            }
            assertThat(ByteSearch.indexOf(bytes, wanted, from, bytes.length))
                    .isEqualTo(first == bytes.length ? -1 : first);
        }
    }
}
