package dev.gatewatch.analyzer.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatewatch.analyzer.read.BatchReader;
import dev.gatewatch.analyzer.read.BothWays;
import dev.gatewatch.analyzer.read.Traffic;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Ordinary traffic counts as the full grammar reads it.
///
/// The first byte of the input chooses the kind of traffic, the second a real line of it that comes first,
/// so that what is like it is known; the others are more lines.
final class TrafficTarget implements FuzzTarget {
    private final Map<Traffic, BothWays> waysOf = new EnumMap<>(Traffic.class);

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        List<Traffic> kinds = List.of(Traffic.values());
        for (Traffic kind : kinds) {
            for (String line : kind.lines()) {
                seeds.add(Seeds.seed(line, kinds.indexOf(kind), kind.lines().indexOf(line)));
                seeds.add(Seeds.seed(line + "\n" + kind.lines().getFirst(), kinds.indexOf(kind), 1));
            }
        }
        return seeds;
    }

    @Override
    public void check(byte[] input) {
        if (input.length < 2) {
            return;
        }
        Traffic kind = Seeds.choice(List.of(Traffic.values()), input[0]);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes(Seeds.choice(kind.lines(), input[1]).getBytes(ISO_8859_1));
        lines.write('\n');
        lines.writeBytes(Arrays.copyOfRange(input, 2, input.length));
        waysOf.computeIfAbsent(kind, Traffic::bothWays).check(new BatchReader(), lines.toByteArray(), kind.name());
    }
}
