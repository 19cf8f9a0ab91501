package dev.gatewatch.analyzer.proxies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatewatch.analyzer.proxies.Outputs.Output;
import dev.gatewatch.analyzer.proxies.Stage.Case;
import dev.gatewatch.analyzer.proxies.Stage.Ready;
import dev.gatewatch.wire.SourceKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

/// Every message that a real NGINX can be made to write about its upstreams and itself is understood.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(30)
class NginxLinesIT {
    private static final Path STREAM_MODULE = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");

    private final List<Case> cases = new ArrayList<>();
    private final Instant begun = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Messages messages = new Messages();

    private Path folder;
    private Path nginx;
    private Stage stage;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        nginx = ProxyProcess.find("nginx").orElse(Path.of(""));
        assumeTrue(Files.isExecutable(nginx), "nginx is not installed (Debian: apt-get install nginx)");
        assumeTrue(ProxyProcess.find("openssl").isPresent(), "openssl is not installed");
        stage = Stage.open(folder);
        startShared();
        startIsolated();
        start("exhaustion", NginxScenarios.starved(), new Nginx("starved", 128).main("worker_rlimit_nofile 24;"));
        start("exhaustion", NginxScenarios.crowded(), new Nginx("crowded", 12));
        addFailingStarts();
    }

    @AfterAll
    void stop() throws Exception {
        if (stage != null) {
            EmittedLines.write("nginx", stage.outputs(), "error", "console", "timed", "json", "ingress");
            stage.close();
        }
    }

    private void startShared() throws Exception {
        String syslog = stage.outputs().receive(new Output("syslog", SourceKind.NGINX_ERROR));
        Nginx shared = new Nginx("shared", 512)
                .main("error_log syslog:server=" + syslog + ",tag=nginx info;")
                .http("server { listen {listen:tls} ssl; server_name shop.test;"
                        + " ssl_certificate {certificates}/good.pem; ssl_certificate_key {certificates}/key.pem; }");
        Map<String, List<Scenario>> kinds = NginxScenarios.shared();
        if (Files.exists(STREAM_MODULE)) {
            shared.main("load_module " + STREAM_MODULE + ";");
            kinds.put("stream", NginxScenarios.streams());
        }
        kinds.put("process", NginxScenarios.process());
        start(kinds, shared, stage.places());
    }

    private void startIsolated() throws Exception {
        if (!System.getProperty("user.name").equals("root")) {
            return;
        }
        NetworkNamespace network = stage.opened(NetworkNamespace.create());
        Places places = stage.places().copy().put("listen:web", "unix:" + folder.resolve("isolated.sock"));
        start(Map.of("network", NginxScenarios.isolated()), new Nginx("isolated", 512).runBy(network.runner()), places);
    }

    private void addFailingStarts() throws Exception {
        String nobody = "x".repeat(64) + ".test"; // No name server is asked for a label of this length.
        addFailingStart(
                new Nginx("unresolved", 64).http("upstream lost { server " + nobody + "; }"),
                "error dns_host_not_found_startup name=" + nobody + " | [emerg]",
                "console dns_host_not_found_startup name=" + nobody + " | nginx: [emerg] host not found in upstream");
        addFailingStart(
                new Nginx("late", 64),
                "error proxy_bind_in_use kind=nginx | failed (98: ",
                "console proxy_bind_in_use | nginx: [emerg] bind() to {listen:web} failed (98: ");
    }

    private void addFailingStart(Nginx proxy, String... says) throws Exception {
        Path home = Files.createDirectory(folder.resolve(proxy.name()));
        Places places = stage.places().copy().put("dir", home);
        Scenario scenario = Scenario.scenario("start of " + proxy.name())
                .when((site, path) -> stage.opened(proxy.start(nginx, home, places, stage.outputs())))
                .says(says);
        cases.add(new Case("start", scenario, new Site(places, stage.outputs(), null)));
    }

    private void start(String kind, List<Scenario> scenarios, Nginx proxy) throws Exception {
        Places places = stage.places().copy().put("listen:web", stage.places().in("{listen:" + proxy.name() + "}"));
        start(Map.of(kind, scenarios), proxy, places);
    }

    private void start(Map<String, List<Scenario>> kinds, Nginx proxy, Places around) throws Exception {
        Path home = Files.createDirectory(folder.resolve(proxy.name()));
        Places places = around.copy().put("dir", home);
        List<Ready> ready = stage.prepare(kinds, places);
        for (Ready each : ready) {
            if (each.kind().equals("stream")) {
                proxy.stream(each.scenario(), each.places());
            } else {
                proxy.location(each.scenario(), each.places());
            }
        }
        int mark = stage.outputs().mark();
        ProxyProcess process = stage.opened(proxy.start(nginx, home, places, stage.outputs()));
        new Site(places, stage.outputs(), process).await(mark, "error nginx_reload | start worker process ");
        cases.addAll(stage.cases(ready, process));
    }

    List<Case> cases() {
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Order(1)
    void a_message_is_understood(Case scenario) throws Exception {
        for (Emitted line : scenario.play()) {
            if (line.output().equals("error")) {
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
    void every_access_format_tells_the_same() throws Exception {
        List<Emitted> all = stage.outputs().awaitAll(Duration.ofSeconds(10), NginxLinesIT::areAllWritten);
        assertThat(requests(all, "timed")).hasSizeGreaterThan(100);
        assertThat(requests(all, "json")).containsExactlyElementsOf(requests(all, "timed"));
        assertThat(requests(all, "timed unknown")).containsExactlyElementsOf(requests(all, "timed"));
        assertThat(requests(all, "json unknown")).containsExactlyElementsOf(requests(all, "json"));
        // ingress-nginx' format has neither the time of the connection nor that of the header, which tells whose a 503
        // is; there a limit looks like a service without endpoints.
        assertThat(requests(all, "ingress", "connected"))
                .containsAll(requests(all, "timed", "connected").stream()
                        .filter(request -> !request.startsWith("pass_through ") && !request.startsWith("limit "))
                        .toList());
    }

    private static boolean areAllWritten(List<Emitted> lines) {
        List<String> timed = requests(lines, "timed");
        return requests(lines, "json").equals(timed)
                && Stream.of("combined", "ingress")
                        .allMatch(other -> requests(lines, other).size() == timed.size());
    }

    private static List<String> requests(List<Emitted> lines, String output, String... withoutKeys) {
        return lines.stream()
                .filter(line -> line.output().equals(output))
                .map(line -> String.join(" ", line.wordsWithout(withoutKeys)))
                .sorted()
                .toList();
    }

    @Test
    @Order(5)
    void at_least_so_many_messages_were_understood() {
        System.out.println("NGINX:\n" + messages);
        assertThat(messages.count()).isGreaterThanOrEqualTo(60);
    }

    @Test
    @Order(6)
    void syslog_says_what_the_file_says() {
        List<Emitted> file = stage.outputs().of("error");
        assertThat(stage.outputs().of("syslog"))
                .hasSizeGreaterThan(100)
                .filteredOn(line -> !line.line().contains("#012"))
                .filteredOn(line -> file.stream()
                        .noneMatch(same -> line.line().endsWith(same.line())
                                && same.words().equals(line.words())))
                .isEmpty();
    }
}
