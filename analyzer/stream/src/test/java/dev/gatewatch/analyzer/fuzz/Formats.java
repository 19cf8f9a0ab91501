package dev.gatewatch.analyzer.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.read.BatchReader;
import dev.gatewatch.analyzer.read.BothWays;
import dev.gatewatch.analyzer.read.Traffic;
import dev.gatewatch.analyzer.signal.LineContext;
import dev.gatewatch.analyzer.signal.Lines;
import dev.gatewatch.analyzer.signal.Reading;
import dev.gatewatch.analyzer.signal.SignalReader;
import dev.gatewatch.wire.SourceKind;
import java.util.ArrayList;
import java.util.List;

/// What proxies' configurations say of their logs, and what holds of lines in such formats.
final class Formats {
    private Formats() {}

    /// A `log_format`. Lines of it count as the full grammar reads them.
    static FormatTarget nginx() {
        return new FormatTarget(
                Formats::nginxSeeds,
                (escape, format, lines) ->
                        new BothWays(SourceKind.NGINX_ACCESS, format, escape).check(new BatchReader(), lines, format));
    }

    private static List<byte[]> nginxSeeds() {
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

    /// A `log-format`. A line of it reads the same each time.
    static FormatTarget haproxy() {
        SignalReader reader = new SignalReader();
        return new FormatTarget(Formats::haproxySeeds, (escape, format, line) -> {
            LineContext context = Lines.haproxy(format);
            Reading reading = reader.read(context, line, 0, line.length);
            ReadingProperties.check(reading, line.length);
            assertThat(new SignalReader().read(context, line, 0, line.length)).isEqualTo(reading);
        });
    }

    private static List<byte[]> haproxySeeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String line : Lines.resource("lines/haproxy-formats.log")) {
            Seeds.HAPROXY_FORMATS.forEach(format -> seeds.add(Seeds.seed(format + "\n" + line, 0)));
        }
        return seeds;
    }
}
