package dev.gatewatch.standalone.replay;

import dev.gatewatch.analyzer.AnalyzerEvents;
import dev.gatewatch.analyzer.Pipeline;
import dev.gatewatch.analyzer.burst.BurstConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.Supplier;
import org.apache.kafka.streams.Topology;

/// The analyzer's topology as `replay` uses it.
public final class TestPipeline {
    private TestPipeline() {}

    /// Makes a new one each time.
    public static Supplier<Topology> create() {
        return () -> new Pipeline(BurstConfig.DEFAULT, new AnalyzerEvents(new SimpleMeterRegistry())).get();
    }
}
