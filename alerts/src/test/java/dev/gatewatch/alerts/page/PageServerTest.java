package dev.gatewatch.alerts.page;

import static dev.gatewatch.alerts.Incidents.START;
import static dev.gatewatch.alerts.Incidents.anIncident;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.board.Change;
import dev.gatewatch.alerts.board.Retention;
import dev.gatewatch.alerts.events.AlertsEvents;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.IncidentJson;
import dev.gatewatch.program.Address;
import dev.gatewatch.program.Health;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageServerTest {
    private static final String ID = "orders-20261122140227";

    private final ObjectMapper mapper = new ObjectMapper();
    private final Board board = new Board(new Retention(Duration.ofDays(7), 20_000), () -> START.plusSeconds(60));
    private final HttpClient client = HttpClient.newHttpClient();
    private Health health = Health.ok("reading");
    private PageServer server;

    @BeforeEach
    void start() throws Exception {
        server = PageServer.start(
                new Address("127.0.0.1", 0),
                "shop-eu1",
                board,
                () -> health,
                new AlertsEvents(new SimpleMeterRegistry()),
                () -> START.plusSeconds(60));
        board.complete();
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void theIncidentPageTellsTheStory() throws Exception {
        put(anIncident().build());

        String page = get("/i/" + ID).body();

        assertThat(page)
                .contains("<title>● orders_api: Backend down, clean stop</title>", "confirmed · 97", "open 1 min")
                .contains("orders.service on app1.lab was stopped 0.3 s before")
                .contains("<svg", "<desc", "Show as a table", "<th scope=\"row\">14:02:27</th>")
                .contains(
                        "<code>systemctl status orders.service</code>",
                        "class=\"check unknown\"",
                        "class=\"check good\"")
                .contains("−0.3 s", "unit stopped", "upstream refused × 98")
                .contains("Wrong upstream, wrong port", "datetime=\"2026-11-22T14:02:27.300Z\"", "class=\"local\"")
                .contains("112 of 130 requests failed through edge1.lab", "revision 1");
    }

    @Test
    void theListHasOpenOnesFirst() throws Exception {
        put(
                anIncident().build(),
                anIncident()
                        .id("resolved-1")
                        .service("payments")
                        .resolvedAt(START.plusSeconds(40))
                        .build());

        String page = get("/").body();

        assertThat(page)
                .contains("(1) Gatewatch", "1 incident is open", "href=\"/i/" + ID + "\"", "href=\"/i/resolved-1\"");
        assertThat(page.indexOf("orders_api")).isLessThan(page.indexOf("payments"));
    }

    @Test
    void anEmptyBoardIsCalmAndADisconnectedOneIsNot() throws Exception {
        assertThat(get("/").body()).contains("No gateway is failing").doesNotContain("role=\"alert\"");
        health = Health.failing("no broker answers");
        assertThat(get("/").body()).contains("What you see may be out of date: no broker answers.");
    }

    @Test
    void aBoardThatWasNeverCompleteKnowsNothing() throws Exception {
        try (PageServer unread = PageServer.start(
                new Address("127.0.0.1", 0),
                "shop-eu1",
                new Board(new Retention(Duration.ofDays(7), 1), () -> START),
                () -> Health.failing("no broker answers"),
                new AlertsEvents(new SimpleMeterRegistry()),
                () -> START)) {
            URI address = URI.create("http://127.0.0.1:" + unread.address().getPort() + "/");
            String page = client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(page)
                    .contains("Whether a gateway is failing is not known yet", "no broker answers")
                    .doesNotContain("No gateway is failing");
        }
    }

    @Test
    void aScriptInARequestPathStaysText() throws Exception {
        String attack = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>' onmouseover='x";
        Incident.Evidence line =
                new Incident.Evidence(START, attack, "nginx-error", "GET /" + attack, "upstream_refused", 1);
        put(anIncident()
                .service(attack)
                .summary(attack)
                .cause(attack, attack)
                .evidence(line)
                .chain(new Incident.Link(START, 0, attack, "nginx-error", "upstream_refused", attack))
                .proxies(new Incident.Proxy(attack, "nginx"))
                .build());

        for (String path : new String[] {"/", "/i/" + ID, "/?service=%3Cscript%3E&cause=%22%3E%3Cimg"}) {
            String page = get(path).body();

            assertThat(page.split("<script", -1)).as(path).hasSize(2);
            assertThat(page).as(path).doesNotContain("<img", "<b>").doesNotContainPattern("<[^>]* on[a-z]+=");
        }
    }

    @Test
    void howItCameAboutIsAnOrderedListWithTimes() throws Exception {
        put(anIncident().build());

        String page = get("/i/" + ID).body();

        String chain = page.substring(page.indexOf("<ol class=\"chain\">"), page.indexOf("</ol>"));
        assertThat(page).contains("aria-labelledby=\"chain-title\"", "How it came about");
        assertThat(chain)
                .containsSubsequence("−0.3 s", "<time datetime=", "orders.service was stopped", "app1.lab")
                .containsSubsequence("orders.service was stopped", "+0.0 s", "the first request failed with 502");
    }

    @Test
    void anIncidentOfAnOlderAnalyzerHasNoChainToShow() throws Exception {
        put(anIncident().chain().build());
        assertThat(get("/i/" + ID).body()).doesNotContain("How it came about").contains("Evidence");
    }

    @Test
    void hugeLinesAreCut() throws Exception {
        Incident.Evidence line =
                new Incident.Evidence(START, "edge1.lab", "nginx-error", "x".repeat(900_000), "upstream_refused", 1);
        put(anIncident().evidence(line, line, line).build());

        assertThat(get("/i/" + ID).body().length()).isLessThan(60_000);
    }

    @Test
    void everyAnswerForbidsWhatThePageDoesNotNeed() throws Exception {
        put(anIncident().build());
        for (String path : new String[] {"/", "/i/" + ID, "/nothing", "/assets/page.js", "/api/v1/incidents"}) {
            HttpResponse<String> answer = get(path);

            assertThat(answer.headers().firstValue("content-security-policy"))
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .startsWith("default-src 'none'; script-src 'self'")
                            .doesNotContain("unsafe"));
            assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("referrer-policy")).hasValue("no-referrer");
            assertThat(answer.body()).doesNotContain("style=\"", "https://", "src=\"http");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/incidents, 3",
        "/api/v1/incidents?state=open, 2",
        "/api/v1/incidents?state=resolved, 1",
        "/api/v1/incidents?service=ORDERS, 1",
        "/api/v1/incidents?cause=app_crash, 1",
        "/api/v1/incidents?cause=oom_kill&state=open, 1",
        "/api/v1/incidents?cause=oom_kill&state=resolved, 0"
    })
    void theApiFilters(String path, int expected) throws Exception {
        putThree();

        JsonNode answer = mapper.readTree(get(path).body());

        assertThat(answer.get("incidents")).hasSize(expected);
        assertThat(answer.get("total").asInt()).isEqualTo(expected);
        assertThat(answer.get("complete").asBoolean()).isTrue();
    }

    @Test
    void theApiGivesIncidentsAsTheyAreOnTheTopic() throws Exception {
        Incident incident = anIncident().build();
        put(incident);
        IncidentJson json = new IncidentJson();

        assertThat(json.decode(get("/api/v1/incidents/" + ID).body().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(incident);
        HttpRequest request = HttpRequest.newBuilder(uri("/i/" + ID))
                .header("Accept", "application/json")
                .build();
        assertThat(json.decode(client.send(request, HttpResponse.BodyHandlers.ofByteArray())
                        .body()))
                .isEqualTo(incident);
    }

    @Test
    void aLimitLeavesOutTheOldestAndTellsHowManyThereAre() throws Exception {
        putThree();

        JsonNode answer = mapper.readTree(get("/api/v1/incidents?limit=1").body());

        assertThat(answer.get("incidents")).hasSize(1);
        assertThat(answer.get("total").asInt()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"state=broken", "limit=0", "limit=1001", "limit=x", "colour=red"})
    void aWrongQueryIsRefusedWithASentence(String query) throws Exception {
        HttpResponse<String> answer = get("/api/v1/incidents?" + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(mapper.readTree(answer.body()).get("error").asText()).isNotBlank();
        assertThat(get("/?" + query).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/i/",
                "/i/nope",
                "/x",
                "/assets/",
                "/assets/../page.css",
                "/assets/page.css/",
                "/i/..%2f..%2fetc%2fpasswd",
                "/api",
                "/api/v1/incidents/",
                "/api/v1/incidents/nope",
                "/api/v2/alerts"
            })
    void whatIsNotThereIs404InTheFormThatIsAskedFor(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValue(
                        path.startsWith("/api") && !path.equals("/api")
                                ? "application/json"
                                : "text/html; charset=utf-8");
    }

    @Test
    void onlyReadingIsAllowed() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri("/"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        HttpRequest head = HttpRequest.newBuilder(uri("/")).HEAD().build();

        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
        HttpResponse<String> headed = client.send(head, HttpResponse.BodyHandlers.ofString());
        assertThat(headed.statusCode()).isEqualTo(200);
        assertThat(headed.body()).isEmpty();
    }

    @Test
    void changesAreToldAtOnce() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/api/v1/events"))
                .header("Last-Event-ID", Long.toString(board.view().version()))
                .build();
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("retry: 2000");

            put(anIncident().build());

            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("id: " + board.view().version());
            assertThat(lines.readLine()).isEqualTo("event: board");
            server.close();
        }
    }

    @Test
    void tenThousandIncidentsStayALightPage() throws Exception {
        Incident[] many = new Incident[10_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = anIncident()
                    .id("resolved-" + i)
                    .service("service-" + i)
                    .startedAt(START.minusSeconds(i))
                    .resolvedAt(START.plusSeconds(1))
                    .build();
        }
        put(many);

        String page = get("/").body();

        assertThat(page).contains("The newest 100 of 10\u202f000.");
        assertThat(page.length()).isLessThan(150_000);
    }

    private void putThree() {
        put(
                anIncident().build(),
                anIncident()
                        .id("catalog-1")
                        .service("catalog")
                        .cause("app_crash", "oom_kill")
                        .build(),
                anIncident()
                        .id("resolved-1")
                        .service("payments")
                        .resolvedAt(START.plusSeconds(40))
                        .build());
    }

    private void put(Incident... incidents) {
        board.apply(Arrays.stream(incidents).<Change>map(Change.Revised::new).toList());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }
}
