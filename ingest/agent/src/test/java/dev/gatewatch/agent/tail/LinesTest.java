package dev.gatewatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
    @Test
    void counts_and_finds_what_a_plain_loop_counts_and_finds() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = new byte[] {'\n', 0, 1, 'x', (byte) 0x8a, (byte) 0x80, (byte) 0xff}[random.nextInt(7)];
            }
            int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            int newlines = 0;
            int nulLine = -1;
            for (int i = from; i < bytes.length; i++) {
                newlines += bytes[i] == '\n' ? 1 : 0;
                if (nulLine < 0 && i > from && bytes[i] == 0 && bytes[i - 1] == '\n') {
                    nulLine = i;
                }
            }

            assertThat(Lines.count(bytes, from, bytes.length)).isEqualTo(newlines);
            assertThat(Lines.lineWithNul(bytes, from, bytes.length)).isEqualTo(nulLine);
        }
    }
}
