package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.analyzer.signal.Signal.Outcome;
import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What lines say, in full: lines of nginx 1.22, HAProxy 2.6 and Linux, some with one value changed to make
/// the case.
class SignalReaderTest {
    private static String tries(String status, String connect, String header, String addresses, String statuses) {
        return "10.0.0.7 - - [22/Nov/2026:13:52:32 +0000] \"GET /a?b=c HTTP/1.1\" " + status + " 2 \"-\" \"-\" rt=1.250"
                + " uct=\"" + connect + "\" uht=\"" + header + "\" urt=\"-\" ua=\"" + addresses + "\" us=\"" + statuses
                + "\"";
    }

    private static Signal request(
            String id, Outcome outcome, String upstream, String server, int status, int connect, int retries) {
        long at = Lines.at("2026-11-22T13:52:32Z");
        return new Signal.Request(
                id, "nginx", at, outcome, upstream, server, status, "/a", "10.0.0.7", 1250, connect, retries, "");
    }

    static Stream<Arguments> accessLines() {
        return Stream.of(
                argumentSet(
                        "refused",
                        tries("502", "-", "-", "10.0.0.1:80", "502"),
                        request("status_5xx", Outcome.FAILED, "", "10.0.0.1:80", 502, -1, 0)),
                argumentSet(
                        "answered by the server itself",
                        tries("502", "0.001", "0.004", "10.0.0.1:80", "502"),
                        request("pass_through", Outcome.PASSED_THROUGH, "", "10.0.0.1:80", 502, 1, 0)),
                argumentSet(
                        "two servers tried in vain",
                        tries("504", "-, -", "-, -", "10.0.0.1:80, [::1]:80", "502, 504"),
                        request("status_5xx", Outcome.FAILED, "", "[::1]:80", 504, -1, 1)),
                argumentSet(
                        "saved by the second server",
                        tries("200", "-, 0.002", "-, 0.003", "10.0.0.1:80, 10.0.0.2:80", "502, 200"),
                        request("masked", Outcome.MASKED, "", "10.0.0.2:80", 200, 2, 1)),
                argumentSet(
                        "hidden by an error page of another upstream",
                        tries("200", "- : 0.000", "- : 0.001", "10.0.0.1:80 : 10.0.0.9:80", "502 : 200"),
                        request("masked", Outcome.MASKED, "", "10.0.0.9:80", 200, 0, 1)),
                argumentSet(
                        "an error page from another upstream that keeps the status",
                        tries("502", "- : 0.000", "- : 0.001", "10.0.0.1:80 : 10.0.0.9:80", "502 : 200"),
                        request("status_5xx", Outcome.FAILED, "", "10.0.0.1:80", 502, -1, 0)),
                argumentSet(
                        "no live upstreams",
                        tries("502", "-", "-", "pool2", "502"),
                        request("status_5xx", Outcome.FAILED, "pool2", "", 502, -1, 0)),
                argumentSet(
                        "no live upstreams after a try",
                        tries("502", "-, -", "-, -", "10.0.0.1:80, pool2", "502, 502"),
                        request("status_5xx", Outcome.FAILED, "pool2", "10.0.0.1:80", 502, -1, 1)),
                argumentSet(
                        "name not resolved",
                        tries("502", "-", "-", "-", "-"),
                        request("status_5xx", Outcome.FAILED, "", "", 502, -1, 0)),
                argumentSet(
                        "limited",
                        tries("503", "-", "-", "-", "-"),
                        request("limit", Outcome.ASIDE, "", "", 503, -1, 0)),
                argumentSet(
                        "served from a file",
                        tries("200", "-", "-", "-", "-"),
                        request("local_response", Outcome.ASIDE, "", "", 200, -1, 0)),
                argumentSet(
                        "given up by the client",
                        tries("499", "0.001", "-", "10.0.0.1:80", "-"),
                        request("client_abort", Outcome.ASIDE, "", "10.0.0.1:80", 499, 1, 0)),
                argumentSet(
                        "the application's own error",
                        tries("500", "0.001", "0.002", "unix:/run/app.sock", "500"),
                        request("server_error", Outcome.SERVED, "", "unix:/run/app.sock", 500, 1, 0)));
    }

    @ParameterizedTest
    @MethodSource("accessLines")
    void an_access_line_tells_how_the_request_ended(String line, Signal expected) {
        String format =
                "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\""
                        + " \"$http_user_agent\" rt=$request_time uct=\"$upstream_connect_time\" uht=\"$upstream_header_time\""
                        + " urt=\"$upstream_response_time\" ua=\"$upstream_addr\" us=\"$upstream_status\"";
        assertThat(Lines.read(Lines.context(SourceKind.NGINX_ACCESS, format, "default"), line))
                .isEqualTo(new Reading.Says(expected));
        assertThat(Lines.read(SourceKind.NGINX_ACCESS, line)).isEqualTo(new Reading.Says(expected));
    }

    private static String error(String message, String upstream) {
        return "2026/11/22 13:52:29 [error] 7#7: *1 " + message + ", client: 127.0.0.1, server: lab,"
                + " request: \"GET /a?b HTTP/1.1\", upstream: \"" + upstream + "\", host: \"lab\"";
    }

    private static Signal trouble(String id, String upstream, String server, String name, int errno, boolean tls) {
        return new Signal.Trouble(
                id, "nginx", Lines.at("2026-11-22T13:52:29Z"), upstream, server, name, errno, "/a", "127.0.0.1", tls);
    }

    static Stream<Arguments> errorLines() {
        return Stream.of(
                argumentSet(
                        "refused",
                        error(
                                "connect() failed (111: Connection refused) while connecting to upstream",
                                "http://[::1]:80/a"),
                        trouble("connect_refused", "", "[::1]:80", "", 111, false)),
                argumentSet(
                        "timed out at a socket, where path and URI run together",
                        error(
                                "upstream timed out (110: Operation timed out) while reading response header from upstream",
                                "http://unix:/run/app.sock/a"),
                        trouble("upstream_timeout_header", "", "unix:/run/app.sock/a", "", 110, false)),
                argumentSet(
                        "socket missing",
                        error(
                                "connect() to unix:/run/app.sock failed (2: No such file or directory) while connecting to"
                                        + " upstream",
                                "fastcgi://unix:/run/app.sock:"),
                        trouble("unix_missing", "", "unix:/run/app.sock", "", 2, false)),
                argumentSet(
                        "no live upstreams",
                        error("no live upstreams while connecting to upstream", "http://pool2/a"),
                        trouble("no_live_upstreams", "pool2", "", "", -1, false)),
                argumentSet(
                        "certificate expired",
                        error(
                                "upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking"
                                        + " to upstream",
                                "https://10.0.0.1:443/a"),
                        trouble("tls_verify_failed", "", "10.0.0.1:443", "", 10, true)),
                argumentSet(
                        "certificate of another name",
                        error(
                                "upstream SSL certificate does not match \"pool2\" while SSL handshaking to upstream",
                                "grpcs://10.0.0.1:443"),
                        trouble("tls_name_mismatch", "", "10.0.0.1:443", "pool2", -1, true)),
                argumentSet(
                        "refused on FreeBSD",
                        error(
                                "connect() failed (61: Connection refused) while connecting to upstream",
                                "http://10.0.0.1:80/"),
                        trouble("connect_refused", "", "10.0.0.1:80", "", 61, false)),
                argumentSet(
                        "a serious message that nobody knows",
                        error("the moon is full while reading response header from upstream", "http://10.0.0.1:80/"),
                        trouble("upstream_error", "", "10.0.0.1:80", "", -1, false)),
                argumentSet(
                        "name not resolved",
                        "2026/11/22 13:52:29 [error] 7#7: *1 app.invalid could not be resolved (3: Host not found), client:"
                                + " 127.0.0.1, server: lab, request: \"GET /a HTTP/1.1\", host: \"lab\"",
                        trouble("dns_nxdomain", "", "", "app.invalid", -1, false)));
    }

    @ParameterizedTest
    @MethodSource("errorLines")
    void an_error_line_tells_the_failed_try(String line, Signal expected) {
        assertThat(Lines.read(SourceKind.NGINX_ERROR, line)).isEqualTo(new Reading.Says(expected));
    }

    @Test
    void a_referrer_cannot_name_an_upstream() {
        String line =
                "2026/11/22 13:52:41 [error] 7#7: *80 a.invalid could not be resolved (3: Host not found), client:"
                        + " 127.0.0.1, server: lab, request: \"GET /a HTTP/1.1\", host: \"x\", referrer: \"http://evil.test/\","
                        + " upstream: \"http://10.9.9.9:80/\", host: \"spoof\"";
        assertThat(((Signal.Trouble) says(SourceKind.NGINX_ERROR, line)).server())
                .isEmpty();
    }

    @Test
    void a_file_that_is_not_found_cannot_speak_by_its_name() {
        String line = "2026/11/22 13:52:41 [error] 7#7: *80 open() \"/srv/connect() failed (111: x) while connecting to"
                + " upstream, client: 1.1.1.1, upstream: \"http://10.9.9.9:80/\" failed (2: No such file or directory),"
                + " client: 127.0.0.1, server: lab, request: \"GET /a HTTP/1.1\", host: \"lab\"";
        assertThat(Lines.read(SourceKind.NGINX_ERROR, line)).isEqualTo(new Reading.Ordinary("noise"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/srv/9 worker_connections are not enough",
                "/srv/db.test could not be resolved (3: Host not found)",
                "/srv/worker process 7 exited on signal 11",
                "/srv/unexpected DNS response"
            })
    void a_file_cannot_speak_for_nginx_by_its_name(String file) {
        String line =
                "2026/11/22 19:33:28 [error] 7#7: *8 open() \"" + file + "\" failed (2: No such file or directory),"
                        + " client: 127.0.0.1, server: shop.test, request: \"GET /a HTTP/1.1\", host: \"shop.test\"";
        assertThat(Lines.read(SourceKind.NGINX_ERROR, line)).isInstanceOf(Reading.Ordinary.class);
    }

    @Test
    void what_php_says_over_several_lines_is_one_record() {
        assertThat(Stream.of(
                                "2026/11/22 19:30:41 [error] 7#7: *174 FastCGI sent in stderr: \"PHP message: PHP Fatal error:"
                                        + "  Uncaught Exception: boom in /srv/a.php:3",
                                "Stack trace:",
                                "#0 {main}",
                                "  thrown in /srv/a.php on line 3\" while reading response header from upstream, client: 127.0.0.1,"
                                        + " server: shop.test, request: \"GET /a HTTP/1.1\", upstream: \"fastcgi://127.0.0.1:9000\"")
                        .map(line -> Lines.idOf(Lines.read(SourceKind.NGINX_ERROR, line))))
                .containsExactly("fcgi_stderr", "-", "-", "fcgi_stderr_continuation");
    }

    @Test
    void php_cannot_speak_for_nginx_on_a_line_of_its_own() {
        String line =
                "connect() failed (111: Connection refused)\" while reading response header from upstream, client:"
                        + " 127.0.0.1, server: shop.test, request: \"GET /a HTTP/1.1\", upstream: \"fastcgi://127.0.0.1:9000\"";
        assertThat(Lines.idOf(Lines.read(SourceKind.NGINX_ERROR, line))).isEqualTo("fcgi_stderr_continuation");
    }

    @Test
    void a_code_of_the_name_server_is_no_errno() {
        String line = "2026/11/22 19:30:34 [error] 7#7: DNS error (1: Format error), query id:22359, name:\"db.test\"";
        assertThat(says(SourceKind.NGINX_ERROR, line))
                .isEqualTo(new Signal.Trouble(
                        "dns_transport",
                        "nginx",
                        Lines.at("2026-11-22T19:30:34Z"),
                        "",
                        "",
                        "db.test",
                        -1,
                        "",
                        "",
                        false));
    }

    @Test
    void answers_of_no_use_are_told_apart_by_protocol() {
        String record = "upstream sent invalid FastCGI record type: 9 while reading response header from upstream";
        String text = "memcached sent invalid response: \"HTTP/1.1 400 X\" while reading response header from upstream";
        assertThat(says(SourceKind.NGINX_ERROR, error(record, "fastcgi://10.0.0.1:9000"))
                        .id())
                .isEqualTo("fcgi");
        assertThat(says(SourceKind.NGINX_ERROR, error(text, "memcached://10.0.0.1:11211"))
                        .id())
                .isEqualTo("invalid_response_header");
        assertThat(Lines.idOf(Lines.read(
                        SourceKind.NGINX_ERROR,
                        "2026/11/22 19:30:36 [error] 7#7: invalid number of questions in DNS response")))
                .isEqualTo("dns_unexpected_response");
    }

    @Test
    void json_with_empty_upstream_fields_tells_that_there_was_no_upstream() {
        String line = "{\"time\":\"2026-11-22T19:33:28+00:00\",\"status\":503,\"request\":\"GET /a HTTP/1.1\","
                + "\"request_time\":0.000,\"upstream_addr\":\"\",\"upstream_status\":\"\",\"urt\":,\"referer\":\"\"}";
        assertThat(says(SourceKind.NGINX_ACCESS, line).id()).isEqualTo("limit");
    }

    @Test
    void a_warning_about_a_buffered_response_is_ordinary() {
        String line = error(
                        "an upstream response is buffered to a temporary file /var/1 while reading upstream",
                        "http://a/")
                .replace("[error]", "[warn]");
        assertThat(Lines.read(SourceKind.NGINX_ERROR, line)).isEqualTo(new Reading.Ordinary("noise"));
    }

    private static String traffic(String pair, String times, String statusAndBytes, String state, String counts) {
        return "10.0.0.9:4000 [22/Nov/2026:13:55:15.500] fe~ %s %s %s - - %s %s 0/0 {a|b c} {} \"GET /x?y HTTP/1.1\""
                .formatted(pair, times, statusAndBytes, state, counts);
    }

    static Stream<Arguments> terminations() {
        return Stream.of(
                argumentSet("refused", "SC--", "b/s", "503", "0", "connect_failed", Outcome.FAILED),
                argumentSet("dropped", "sC--", "b/s", "503", "0", "connect_timeout", Outcome.FAILED),
                argumentSet("closed before a header", "SH--", "b/s", "502", "0", "server_closed_early", Outcome.FAILED),
                argumentSet("slow", "sHVN", "b/s", "504", "0", "server_timeout_header", Outcome.FAILED),
                argumentSet("invalid answer", "PH--", "b/s", "502", "0", "invalid_response", Outcome.FAILED),
                argumentSet("pool empty", "SC--", "b/<NOSRV>", "503", "0", "no_server", Outcome.FAILED),
                argumentSet("no backend", "SC--", "fe/<NOSRV>", "503", "0", "no_backend", Outcome.FAILED),
                argumentSet("queue full of waiting", "sQ--", "b/<NOSRV>", "503", "0", "queue_timeout", Outcome.FAILED),
                argumentSet("no resources", "RC--", "b/s", "503", "0", "proxy_resources", Outcome.FAILED),
                argumentSet("backend's own", "----", "b/s", "503", "0", "pass_through", Outcome.PASSED_THROUGH),
                argumentSet("application's own", "----", "b/s", "500", "0", "ok", Outcome.SERVED),
                argumentSet("saved", "----", "b/s", "200", "+1", "ok_after_redispatch", Outcome.MASKED),
                argumentSet("cut body", "SD--", "b/s", "200", "0", "server_closed_body", Outcome.SERVED),
                argumentSet("client gone", "CC--", "b/s", "503", "0", "client_abort_connecting", Outcome.ASIDE),
                argumentSet("denied", "PR--", "b/<NOSRV>", "403", "0", "request_denied", Outcome.ASIDE),
                argumentSet("redirected", "LR--", "fe/<NOSRV>", "301", "0", "local_response", Outcome.ASIDE));
    }

    @ParameterizedTest
    @MethodSource("terminations")
    void a_termination_state_tells_who_failed(
            String state, String pair, String status, String retries, String id, Outcome outcome) {
        String times = id.equals("no_backend") ? "-1/-1/-1/-1/1500" : "1/2/-1/-1/1500";
        Signal.Request request = (Signal.Request)
                says(SourceKind.HAPROXY, traffic(pair, times, status + " 217", state, "1/1/0/0/" + retries));
        assertThat(request.id()).isEqualTo(id);
        assertThat(request.outcome()).isEqualTo(outcome);
        assertThat(request.at()).isEqualTo(Lines.at("2026-11-22T13:55:17Z"));
        assertThat(request.server()).isEqualTo(pair.endsWith(">") ? "" : "s");
        assertThat(request.upstream()).isEqualTo(pair.replaceFirst("/.*", ""));
        assertThat(request.path()).isEqualTo("/x");
    }

    @Test
    void a_request_whose_head_is_cut_off_tells_how_it_ended_but_not_where() {
        String tail = " 503 212 - - SC-- 197/197/1/1/+3 0/0 {|203.0.113.111} {} \"GET /render HTTP/1.1\"";
        Signal.Request request = (Signal.Request) says(SourceKind.HAPROXY, "26848/   0/-1/-1/26849" + tail);
        assertThat(request.id()).isEqualTo("connect_failed");
        assertThat(request.upstream() + request.server()).isEmpty();
        assertThat(request.status()).isEqualTo(503);
        assertThat(request.at()).isEqualTo(Lines.READ_AT.toEpochMilli());

        assertThat(Lines.read(SourceKind.HAPROXY, "0/-1/-1/-1/0" + tail))
                .as("perhaps no server, perhaps no backend")
                .isInstanceOf(Reading.NotUnderstood.class);
        assertThat(Lines.read(SourceKind.HAPROXY, "1/2/3/4/5 217 - - SC-- x"))
                .isInstanceOf(Reading.NotUnderstood.class);
    }

    @Test
    void haproxy_tells_of_itself_and_of_servers() {
        assertThat(List.of(
                        id("Current worker (99) exited with code 139 (Segmentation fault)"),
                        id("Connect() failed for backend b: no free ports."),
                        id(
                                "[ALERT]    (3985) : Cannot bind to source address before connect() for backend b. Aborting."),
                        id("[ALERT]    (462) : backend 'b' has no server available!"),
                        id("Server b/s is going DOWN for maintenance. 1 active and 0 backup servers left."),
                        id("Proxy fe reached process FD limit (maxsock=100). Please check 'ulimit-n'."),
                        id("Proxy fe stopped (cumulated conns: FE: 0, BE: 0).")))
                .containsExactly(
                        "haproxy_process_crash",
                        "proxy_port_exhaustion",
                        "proxy_port_exhaustion",
                        "backend_no_server",
                        "server_maint",
                        "proxy_fd_exhaustion",
                        "noise");
    }

    @Test
    void a_worker_that_is_told_to_end_has_not_crashed() {
        assertThat(List.of(
                        id("[ALERT]    (462) : Current worker (99) exited with code 143 (Terminated)"),
                        id("[WARNING]  (462) : Current worker (99) exited with code 0 (Exit)"),
                        id("[WARNING]  (462) : Former worker (98) exited with code 139 (Segmentation fault)"),
                        id("[ALERT]    (462) : Current worker (99) exited with code 137 (Killed)")))
                .containsExactly("noise", "noise", "haproxy_process_crash", "haproxy_process_crash");
    }

    @Test
    void a_section_that_listens_is_a_backend_of_its_own_name() {
        String http =
                "127.0.0.1:34794 [22/Nov/2026:19:57:38.945] shop shop/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 1/1/0/0/0 0/0"
                        + " \"GET /a HTTP/1.1\"";
        String tcp = "127.0.0.1:38910 [22/Nov/2026:19:57:48.395] shop shop/<NOSRV> -1/-1/0 0 SC 1/1/0/0/0 0/0";
        assertThat(Stream.of(http, tcp).map(line -> (Signal.Request) says(SourceKind.HAPROXY, line)))
                .allSatisfy(request -> {
                    assertThat(request.id()).isEqualTo("no_server");
                    assertThat(request.upstream()).isEqualTo("shop");
                });
    }

    @Test
    void a_server_moves_in_the_words_of_each_version() {
        assertThat(List.of(
                        says(SourceKind.HAPROXY, "be/s: IP changed from '127.0.0.9' to '127.0.0.1' by 'names/ns'."),
                        says(SourceKind.HAPROXY, "be/s changed its IP from 127.0.0.9 to 127.0.0.1 by names/ns.")))
                .allSatisfy(signal -> {
                    Signal.ServerState state = (Signal.ServerState) signal;
                    assertThat(state.id()).isEqualTo("server_ip_changed");
                    assertThat(state.upstream() + "/" + state.server()).isEqualTo("be/s");
                });
    }

    private static String id(String haproxyMessage) {
        return Lines.idOf(Lines.read(SourceKind.HAPROXY, "Nov 22 13:55:15 lb1 haproxy[2]: " + haproxyMessage));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 408, 414})
    void what_nginx_answers_by_itself_to_a_request_that_it_cannot_read_is_no_servers_answer(int status) {
        String line = "203.0.113.9 - - [22/Nov/2026:13:55:17 +0000] \"GET / HTTP/1.1\" " + status + " 150 \"-\" \"-\"";
        Signal.Request request = (Signal.Request) says(SourceKind.NGINX_ACCESS, line);
        assertThat(request.id()).isEqualTo("client_bad_request");
        assertThat(request.outcome()).isEqualTo(Signal.Outcome.ASIDE);
    }

    @ParameterizedTest
    @EnumSource(SourceKind.class)
    void recorded_lines_are_all_understood(SourceKind source) {
        assertThat(Lines.recorded(source))
                .allSatisfy(line -> assertThat(Lines.read(source, line)).isNotInstanceOf(Reading.NotUnderstood.class));
    }

    @Test
    void a_stamp_without_year_is_of_the_year_that_is_nearest() {
        LineContext newYear = new LineContext(
                SourceKind.HAPROXY, ZoneOffset.ofHours(2), Instant.parse("2027-01-01T00:00:10Z"), null, "", "");
        Reading reading = Lines.read(newYear, "Dec 31 23:59:58 lb1 haproxy[2]: Reloading HAProxy");
        assertThat(((Reading.Says) reading).signal().at()).isEqualTo(Lines.at("2026-12-31T21:59:58Z"));
    }

    private static Signal says(SourceKind source, String line) {
        return ((Reading.Says) Lines.read(source, line)).signal();
    }
}
