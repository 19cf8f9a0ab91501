package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proxies besides NGINX and HAProxy, in front of the same servers.
class OtherProxiesStoriesTest {
    private static final String EDGE = "edge1.lab";
    private static final String SERVER = "10.85.0.21:8081";

    private final Story story = new Story();
    private final Unit orders = story.unit("app1.lab", "orders.service");

    @AfterEach
    void end() {
        story.close();
    }

    private Story lines(SourceKind source, int count, String line) {
        for (int i = 0; i < count; i++) {
            story.line(EDGE, source, line);
        }
        return story;
    }

    private Story envoy(int requests, String statusAndFlags, String details, String serviceTime) {
        return lines(
                SourceKind.ENVOY,
                requests,
                "[%s] \"GET /orders HTTP/1.1\" %s %s - \"-\" 0 145 0 %s \"-\" \"curl\" \"r\" \"shop\" \"%s\" outbound|80||orders"
                                .formatted(story.now(), statusAndFlags, details, serviceTime, SERVER)
                        + ".shop.svc 10.85.0.11:1 10.85.0.11:80 10.85.0.100:2 - default");
    }

    private Story alb(int requests, String times, String statuses) {
        return lines(
                SourceKind.ALB,
                requests,
                "http %s app/shop/50dc 10.85.0.100:1 %s %s %s 49 1010 \"GET http://shop:80/orders HTTP/1.1\" \"curl\" - -"
                                .formatted(story.now(), SERVER, times, statuses)
                        + " arn:aws:elasticloadbalancing:x:1:targetgroup/orders/73e2 \"-\" \"-\" \"-\" 0 "
                        + story.now()
                        + " \"forward\" \"-\" \"-\" \"-\" \"-\" \"-\" \"-\"");
    }

    private Story caddy(int requests, int status, String error) {
        Instant now = story.now();
        String rest =
                "\"request\":{\"method\":\"GET\",\"uri\":\"/orders\"},\"duration\":0.001,\"size\":%d,\"status\":%d}"
                        .formatted(status == 200 ? 3 : 0, status);
        for (int i = 0; i < requests; i++) {
            String head = "{\"level\":\"error\",\"ts\":%d.5,\"logger\":".formatted(now.getEpochSecond());
            if (!error.isEmpty()) {
                story.line(EDGE, SourceKind.CADDY, head + "\"http.log.error\",\"msg\":\"" + error + "\"," + rest);
            }
            story.line(EDGE, SourceKind.CADDY, head + "\"http.log.access\",\"msg\":\"handled request\"," + rest);
        }
        return story;
    }

    @Test
    void envoy_says_that_a_server_is_gone() {
        String refused = "upstream_reset_before_response_started{connection_failure,delayed_connect_error:_111}";
        story.until("10:00:00", s -> envoy(5, "200 -", "via_upstream", "3"));
        orders.stops();
        story.until("10:00:30", s -> envoy(5, "503 UF", refused, "-"))
                .until("10:01:30", s -> envoy(5, "200 -", "via_upstream", "3"));

        assertThat(story.incident()).isCausedBy("backend_down/clean_stop").blames("app1.lab", "orders.service");
        assertThat(story.incident().proxies()).extracting(p -> p.kind()).containsExactly("envoy");
        assertThat(story.incident().requests().failed()).containsOnlyKeys("503");
    }

    @Test
    void a_balancer_tells_by_its_times_that_a_server_is_gone() {
        story.until("10:00:00", s -> alb(5, "0.001 0.003 0.000", "200 200"));
        orders.stops();
        story.until("10:00:30", s -> alb(5, "-1 -1 -1", "502 -"))
                .until("10:01:30", s -> alb(5, "0.001 0.003 0.000", "200 200"));

        assertThat(story.incident()).isCausedBy("backend_down/clean_stop").blames("app1.lab", "orders.service");
        assertThat(story.incident().proxies()).extracting(p -> p.kind()).containsExactly("alb");
    }

    @Test
    void what_a_balancer_passes_on_is_the_servers_own() {
        story.until("10:00:00", s -> alb(5, "0.001 0.003 0.000", "200 200"))
                .until("10:00:30", s -> alb(5, "0.001 0.003 0.000", "502 502"))
                .until("10:01:30", s -> alb(5, "0.001 0.003 0.000", "200 200"));

        assertThat(story.incident()).isCausedBy("app_error/passed_through");
    }

    @Test
    void caddys_requests_and_its_errors_are_one_story() {
        story.until("10:00:00", s -> caddy(5, 200, ""));
        orders.stops();
        story.until("10:00:30", s -> caddy(5, 502, "dial tcp " + SERVER + ": connect: connection refused"))
                .until("10:01:30", s -> caddy(5, 200, ""));

        assertThat(story.incident()).isCausedBy("backend_down/clean_stop").blames("app1.lab", "orders.service");
        assertThat(story.incident().endpoints()).extracting(e -> e.address()).contains(SERVER);
        assertThat(story.incident().requests().failed()).containsOnlyKeys("502");
    }
}
