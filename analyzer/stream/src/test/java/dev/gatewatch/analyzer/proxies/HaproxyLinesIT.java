package dev.gatewatch.analyzer.proxies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatewatch.analyzer.proxies.Stage.Case;
import dev.gatewatch.analyzer.proxies.Stage.Ready;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every termination state and message that a real HAProxy can be made to write is understood.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(30)
class HaproxyLinesIT {
    private final List<Case> cases = new ArrayList<>();
    private final Instant begun = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Messages messages = new Messages();

    private Path haproxy;
    private Stage stage;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        haproxy = ProxyProcess.find("haproxy").orElse(Path.of(""));
        assumeTrue(Files.isExecutable(haproxy), "haproxy is not installed (Debian: apt-get install haproxy)");
        assumeTrue(ProxyProcess.find("openssl").isPresent(), "openssl is not installed");
        stage = Stage.open(folder);
        start(
                HaproxyScenarios.shared(),
                new Haproxy().logsTo(stage.outputs()),
                folder.resolve("shared"),
                stage.places());
        startApart("crash", HaproxyScenarios.crashed(), folder);
        startApart("stop", HaproxyScenarios.stopped(), folder);
        if (System.getProperty("user.name").equals("root")) {
            NetworkNamespace network = stage.opened(NetworkNamespace.create());
            Places places = stage.places().copy().put("listen:web", "unix@" + folder.resolve("isolated.sock"));
            Haproxy isolated = new Haproxy().logsToConsole().runBy(network.runner());
            start(Map.of("network", HaproxyScenarios.isolated()), isolated, folder.resolve("isolated"), places);
        }
    }

    private void startApart(String kind, List<Scenario> scenarios, Path folder) throws Exception {
        Places places = stage.places();
        Places its = places.copy().put("listen:web", places.in("{listen:" + kind + "}"));
        start(Map.of(kind, scenarios), new Haproxy().logsToConsole(), folder.resolve(kind), its);
    }

    private void start(Map<String, List<Scenario>> kinds, Haproxy proxy, Path home, Places around) throws Exception {
        Places places = around.copy().put("dir", Files.createDirectory(home));
        List<Ready> ready = stage.prepare(kinds, places);
        ready.forEach(each -> proxy.backend(each.scenario(), each.places()));
        int mark = stage.outputs().mark();
        ProxyProcess process = stage.opened(proxy.start(haproxy, home, places, stage.outputs()));
        new Site(places, stage.outputs(), process).await(mark, "console haproxy_started | New worker ");
        cases.addAll(stage.cases(ready, process));
    }

    @AfterAll
    void stop() throws Exception {
        if (stage != null) {
            EmittedLines.write("haproxy", stage.outputs(), "haproxy", "console");
            stage.close();
        }
    }

    List<Case> cases() {
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Order(1)
    void a_message_is_understood(Case scenario) throws Exception {
        for (Emitted line : scenario.play()) {
            if (line.output().equals("haproxy") || scenario.kind().equals("network")) {
                messages.add(scenario.kind(), Template.of(line));
            }
        }
    }

    @Test
    @Order(2)
    void no_line_is_not_understood() {
        assertThat(stage.outputs().broken()).isEmpty();
        assertThat(stage.outputs().all())
                .isNotEmpty()
                .filteredOn(line -> !line.isUnderstood())
                .isEmpty();
    }

    @Test
    @Order(3)
    void every_event_is_of_the_time_of_the_test() {
        Instant soon = Instant.now().plusSeconds(2);
        assertThat(stage.outputs().all())
                .filteredOn(Emitted::says)
                .isNotEmpty()
                .filteredOn(line -> line.at().isBefore(begun) || line.at().isAfter(soon))
                .isEmpty();
    }

    @Test
    @Order(4)
    void every_syslog_format_says_the_same() throws Exception {
        List<Emitted> all = stage.outputs()
                .awaitAll(
                        Duration.ofSeconds(10),
                        lines -> Haproxy.FORMATS.stream()
                                .allMatch(format -> said(lines, format).equals(said(lines, "haproxy"))));
        assertThat(said(all, "haproxy")).hasSizeGreaterThan(80);
        for (String format : Haproxy.FORMATS) {
            assertThat(said(all, format)).as(format).containsExactlyInAnyOrderElementsOf(said(all, "haproxy"));
        }
    }

    private static List<String> said(List<Emitted> lines, String output) {
        return lines.stream()
                .filter(line -> line.output().equals(output))
                .map(line -> String.join(" ", line.words()))
                .sorted()
                .toList();
    }

    @Test
    @Order(5)
    void at_least_so_many_messages_were_understood() {
        System.out.println("HAProxy:\n" + messages);
        assertThat(messages.count()).isGreaterThanOrEqualTo(40);
    }
}
