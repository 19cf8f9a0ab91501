package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.Incident.Verdict;
import dev.gatewatch.wire.SourceKind;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The connection stands, and no proper answer comes.
class AnswerStoriesTest {
    private final Story story = new Story();
    private final Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Nginx payments = story.nginx(Lab.PAYMENTS, "/api/payments/1");
    private final Haproxy catalog = story.haproxy("be_catalog/app2");
    private final Unit orders = story.unit("app1.lab", "orders.service");

    @AfterEach
    void end() {
        story.close();
    }

    private void serveUntil(String clock) {
        story.until(clock, s -> nginx.served(5));
    }

    @Test
    void a_server_that_listens_and_does_not_answer_in_time_is_slow() {
        serveUntil("10:00:00");
        story.until("10:00:30", s -> nginx.readTimeout(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_timeout/slow_response")
                .blames("app1.lab", "orders.service")
                .isResolved();
        assertThat(story.incident().requests().failed()).containsOnlyKeys("504");
    }

    @Test
    void haproxy_says_slow_in_its_own_way() {
        story.until("10:00:00", s -> catalog.served(5))
                .until("10:00:30", s -> catalog.answerTimeout(5))
                .until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/slow_response").blames("app2.lab", "catalog.service");
        assertThat(story.incident().proxies()).extracting(p -> p.kind()).containsExactly("haproxy");
    }

    @Test
    void workers_that_were_given_up_beat_slowness() {
        serveUntil("10:00:00");
        story.until("10:00:30", s -> {
                    orders.says("[CRITICAL] WORKER TIMEOUT (pid:1400)");
                    nginx.closedEarly(5);
                })
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_timeout/worker_timeout")
                .blames("app1.lab", "orders.service");
    }

    @Test
    void a_worker_that_its_master_killed_for_taking_too_long_was_not_killed_by_a_stranger() {
        serveUntil("10:00:00");
        story.until("10:00:30", s -> {
                    orders.says("[CRITICAL] WORKER TIMEOUT (pid:1400)");
                    orders.says("[WARNING] Worker with pid 1400 was terminated due to signal 9");
                    nginx.closedEarly(5);
                })
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/worker_timeout");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WARNING: [pool www] server reached pm.max_children setting (5), consider raising it",
                "ERROR sqlalchemy.exc.TimeoutError: QueuePool limit of size 2 overflow 0 reached, connection timed out,"
                        + " timeout 5.00"
            })
    void a_pool_without_free_worker_or_connection_beats_slowness(String line) {
        serveUntil("10:00:00");
        orders.says(line);
        story.until("10:00:30", s -> nginx.readTimeout(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_timeout/pool_exhausted")
                .isConfirmed();
    }

    @Test
    void requests_that_waited_in_the_proxys_queue_tell_of_a_pool_too() {
        story.until("10:00:00", s -> catalog.served(5))
                .until("10:00:30", s -> catalog.queueTimeout(5))
                .until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/pool_exhausted");
    }

    @Test
    void a_server_behind_which_connections_pile_up_is_unresponsive() {
        serveUntil("10:00:00");
        story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 59, 128).until("10:00:30", s -> nginx.readTimeout(5));
        story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 0, 128).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/unresponsive").blames("app1.lab", "orders.service");
    }

    @Test
    void a_connection_or_two_that_wait_for_a_moment_are_no_sign_of_that() {
        serveUntil("10:00:00");
        story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 2, 128)
                .until("10:00:30", s -> nginx.readTimeout(5))
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/slow_response");
    }

    @Test
    void connections_pile_up_behind_workers_that_are_merely_slow() {
        serveUntil("10:00:00");
        story.queue("app1.lab", "0.0.0.0:8081", "orders.service", "gunicorn", 51, 2_048)
                .until("10:00:30", s -> nginx.readTimeout(5))
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/slow_response");
    }

    @Test
    void a_service_that_somebody_suspended_is_unresponsive() {
        serveUntil("10:00:00");
        story.unit("app1.lab", "orders.service").isSuspended();
        story.until("10:00:30", s -> nginx.readTimeout(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_timeout/unresponsive")
                .isConfirmed()
                .shows("unit_suspended");
    }

    @Test
    void a_server_that_answers_not_even_health_checks_is_unresponsive() {
        story.until("10:00:00", s -> catalog.served(5)).until("10:00:05", s -> catalog.answerTimeout(5));
        catalog.down("Layer7 timeout");
        story.until("10:00:20", s -> catalog.noServer(5)).until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/unresponsive");
    }

    @Test
    void a_server_of_which_only_the_health_check_is_slow_is_taken_out_by_it() {
        story.until("10:00:00", s -> catalog.served(5));
        catalog.down("Layer7 timeout");
        story.until("10:00:20", s -> catalog.noServer(5)).until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_down/health_check_failing")
                .blames("app2.lab", "catalog.service")
                .is(Verdict.LIKELY);
    }

    @Test
    void a_server_that_served_nothing_either_while_the_health_check_waited_hangs() {
        story.until("09:59:58", s -> catalog.served(5)).at("10:00:00");
        catalog.down("Layer7 timeout");
        story.until("10:00:20", s -> catalog.noServer(5)).until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/unresponsive");
    }

    /// HAProxy's own check of the name, `verifyhost`.
    @Test
    void a_handshake_that_haproxy_breaks_off_without_a_reason_fails_by_the_name() {
        Haproxy payments = story.haproxy("be_payments/app3");
        story.until("10:00:00", s -> payments.served(5));
        story.unit("edge2.lab", "haproxy.service").reloads();
        payments.down("Layer6 invalid response, info: \"SSL handshake failure\"");
        story.until("10:00:20", s -> {
                    story.unit("app3.lab", "payments.service")
                            .says("LOG3[108]: SSL_accept: ../ssl/record/rec_layer_s3.c:1601: error:0A000438:SSL"
                                    + " routines::tlsv1 alert internal error");
                    payments.noServer(5);
                })
                .until("10:01:30", s -> payments.served(5));
        assertThat(story.incident())
                .isCausedBy("tls_mismatch/certificate_name")
                .blames("edge2.lab", "haproxy.service")
                .shows("app_tls_internal_error");
    }

    @Test
    void a_failing_health_check_takes_the_server_out() {
        story.until("10:00:00", s -> catalog.served(5));
        catalog.down("Layer7 wrong status, code: 500, info: \"Internal Server Error\"");
        story.until("10:00:20", s -> catalog.noServer(5)).until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_down/health_check_failing")
                .blames("app2.lab", "catalog.service")
                .isConfirmed();
    }

    @Test
    void a_health_check_that_is_refused_since_the_unit_was_stopped_is_the_stop() {
        story.until("10:00:00", s -> catalog.served(5));
        story.unit("app2.lab", "catalog.service").stops();
        story.until("10:00:02", s -> catalog.noConnection(5));
        catalog.down("Layer4 connection problem, info: \"Connection refused\"");
        story.until("10:00:20", s -> catalog.noServer(5)).until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_down/clean_stop")
                .blames("app2.lab", "catalog.service")
                .isConfirmed();
    }

    @Test
    void an_operator_who_takes_the_last_server_out_is_doing_maintenance() {
        story.until("10:00:00", s -> catalog.served(5));
        catalog.maintenance();
        story.until("10:00:20", s -> catalog.noServer(5)).until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_down/maintenance")
                .blames("edge2.lab", "haproxy.service")
                .isConfirmed();
    }

    @Test
    void a_server_whose_name_does_not_resolve_any_more_was_taken_out_by_nobody() {
        story.until("10:00:00", s -> catalog.served(5));
        catalog.nameIsLost();
        story.until("10:00:20", s -> catalog.noServer(5)).until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident())
                .isCausedBy("wrong_upstream/name_resolution")
                .blames("edge2.lab", "haproxy.service")
                .isConfirmed();
    }

    @Test
    void a_proxy_that_has_no_server_since_it_was_reloaded_has_none_in_its_configuration() {
        story.until("10:00:00", s -> catalog.served(5));
        story.unit("edge2.lab", "haproxy.service").reloads();
        story.until("10:00:20", s -> catalog.noServer(5)).until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident())
                .isCausedBy("wrong_upstream/no_backend")
                .blames("edge2.lab", "haproxy.service")
                .is(Verdict.LIKELY);
    }

    @Test
    void a_proxy_that_has_no_server_for_no_known_reason_is_not_explained() {
        story.until("10:00:00", s -> catalog.served(5));
        story.until("10:00:20", s -> catalog.noServer(5)).until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident().cause()).isEqualTo("unknown");
    }

    @Test
    void a_full_accept_queue_of_which_nothing_is_served_any_more_means_that_the_server_hangs() {
        serveUntil("10:00:00");
        story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 129, 128)
                .until("10:00:05", s -> nginx.readTimeout(5))
                .until("10:00:30", s -> nginx.connectTimeout(5));
        story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 0, 128).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/unresponsive").blames("app1.lab", "orders.service");
    }

    @Test
    void a_full_accept_queue_of_which_some_is_served_is_just_that() {
        serveUntil("10:00:00");
        story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 129, 128)
                .until("10:00:05", s -> nginx.readTimeout(5))
                .until("10:00:30", s -> {
                    nginx.connectTimeout(5);
                    nginx.served(1);
                });
        story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 0, 128).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/accept_queue_full");
    }

    @Test
    void an_error_of_the_server_itself_is_passed_through() {
        serveUntil("10:00:00");
        story.until("10:00:20", s -> nginx.answered(5, 503)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("app_error/passed_through")
                .blames("app1.lab", "orders.service")
                .isConfirmed();
        assertThat(story.incident().requests().failed()).containsOnlyKeys("503");
    }

    @Test
    void a_few_resets_among_many_answers_are_a_race_between_idle_timeouts() {
        story.until("10:00:00", s -> nginx.served(200));
        story.until("10:00:40", s -> {
                    nginx.served(200);
                    for (int order = 0; order < 6; order++) {
                        story.nginx(Lab.ORDERS, "/api/orders/" + (s.now().getEpochSecond() * 10 + order))
                                .reset(1);
                    }
                })
                .until("10:01:30", s -> nginx.served(20));
        assertThat(story.incident()).isCausedBy("bad_response/keepalive_race").is(Verdict.INCONCLUSIVE);
    }

    @Test
    void a_server_that_closes_every_connection_closes_early() {
        serveUntil("10:00:00");
        story.until("10:00:20", s -> nginx.closedEarly(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("bad_response/closed_early");
    }

    private static final String CHECK = "upstream SSL certificate ";
    private static final String WHILE = " while SSL handshaking to upstream";
    private static final String HANDSHAKE = "SSL_do_handshake() failed (SSL: error:0A000";

    static Stream<Arguments> texts() {
        return Stream.of(
                argumentSet(
                        "expired",
                        CHECK + "verify error: (10:certificate has expired)" + WHILE,
                        "tls_mismatch/certificate_expired",
                        "app3.lab"),
                argumentSet(
                        "not trusted",
                        CHECK + "verify error: (18:self-signed certificate)" + WHILE,
                        "tls_mismatch/certificate_untrusted",
                        "app3.lab"),
                argumentSet(
                        "of another name",
                        CHECK + "does not match \"payments.internal\"" + WHILE,
                        "tls_mismatch/certificate_name",
                        "edge1.lab"),
                argumentSet(
                        "an old protocol",
                        HANDSHAKE + "42E:SSL routines::tlsv1 alert protocol version:SSL alert number 70)" + WHILE,
                        "tls_mismatch/protocol_version",
                        "app3.lab"),
                argumentSet(
                        "a client certificate is missing",
                        HANDSHAKE + "45C:SSL routines::tlsv13 alert certificate required:SSL alert number 116)" + WHILE,
                        "tls_mismatch/client_certificate_required",
                        "edge1.lab"),
                argumentSet(
                        "TLS to a plain port",
                        HANDSHAKE + "10B:SSL routines::wrong version number)" + WHILE,
                        "tls_mismatch/https_to_http",
                        "edge1.lab"),
                argumentSet(
                        "TLS to a plain port that stays silent",
                        "upstream timed out (110: Connection timed out)" + WHILE,
                        "tls_mismatch/https_to_http",
                        "edge1.lab"),
                argumentSet(
                        "a header that is too big",
                        "upstream sent too big header while reading response header from upstream",
                        "bad_response/header_too_big",
                        "edge1.lab"),
                argumentSet(
                        "nonsense",
                        "upstream sent invalid header while reading response header from upstream",
                        "bad_response/invalid_response",
                        "app3.lab"),
                argumentSet(
                        "HTTP/2 to a server that speaks HTTP/1",
                        "upstream sent too large http2 frame: 4740180 while reading response header from upstream",
                        "wrong_upstream/wrong_protocol",
                        "edge1.lab"),
                argumentSet(
                        "no local port",
                        "connect() to 10.85.0.23:8443 failed (99: Cannot assign requested address) while connecting to upstream",
                        "proxy_exhausted/ephemeral_ports",
                        "edge1.lab"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void a_text_of_the_proxy_names_the_cause(String message, String cause, String host) {
        story.until("10:00:00", s -> payments.served(5))
                .until("10:00:20", s -> payments.failed(5, message.contains("timed out") ? 504 : 502, message))
                .until("10:01:30", s -> payments.served(5));
        assertThat(story.incident()).isCausedBy(cause).isResolved();
        assertThat(story.incident().culprit().host()).isEqualTo(host);
    }

    @Test
    void haproxys_health_check_tells_a_failed_handshake_from_a_refused_connection() {
        Haproxy tls = story.haproxy("be_payments/app3");
        story.until("10:00:00", s -> tls.served(5));
        story.unit("app3.lab", "payments.service").stopsForRestart();
        story.unit("app3.lab", "payments.service").starts();
        story.until("10:00:05", s -> tls.noConnection(5));
        tls.down("Layer6 invalid response, info: \"SSL handshake failure\"");
        story.until("10:00:20", s -> tls.noServer(5)).until("10:01:30", s -> tls.served(5));
        assertThat(story.incident().cause()).isEqualTo("tls_mismatch");
    }

    @Test
    void a_handshake_that_fails_where_plain_was_spoken_before_is_the_proxys_mistake() {
        story.until("10:00:00", s -> catalog.served(5));
        story.unit("edge2.lab", "haproxy.service").reloads();
        story.until("10:00:03", s -> catalog.noConnection(5));
        catalog.down("Layer6 invalid response, info: \"SSL handshake failure\"");
        story.until("10:00:20", s -> catalog.noServer(5)).until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident()).isCausedBy("tls_mismatch/https_to_http").blames("edge2.lab", "haproxy.service");
    }

    @Test
    void haproxys_health_check_tells_a_handshake_that_hangs_from_a_connection_that_does() {
        story.until("10:00:00", s -> catalog.served(5));
        story.unit("edge2.lab", "haproxy.service").reloads();
        story.until("10:00:05", s -> catalog.connectTimeout(5));
        catalog.down("Layer6 timeout");
        story.until("10:00:20", s -> catalog.connectTimeout(5)).until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident()).isCausedBy("tls_mismatch/https_to_http").blames("edge2.lab", "haproxy.service");
    }

    @Test
    void where_nothing_was_changed_a_tls_server_that_haproxy_cannot_connect_to_may_have_a_firewall_before_it() {
        Haproxy tls = story.haproxy("be_payments/app3");
        story.until("10:00:00", s -> tls.served(5));
        story.until("10:00:20", s -> tls.noConnection(5)).until("10:01:30", s -> tls.served(5));
        assertThat(story.incident())
                .isCausedBy("tls_mismatch/certificate_expired")
                .is(Verdict.INCONCLUSIVE)
                .considers("firewall/reject");
    }

    @Test
    void the_servers_own_complaint_tells_what_haproxy_does_not() {
        Haproxy tls = story.haproxy("be_payments/app3");
        story.until("10:00:00", s -> tls.served(5));
        story.until("10:00:20", s -> {
                    story.unit("app3.lab", "payments.service")
                            .says(
                                    "WARNING payments: TLS handshake with 10.85.0.12 failed: [SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED]"
                                            + " sslv3 alert certificate expired (_ssl.c:992)",
                                    1501);
                    tls.noConnection(5);
                })
                .until("10:01:30", s -> tls.served(5));
        assertThat(story.incident())
                .isCausedBy("tls_mismatch/certificate_expired")
                .blames("app3.lab", "payments.service");
    }

    /// NGINX answers 500 then, which alone would be the application's own.
    @Test
    void a_proxy_without_file_descriptors_is_one_incident_whatever_it_serves() {
        String noSocket = "socket() failed (24: Too many open files) while connecting to upstream";
        Nginx web = story.nginx(Lab.WEB3, "/shop/");
        serveUntil("10:00:00");
        story.until("10:00:20", s -> {
                    nginx.failed(3, 500, noSocket);
                    web.failed(3, 500, noSocket);
                })
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("proxy_exhausted/file_descriptors")
                .blames("edge1.lab", "nginx.service")
                .isConfirmed();
        assertThat(story.incident().service()).isEqualTo("nginx on edge1.lab");
        assertThat(story.incident().requests().failed()).containsOnlyKeys("500");
        assertThat(story.incident().endpoints())
                .extracting(Incident.Endpoint::address)
                .containsExactlyInAnyOrder(Lab.ORDERS, Lab.WEB3);
    }

    @Test
    void a_proxy_whose_worker_crashed_is_to_blame() {
        serveUntil("10:00:00");
        story.line(
                "edge1.lab",
                SourceKind.NGINX_ERROR,
                LogLines.process(story.now(), "alert", "worker process 431 exited on signal 11 (core dumped)"));
        story.until("10:00:20", s -> nginx.reset(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("proxy_exhausted/proxy_crash").blames("edge1.lab", "nginx.service");
    }

    @Test
    void workers_without_connections_left_are_told_as_such() {
        serveUntil("10:00:00");
        story.line(
                "edge1.lab",
                SourceKind.NGINX_ERROR,
                LogLines.process(story.now(), "alert", "1024 worker_connections are not enough"));
        story.until("10:00:20", s -> nginx.reset(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("proxy_exhausted/worker_connections");
    }
}
