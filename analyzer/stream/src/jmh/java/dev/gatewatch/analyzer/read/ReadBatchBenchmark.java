package dev.gatewatch.analyzer.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A batch of one second's lines: ordinary ones, which are counted, and failed ones, which the full
/// grammar reads.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReadBatchBenchmark {
    private static final int LINES = 300;

    /// How the requests end.
    @Param({"200 217 - - ----", "503 217 - - SC--"})
    public String ending;

    private final BatchReader reader = new BatchReader();
    private final ServiceMap services = new ServiceMap(List.of());
    private LineBatch batch;

    @Setup
    public void makeBatch() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            text.append("Nov 22 13:55:15 lb1 haproxy[27995]: 10.85.0.%d:42020 [22/Nov/2026:13:55:15.%03d] fe be/app%d"
                            .formatted(i % 256, i, i % 4))
                    .append(" 0/0/1/7/9 ")
                    .append(ending)
                    .append(" 2/2/1/1/0 0/0 \"GET /api/orders/%d HTTP/1.1\"%n".formatted(i));
        }
        byte[] bytes = text.toString().getBytes(UTF_8);
        batch = new LineBatch(
                "lb1",
                List.of(),
                SourceKind.HAPROXY,
                "/var/log/haproxy.log",
                "stream",
                0,
                bytes.length,
                0,
                ZoneOffset.UTC,
                Instant.parse("2026-11-22T14:10:00Z"),
                null,
                Set.of(),
                null,
                bytes);
    }

    @Benchmark
    public BatchResult read() {
        return reader.read(batch, null, null, services);
    }
}
