package dev.gatewatch.analyzer.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// Lines of any format, which is what a configuration says and so may be anything too.
///
/// The first byte of the input chooses how values are escaped; then come the format, a newline, and the lines.
final class FormatTarget implements FuzzTarget {
    private final Supplier<List<byte[]>> seeds;
    private final Check check;

    /// What holds of lines in a format.
    interface Check {
        void check(String escape, String format, byte[] lines);
    }

    FormatTarget(Supplier<List<byte[]>> seeds, Check check) {
        this.seeds = seeds;
        this.check = check;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds.get();
    }

    @Override
    public void check(byte[] input) {
        int newline = 0;
        while (newline < input.length && input[newline] != '\n') {
            newline++;
        }
        if (newline > 0 && newline < input.length) {
            check.check(
                    Seeds.choice(Seeds.ESCAPES, input[0]),
                    new String(input, 1, newline - 1, UTF_8),
                    Arrays.copyOfRange(input, newline + 1, input.length));
        }
    }
}
