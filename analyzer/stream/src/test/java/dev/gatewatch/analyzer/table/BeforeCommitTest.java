package dev.gatewatch.analyzer.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Kafka Streams is relied on for: it calls before each commit, and what is then forwarded and put belongs to the
/// commit. If a version of Kafka Streams stops to, this fails.
class BeforeCommitTest {
    @TempDir
    private Path folder;

    /// Keeps what comes until the commit, then forwards it and puts it into a store.
    private static final class Keeper implements Processor<String, String, String, String> {
        private final List<Record<String, String>> waiting = new ArrayList<>();
        private ProcessorContext<String, String> context;
        private KeyValueStore<String, String> store;

        @Override
        public void init(ProcessorContext<String, String> itsContext) {
            context = itsContext;
            store = context.getStateStore("last");
            context.<BeforeCommit>getStateStore("commit").each(context, this::handOn);
        }

        @Override
        public void process(Record<String, String> record) {
            waiting.add(record);
        }

        private void handOn() {
            waiting.forEach(record -> {
                store.put(record.key(), record.value());
                context.forward(record);
            });
            waiting.clear();
        }
    }

    private record Supplier() implements ProcessorSupplier<String, String, String, String> {
        @Override
        public Processor<String, String, String, String> get() {
            return new Keeper();
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(
                    BeforeCommit.builder("commit"),
                    Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore("last"), Serdes.String(), Serdes.String()));
        }
    }

    private TopologyTestDriver driver() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
                .process(new Supplier())
                .mapValues(value -> value + "!")
                .to("out", Produced.with(Serdes.String(), Serdes.String()));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "before-commit");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        return new TopologyTestDriver(builder.build(), properties);
    }

    @Test
    void what_waits_is_handed_on_with_the_commit_and_reaches_the_nodes_behind() {
        try (TopologyTestDriver driver = driver()) {
            TestInputTopic<String, String> in =
                    driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            TestOutputTopic<String, String> out =
                    driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer());
            in.pipeInput("a", "1"); // the driver commits after each record
            in.pipeInput("b", "2");
            assertThat(out.readKeyValuesToList()).containsExactly(KeyValue.pair("a", "1!"), KeyValue.pair("b", "2!"));
            assertThat(driver.<String, String>getKeyValueStore("last").get("b")).isEqualTo("2");
        }
    }

    @Test
    void it_is_a_store_without_content_or_changelog() {
        StoreBuilder<BeforeCommit> builder = BeforeCommit.builder("commit");
        StateStore store = builder.build();
        assertThat(store.persistent()).isFalse();
        assertThat(builder.loggingEnabled()).isFalse();
    }

    @Test
    void without_a_processor_there_is_nothing_to_do() {
        BeforeCommit store = BeforeCommit.builder("commit").build();
        assertThatCode(store::flushCache).doesNotThrowAnyException();
        assertThatCode(store::clearCache).doesNotThrowAnyException();
    }
}
