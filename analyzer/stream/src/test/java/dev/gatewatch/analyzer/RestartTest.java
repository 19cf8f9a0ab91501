package dev.gatewatch.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.analyzer.burst.BurstMachine;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.report.Handbook;
import dev.gatewatch.analyzer.report.IncidentWriter;
import dev.gatewatch.analyzer.serde.JsonSerde;
import dev.gatewatch.analyzer.service.Askers;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.analyzer.service.Target;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.analyzer.table.BeforeCommit;
import dev.gatewatch.analyzer.table.EventsTable;
import dev.gatewatch.analyzer.table.FactsTable;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFacts.Watermark;
import dev.gatewatch.wire.SourceKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/// What an instance keeps in its store, and the next one that finds it there.
class RestartTest {
    private static final long START = 1_795_341_600_000L;
    private static final String ORDERS = "10.85.0.21:8081";
    private static final Target TARGET = new Target("orders", "orders_api", ORDERS, "", true);

    private final FactsTable facts = FactsTable.builder().build();
    private final EventsTable happened = EventsTable.builder().build();
    private final KeyValueStore<String, Watched> services = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore("services"), Serdes.String(), new JsonSerde<>(Watched.class))
            .withLoggingDisabled()
            .withCachingDisabled()
            .build();
    private final BeforeCommit commits =
            BeforeCommit.builder("find-bursts-commit").build();
    private MockProcessorContext<String, Incident> context = new MockProcessorContext<>();
    private long now = START;

    private FindBursts starts() {
        context = new MockProcessorContext<>();
        context.setCurrentSystemTimeMs(now);
        services.init(context.getStateStoreContext(), services);
        context.addStateStore(services);
        context.addStateStore(commits);
        context.addStateStore(facts);
        context.addStateStore(happened);
        FindBursts instance = new FindBursts(
                new IncidentLife(new BurstMachine(BurstConfig.DEFAULT), new IncidentWriter(Handbook.read())),
                new AnalyzerEvents(new SimpleMeterRegistry()));
        instance.init(context);
        return instance;
    }

    private void second(FindBursts instance, Signal.Outcome outcome) {
        int status = outcome == Signal.Outcome.SERVED ? 200 : 502;
        Tally tally = new Tally(now / 1_000, outcome, "orders_api", ORDERS, "", true, status, now, now, 5, Askers.NONE);
        Signal refused = new Signal.Trouble("connect_refused", "nginx", now, "", ORDERS, "", 111, "/", "", false);
        List<Sighting> sightings = outcome == Signal.Outcome.SERVED
                ? List.of()
                : List.of(
                        new Sighting(refused, TARGET, "nginx-error", "connect() failed (111: …", now, 5, Askers.NONE));
        instance.process(new Record<>(
                "orders", List.of(new ServiceReport("orders", "edge1.lab", "nginx", List.of(tally), sightings)), now));
        commits.flushCache();
        passes(1_000);
    }

    private void passes(long millis) {
        for (long end = now + millis; now < end; ) {
            now += 1_000;
            context.setCurrentSystemTimeMs(now);
            context.scheduledPunctuators().stream()
                    .filter(p -> now % p.getInterval().toMillis() == 0)
                    .forEach(p -> p.getPunctuator().punctuate(now));
            commits.flushCache();
        }
    }

    private Incident last() {
        return context.forwarded().getLast().record().value();
    }

    /// Twenty seconds of failures and the end of the burst, as an instance sees them.
    private Incident resolved() {
        Instant at = Instant.ofEpochMilli(START - 60_000);
        facts.put(
                new HostFacts(
                        "app1.lab",
                        at,
                        List.of("10.85.0.21"),
                        at,
                        ZoneOffset.UTC,
                        true,
                        List.of(new HostFacts.Listener("0.0.0.0:8081", 0, 128, "orders.service", "python3", 1336)),
                        List.of(),
                        List.of(),
                        List.of(new Watermark("j", SourceKind.JOURNALD, "journal", at, 0, 0))),
                now);
        FindBursts instance = starts();
        for (int i = 0; i < 20; i++) {
            second(instance, Signal.Outcome.FAILED);
        }
        for (int i = 0; i < 40; i++) {
            second(instance, Signal.Outcome.SERVED);
        }
        assertThat(last().state()).isEqualTo(Incident.State.RESOLVED);
        return last();
    }

    private void exits() {
        Signal exit = new Signal.UnitEvent(
                "unit_main_exited", START - 500, "orders.service", "", "exit-code", "exited", 1, -1);
        happened.add(
                "app1.lab",
                new HostEvent(exit, "journald", "orders.service: Main process exited", START - 500, 1),
                START);
    }

    @Test
    void a_resolved_incident_is_revised_by_the_instance_that_comes_after_the_one_that_resolved_it() {
        Incident resolved = resolved();
        assertThat(resolved.cause()).isNotEqualTo("app_crash");
        passes(20_000);

        starts();
        passes(20_000);
        assertThat(context.forwarded()).isEmpty();
        exits();
        passes(10_000);

        assertThat(context.forwarded()).hasSize(1);
        assertThat(last().id()).isEqualTo(resolved.id());
        assertThat(last().revision()).isEqualTo(resolved.revision() + 1);
        assertThat(last().state()).isEqualTo(Incident.State.RESOLVED);
        assertThat(last().resolvedAt()).isEqualTo(resolved.resolvedAt());
        assertThat(last().cause() + "/" + last().subCause()).isEqualTo("app_crash/exit_error");
    }

    /// All lines take as long on their way as the first one.
    @Test
    void a_service_that_is_heard_is_kept_for_more_than_two_days() {
        FindBursts instance = starts();
        second(instance, Signal.Outcome.SERVED);
        for (int day = 0; day < 3; day++) {
            now += 86_400_000;
            second(instance, Signal.Outcome.SERVED);
        }
        passes(3_600_000);
        assertThat(services.get("orders")).isNotNull();
    }

    @Test
    void a_service_that_is_not_heard_for_two_days_is_forgotten() {
        FindBursts instance = starts();
        second(instance, Signal.Outcome.SERVED);
        now += 2 * 86_400_000;
        passes(3_600_000);
        assertThat(services.get("orders")).isNull();
    }

    @Test
    void what_an_instance_does_not_know_does_not_weaken_what_the_one_before_it_told() {
        exits();
        assertThat(resolved().cause()).isEqualTo("app_crash");
        passes(5_000);

        facts.remove("app1.lab");
        starts();
        passes(30_000);

        assertThat(context.forwarded()).isEmpty();
    }
}
