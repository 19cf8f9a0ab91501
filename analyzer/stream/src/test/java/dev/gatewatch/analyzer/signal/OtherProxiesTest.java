package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.signal.Signal.Outcome;
import dev.gatewatch.wire.SourceKind;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lines of an AWS balancer and of Envoy from public threads, some with one value changed to make the case;
/// of Traefik from public threads; of Caddy 2.6.2, made to fail in each way.
class OtherProxiesTest {

    /// The recorded line that holds the text, the shortest of several.
    private static String line(SourceKind source, String holding) {
        return Lines.recorded(source).stream()
                .filter(line -> line.contains(holding))
                .min(Comparator.comparingInt(String::length))
                .orElseThrow(() -> new IllegalArgumentException("no line with " + holding));
    }

    private static Signal says(SourceKind source, String line) {
        return ((Reading.Says) Lines.read(source, line)).signal();
    }

    private static Signal.Request request(SourceKind source, String holding) {
        return (Signal.Request) says(source, line(source, holding));
    }

    private static String gist(Signal.Request request) {
        return String.join(
                " ",
                request.proxy(),
                request.id(),
                request.outcome().name(),
                request.server().isEmpty() ? "-" : request.server(),
                Integer.toString(request.status()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "242.250:31130 0.001 0.002 0.000 200 200 | status_ok SERVED 10.0.242.250:31130 200",
                "31130 0.001 0.002 0.000 500 500 | server_error SERVED 10.0.242.250:31130 500",
                "31130 0.003 0.000 -1 502 - | server_closed_early FAILED 10.0.242.250:31130 502",
                "31130 0.001 8.932 -1 502 - | server_closed_early FAILED 10.0.242.250:31130 502",
                "31130 -1 -1 -1 502 - | connect_failed FAILED 10.0.242.250:31130 502",
                "31130 0.001 0.004 0.000 502 502 | pass_through PASSED_THROUGH 10.0.242.250:31130 502",
                "31130 -1 -1 -1 504 - | connect_timeout FAILED 10.0.242.250:31130 504",
                "31130 0.000 -1 -1 504 - | server_timeout_header FAILED 10.0.242.250:31130 504",
                "503 - 49 1010 | no_backend FAILED - 503",
                "\"fixed-response\" | local_response ASIDE - 503",
                "\"redirect\" | local_response ASIDE - 302",
                "460 - | client_abort ASIDE 10.0.242.250:31130 460",
                "- -1 -1 -1 502 - | status_5xx FAILED - 502"
            })
    void a_balancer_tells_by_its_times_who_failed(String holding, String gist) {
        Signal.Request request = request(SourceKind.ALB, holding);
        assertThat(gist(request)).isEqualTo("alb " + gist);
        boolean forwarded = !gist.startsWith("local_response");
        assertThat(request.upstream()).isEqualTo(forwarded ? "k8s-contoure-contoure-347a67d9c6" : "");
        assertThat(request.path()).isEqualTo("/");
    }

    @Test
    void a_balancer_tells_when_a_request_ended_and_how_long_it_took() {
        Signal.Request request = request(SourceKind.ALB, "0.000 -1 -1 504");
        assertThat(request.at()).isEqualTo(Lines.at("2022-09-06T12:07:54.384Z"));
        assertThat(request.totalMillis()).isEqualTo(60_003);
    }

    @Test
    void fields_that_are_new_or_forged_do_not_change_a_balancers_line() {
        String line = line(SourceKind.ALB, "31130 -1 -1 -1 502 -");
        Signal whole = says(SourceKind.ALB, line);
        assertThat(says(SourceKind.ALB, line + " TID_1234 \"x\"")).isEqualTo(whole);
        String forged = line.replace("curl/7.86.0", "a\\\" - - arn:aws:x:targetgroup/forged/1 \\\"");
        assertThat(says(SourceKind.ALB, forged)).isEqualTo(whole);
        assertThat(says(SourceKind.ALB, line.substring(0, line.indexOf("ECDHE"))))
                .satisfies(cut -> {
                    assertThat(((Signal.Request) cut).id()).isEqualTo("connect_failed");
                    assertThat(((Signal.Request) cut).upstream()).isEmpty();
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tcp 2022-09-06T12:07:54.384610Z app/a/b 1.1.1.1:1 1.1.1.1:2 0.0 0.0 0.0 200 200 1 1 \"GET / H\"",
                "h2 2022-09-06T12:07:54.384610Z app/a/b 1.1.1.1:1 1.1.1.1:2 0.0 0.0 x 200 200 1 1 \"GET / H\"",
                "h2 2022-09-06T12:07:54.384610Z app/a/b 1.1.1.1:1 1.1.1.1:2 0.001 0.001 0.001 20",
                "2022-09-06T12:07:54.384610Z app/a/b 1.1.1.1:1 1.1.1.1:2 0.0 0.0 0.0 200 200 1 1 \"GET / H\""
            })
    void what_is_no_line_of_a_balancer_is_refused(String line) {
        assertThat(Lines.read(SourceKind.ALB, line)).isInstanceOf(Reading.NotUnderstood.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 UH no_healthy | no_server FAILED - 503",
                "\"172.28.0.2:801\" | connect_refused FAILED 172.28.0.2:801 503",
                "200 UPE | server_closed_body SERVED 172.28.0.3:8080 200",
                "remote_connection_failure | connect_refused FAILED [2001:db8:c202:7327::5]:8001 503",
                "502 UPE | invalid_response FAILED 10.1.2.42:5000 502",
                "503 UC | server_closed_early FAILED 10.80.47.192:8181 503",
                "via_upstream | status_ok SERVED 10.244.1.15:8080 200",
                "tcp://10.0.2.1:80 | status_ok SERVED 10.0.2.1:80 204",
                "504 UT | server_timeout_header FAILED 10.1.2.31:5000 504",
                "503 UO | queue_full FAILED - 503",
                "connect_error:_113 | no_route FAILED 10.1.2.31:5432 -1",
                "WRONG_VERSION_NUMBER | tls_not_tls FAILED 10.1.2.31:8080 503",
                "hosted_proxy | status_ok SERVED 10.0.0.5:8443 -1"
            })
    void envoy_tells_by_its_flags_who_failed(String holding, String gist) {
        assertThat(gist(request(SourceKind.ENVOY, holding))).isEqualTo("envoy " + gist);
    }

    private static String flagged(int status, String flags, String details, String failure) {
        return "[2024-07-20T07:30:00.500Z] \"GET /a?b HTTP/1.1\" " + status + " " + flags + " " + details + " - \""
                + failure
                + "\" 0 24 1500 - \"-\" \"curl\" \"r\" \"shop\" \"10.1.2.31:80\" outbound|80||shop.svc 10.1.1.2:1"
                + " 10.1.1.3:80 10.1.1.2:2 - default";
    }

    @ParameterizedTest
    @CsvSource({
        "503, UF, 'upstream_reset_before_response_started{connection_timeout}', -, connect_timeout, FAILED",
        "503, 'UF,URX', -, delayed_connect_error:_110, connect_timeout_os, FAILED",
        "503, UF, -, delayed_connect_error:_101, net_unreachable, FAILED",
        "503, UF, -, immediate_connect_error:_99, proxy_port_exhaustion, FAILED",
        "503, UF, -, -, connect_failed, FAILED",
        "503, UF, -, TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED, tls_verify_failed, FAILED",
        "503, UF, -, TLS_error:|1:SSL_routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE, tls_alert_handshake_failure, FAILED",
        "503, UF, -, TLS_error:|1:SSL_routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION, tls_alert_protocol_version, FAILED",
        "503, UF, -, TLS_error:|1:SSL_routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA, tls_alert_unknown_ca, FAILED",
        "503, NC, cluster_not_found, -, no_backend, FAILED",
        "503, DF, -, -, dns_servfail, FAILED",
        "503, UR, -, -, server_closed_early, FAILED",
        "503, UpstreamConnectionTermination, -, -, server_closed_early, FAILED",
        "503, URX, -, -, status_5xx, FAILED",
        "504, SI, -, -, server_timeout_header, FAILED",
        "503, OM, -, -, proxy_resources, FAILED",
        "503, -, via_upstream, -, pass_through, PASSED_THROUGH",
        "500, -, via_upstream, -, server_error, SERVED",
        "404, NR, route_not_found, -, local_response, ASIDE",
        "429, RL, -, -, limit, ASIDE",
        "403, UAEX, -, -, request_denied, ASIDE",
        "0, DC, downstream_remote_disconnect, -, client_abort, ASIDE",
        "200, UC, -, -, server_closed_body, SERVED",
        "200, UT, -, -, server_timeout_body, SERVED",
        "503, XX, -, -, pass_through, PASSED_THROUGH"
    })
    void each_flag_has_its_place(int status, String flags, String details, String failure, String id, Outcome outcome) {
        Signal.Request request = (Signal.Request) says(SourceKind.ENVOY, flagged(status, flags, details, failure));
        assertThat(request)
                .isEqualTo(new Signal.Request(
                        id,
                        "envoy",
                        Lines.at("2024-07-20T07:30:02Z"),
                        outcome,
                        "outbound|80||shop.svc",
                        "10.1.2.31:80",
                        status == 0 ? -1 : status,
                        "/a",
                        "",
                        1500,
                        request.connectMillis(),
                        0,
                        flags.equals("-") ? "" : flags));
    }

    @Test
    void a_client_of_envoy_cannot_name_an_upstream() {
        String line = line(SourceKind.ENVOY, "503 UH no_healthy")
                .replace("curl/8.4.0", "x\" \"r\" \"h\" \"10.9.9.9:80\" outbound|80||forged.svc - - - - - \"");
        assertThat(gist((Signal.Request) says(SourceKind.ENVOY, line))).isEqualTo("envoy no_server FAILED - 503");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 1234 | status_5xx FAILED 172.18.0.5:3000 503",
                "/a\"b HTTP | status_5xx FAILED 172.18.0.5:3000 502",
                "404 19 | local_response ASIDE - 404",
                "503 20 | no_server FAILED - 503",
                "\"DownstreamStatus\":200 | status_ok SERVED host.docker.internal:18931 200",
                "\"ServiceAddr\":\"10.42.0.11:81\" | status_5xx FAILED 10.42.0.11:81 502",
                "\"OriginContentSize\":152 | pass_through PASSED_THROUGH 10.42.0.14:3000 502",
                "gateway-probe | status_5xx FAILED - 502",
                "OriginError | upstream_timeout_header FAILED 10.42.0.14:3000 504"
            })
    void traefik_tells_how_a_request_ended(String holding, String gist) {
        assertThat(gist(request(SourceKind.TRAEFIK, holding))).isEqualTo("traefik " + gist);
    }

    @Test
    void a_request_through_traefik_ended_when_its_time_was_over() {
        assertThat(request(SourceKind.TRAEFIK, "503 1234").at()).isEqualTo(Lines.at("2026-08-11T12:00:00.087Z"));
        assertThat(request(SourceKind.TRAEFIK, "OriginError").at()).isEqualTo(Lines.at("2026-10-10T09:44:36Z"));
        assertThat(request(SourceKind.TRAEFIK, "gateway-probe").at()).isEqualTo(Lines.at("2026-06-29T10:21:39Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proxy.go:121 > 502 | connect_refused",
                "caused by: dial tcp 172 | connect_refused",
                "i/o timeout | upstream_timeout_connect",
                "unknown authority | tls_verify_failed",
                "499 Client Closed | noise",
                "Starting provider | noise",
                "Service selected | noise"
            })
    void traefik_tells_what_failed_at_a_server(String holding, String id) {
        Reading reading = Lines.read(SourceKind.TRAEFIK, line(SourceKind.TRAEFIK, holding));
        assertThat(Lines.idOf(reading).replaceFirst("^-$", "noise")).isEqualTo(id);
    }

    static Stream<Arguments> caddyRequests() {
        return Stream.of(
                Arguments.of("ok", "status_ok SERVED - 200", ""),
                Arguments.of("s503", "pass_through PASSED_THROUGH - 503", ""),
                Arguments.of("refused", "status_5xx FAILED - 502", "connect_refused 127.0.0.1:19099"),
                Arguments.of("fin", "status_5xx FAILED - 502", "upstream_closed_early "),
                Arguments.of("rst", "status_5xx FAILED - 502", "conn_reset_header 127.0.0.1:19004"),
                Arguments.of("slow", "status_5xx FAILED - 504", "upstream_timeout_header "),
                Arguments.of("garbage", "status_5xx FAILED - 502", "invalid_response_header "),
                Arguments.of("short", "status_ok SERVED - 200", ""),
                Arguments.of("cert", "status_5xx FAILED - 502", "tls_name_mismatch "),
                Arguments.of("dns", "status_5xx FAILED - 502", "dns_nxdomain "),
                Arguments.of("unix", "status_5xx FAILED - 502", "unix_missing unix:/run/nowhere.sock"),
                Arguments.of("down", "status_5xx FAILED - 503", "no_live_upstreams "),
                Arguments.of("file", "status_ok SERVED - 200", ""),
                Arguments.of("nosuch", "local_response ASIDE - -1", ""));
    }

    @ParameterizedTest
    @MethodSource("caddyRequests")
    void caddy_tells_how_a_request_ended_and_what_failed(String scenario, String access, String error) {
        List<Signal> signals = Lines.recorded(SourceKind.CADDY).stream()
                .filter(line -> line.contains("\"uri\":\"/" + scenario + "/x"))
                .map(line -> says(SourceKind.CADDY, line))
                .toList();
        assertThat(signals)
                .filteredOn(Signal.Request.class::isInstance)
                .isNotEmpty()
                .allSatisfy(signal -> {
                    assertThat(gist((Signal.Request) signal)).isEqualTo("caddy " + access);
                    assertThat(((Signal.Request) signal).path()).isEqualTo("/" + scenario + "/x");
                });
        assertThat(signals)
                .filteredOn(Signal.Trouble.class::isInstance)
                .map(signal -> signal.id() + " " + ((Signal.Trouble) signal).server())
                .containsOnly(error.isEmpty() ? new String[0] : new String[] {error});
    }

    @Test
    void caddy_tells_its_time_in_seconds_and_less_than_a_millisecond_in_powers_of_ten() {
        Signal.Request request = request(SourceKind.CADDY, "\"duration\":0.000063933");
        assertThat(request.at()).isEqualTo(Lines.at("2026-11-22T19:42:28.396Z"));
        assertThat(request.totalMillis()).isZero();
        String line = line(SourceKind.CADDY, "\"duration\":0.000063933").replace("0.000063933", "6.3933e-05");
        assertThat(((Signal.Request) says(SourceKind.CADDY, line)).totalMillis())
                .isZero();
        String iso = line.replaceFirst("\"ts\":[0-9.]+", "\"ts\":\"2026-11-22T20:42:28.396+0100\"");
        assertThat(says(SourceKind.CADDY, iso).at()).isEqualTo(Lines.at("2026-11-22T19:42:28.396Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dial tcp 10.0.0.1:80: i/o timeout | upstream_timeout_connect | 10.0.0.1:80",
                "dial tcp 10.0.0.1:80: connect: no route to host | no_route | 10.0.0.1:80",
                "dial tcp [2001:db8::1]:80: connect: network is unreachable | net_unreachable | [2001:db8::1]:80",
                "dial tcp 10.0.0.1:80: connect: cannot assign requested address | proxy_port_exhaustion | 10.0.0.1:80",
                "dial unix /run/a.sock: connect: permission denied | unix_denied | unix:/run/a.sock",
                "dial unix /run/a.sock: connect: connection refused | connect_refused | unix:/run/a.sock",
                "dial tcp: lookup app on 10.0.0.53:53: server misbehaving | dns_servfail | ''",
                "dial tcp: lookup app on 10.0.0.53:53: read udp: i/o timeout | dns_timeout | ''",
                "write tcp 10.0.0.5:6->10.0.0.1:80: write: broken pipe | conn_reset_header | 10.0.0.1:80",
                "tls: first record does not look like a TLS handshake | tls_not_tls | ''",
                "remote error: tls: handshake failure | tls_alert_handshake_failure | ''",
                "remote error: tls: certificate required | tls_alert_certificate_required | ''",
                "x509: certificate has expired or is not yet valid: current time 2026 is after 2025 | tls_verify_failed | ''",
                "x509: certificate is valid for a.lab, not b.lab | tls_name_mismatch | ''",
                "http: server closed idle connection | upstream_closed_early | ''",
                "http2: timeout awaiting response headers | upstream_timeout_header | ''",
                "net/http: TLS handshake timeout | upstream_timeout_tls | ''",
                "the moon is full | upstream_error | ''"
            })
    void errors_of_go_name_the_mechanism(String message, String id, String server) {
        String line = line(SourceKind.CADDY, "\"uri\":\"/refused/post\"")
                .replace("handled request", message)
                .replace("http.log.access", "http.log.error");
        Signal.Trouble trouble = (Signal.Trouble) says(SourceKind.CADDY, line);
        assertThat(trouble.id()).isEqualTo(id);
        assertThat(trouble.server()).isEqualTo(server);
        assertThat(trouble.tls()).isEqualTo(id.startsWith("tls_"));
    }

    @Test
    void a_client_that_gave_up_is_no_failure_of_a_server() {
        String line = line(SourceKind.CADDY, "connection refused").replaceFirst("dial tcp[^\"]*", "context canceled");
        assertThat(Lines.read(SourceKind.CADDY, line)).isInstanceOf(Reading.Ordinary.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{", "[]", "GET /", "{\"level\":\"info\"}", "{\"level\":\"error\",\"msg\":\"cut"})
    void what_none_of_them_writes_is_refused(String line) {
        for (SourceKind source : List.of(SourceKind.ENVOY, SourceKind.TRAEFIK, SourceKind.CADDY)) {
            assertThat(Lines.read(source, line)).as(source.id()).isInstanceOf(Reading.NotUnderstood.class);
        }
    }
}
