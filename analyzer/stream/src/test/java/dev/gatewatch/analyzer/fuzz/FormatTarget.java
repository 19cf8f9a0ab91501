package dev.gatewatch.analyzer.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewatch.analyzer.read.BatchReader;
import dev.gatewatch.analyzer.read.BothWays;
import dev.gatewatch.analyzer.read.Traffic;
import dev.gatewatch.wire.SourceKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Lines of any `log_format`, which is what a configuration says and so may be anything too. They count as the full
/// grammar reads them.
///
/// The first byte of the input chooses the escape; then come the format, a newline, and the lines.
final class FormatTarget implements FuzzTarget {

    @Override
    public String name() {
        return "log-format";
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (Traffic kind : Traffic.values()) {
            for (String line : kind.lines()) {
                for (int escape = 0; escape < Seeds.ESCAPES.size(); escape++) {
                    seeds.add(Seeds.seed(kind.format() + "\n" + line, escape));
                }
            }
        }
        for (String format : Seeds.formats()) {
            seeds.add(Seeds.seed(format + "\n" + Traffic.INGRESS_NGINX.lines().getLast(), 0));
        }
        return seeds;
    }

    @Override
    public void check(byte[] input) {
        int newline = 0;
        while (newline < input.length && input[newline] != '\n') {
            newline++;
        }
        if (newline == 0 || newline == input.length) {
            return;
        }
        String format = new String(input, 1, newline - 1, UTF_8);
        byte[] lines = Arrays.copyOfRange(input, newline + 1, input.length);
        new BothWays(SourceKind.NGINX_ACCESS, format, Seeds.choice(Seeds.ESCAPES, input[0]))
                .check(new BatchReader(), lines, format);
    }
}
