package dev.gatewatch.analyzer.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.analyzer.explain.Explanation.Outcome;
import dev.gatewatch.wire.SourceKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a person gets to know of a line.
class ExplainerTest {
    private static final String REQUEST =
            ", client: 10.0.0.9, server: shop, request: \"GET /a?b HTTP/1.1\", upstream: \"%s\", host: \"shop\"";

    private final Explainer explainer =
            new Explainer(SignalCatalogue.read(), ZoneOffset.ofHours(2), Instant.parse("2026-11-22T14:10:00Z"));

    private Explanation explain(@Nullable LineSource source, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return explainer.explain(source, bytes, 0, bytes.length);
    }

    private Explanation explain(String line) {
        return explain(null, line);
    }

    private static String error(String message, String upstream) {
        return "2026/11/22 13:52:29 [error] 7#7: *1 " + message + REQUEST.formatted(upstream);
    }

    @Test
    void a_refused_connection_is_explained() {
        Explanation found = explain(error(
                "connect() failed (111: Connection refused) while connecting to upstream", "http://10.0.0.1:80/a?b"));

        assertThat(found.outcome()).isEqualTo(Outcome.SAYS);
        assertThat(found.source()).isEqualTo(LineSource.of(SourceKind.NGINX_ERROR));
        assertThat(found.signal()).isEqualTo("connect_refused");
        assertThat(found.upstream()).isEqualTo("http://10.0.0.1:80/a?b");
        assertThat(found.errno()).isEqualTo(111);
        assertThat(found.status()).isEqualTo(502);
        assertThat(found.termination()).isNull();
        assertThat(found.time()).isEqualTo("2026-11-22T13:52:29+02:00");
        assertThat(found.details()).containsEntry("path", "/a");
        assertThat(found.means()).contains("nobody listens");
        assertThat(found.causes()).contains("backend_down/clean_stop", "wrong_upstream/wrong_port", "firewall/reject");
    }

    static Stream<Arguments> nginxErrors() {
        return Stream.of(
                argumentSet(
                        "socket",
                        "recv() failed (104: x) while reading response header from upstream",
                        "fastcgi://unix:/run/a.sock:",
                        104,
                        502),
                argumentSet(
                        "socket of a timeout",
                        "upstream timed out (110: x) while reading response header from upstream",
                        "http://unix:/run/a.sock/a",
                        110,
                        504),
                argumentSet("pool", "no live upstreams while connecting to upstream", "http://pool2/a", null, 502),
                argumentSet(
                        "IPv6",
                        "connect() failed (113: x) while connecting to upstream",
                        "http://[2001:db8::7]:8080/",
                        113,
                        502),
                argumentSet(
                        "certificate",
                        "upstream SSL certificate verify error: (18:self-signed certificate) while SSL handshaking to upstream",
                        "https://10.0.0.1/",
                        18,
                        502),
                argumentSet(
                        "no status yet",
                        "upstream server temporarily disabled while connecting to upstream",
                        "http://10.0.0.1/",
                        null,
                        null),
                argumentSet(
                        "status sent before",
                        "upstream prematurely closed connection while reading upstream",
                        "http://10.0.0.1/",
                        null,
                        null),
                argumentSet(
                        "client went",
                        "client prematurely closed connection, so upstream connection is closed too while sending request to upstream",
                        "http://10.0.0.1/slow",
                        null,
                        499),
                argumentSet(
                        "the application's number",
                        "FastCGI sent in stderr: \"PHP message: (5: x)\" while reading response header from upstream",
                        "fastcgi://10.0.0.1:9000",
                        null,
                        null));
    }

    @ParameterizedTest
    @MethodSource("nginxErrors")
    void an_error_line_keeps_the_form_of_its_upstream(
            String message, String upstream, @Nullable Integer errno, @Nullable Integer status) {
        Explanation found = explain(error(message, upstream));

        assertThat(found.upstream()).isEqualTo(upstream);
        assertThat(found.errno()).isEqualTo(errno);
        assertThat(found.status()).isEqualTo(status);
    }

    @Test
    void a_process_that_accepts_no_more_answers_nothing() {
        assertThat(explain("2026/11/22 13:52:29 [crit] 7#0: accept4() failed (24: Too many open files)"))
                .satisfies(found -> {
                    assertThat(found.signal()).isEqualTo("proxy_fd_exhaustion");
                    assertThat(found.errno()).isEqualTo(24);
                    assertThat(found.status()).isNull();
                });
    }

    @Test
    void a_referrer_cannot_name_an_upstream() {
        Explanation found = explain(
                "2026/11/22 13:52:29 [error] 7#7: *1 connect() failed (111: x) while connecting to upstream, client: 10.0.0.9,"
                        + " server: shop, request: \"GET / HTTP/1.1\", upstream: \"http://10.0.0.1/\", host: \"a\","
                        + " referrer: \"http://evil.test/\", upstream: \"http://10.9.9.9/\"");
        assertThat(found.upstream()).isEqualTo("http://10.0.0.1/");
    }

    static Stream<Arguments> accessLines() {
        String head = "10.0.0.9 - - [22/Nov/2026:13:52:32 +0000] \"GET /a?b HTTP/1.1\" ";
        String ingress = " \"-\" \"curl/8\" 756 0.284 [default-shop-80] ";
        String tries = "10.0.0.1:80, 10.0.0.2:80 0, 157 0.000, 0.001 502, 502 fe6be479c010011d63bfc5779e575e71";
        return Stream.of(
                argumentSet("combined", head + "502 157 \"-\" \"curl/8\"", null, 502),
                argumentSet("named fields", head + "502 157 \"-\" \"curl/8\" ua=\"pool2\" us=\"502\"", "pool2", 502),
                argumentSet(
                        "redirect",
                        head + "200 2 \"-\" \"c\" ua=\"10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80\" us=\"502, 502 : 200\"",
                        "10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80",
                        200),
                argumentSet("nothing tried", head + "502 157 \"-\" \"curl/8\" ua=\"-\" us=\"-\"", "-", 502),
                argumentSet("ingress", head + "502 157" + ingress + "[] " + tries, "10.0.0.1:80, 10.0.0.2:80", 502),
                argumentSet(
                        "older ingress",
                        head.replace(" - -", " - [10.0.0.9] - -") + "502 157" + ingress + tries,
                        "10.0.0.1:80, 10.0.0.2:80",
                        502),
                argumentSet(
                        "no valid JSON",
                        "{\"time\":\"2026-11-22T13:52:30+00:00\",\"status\":009,\"ua\":\"10.0.0.1:80\",\"us\":\"200\"}",
                        "10.0.0.1:80",
                        9));
    }

    @ParameterizedTest
    @MethodSource("accessLines")
    void an_access_line_keeps_all_tries(String line, @Nullable String upstream, int status) {
        Explanation found = explain(line);

        assertThat(found.source()).isEqualTo(LineSource.of(SourceKind.NGINX_ACCESS));
        assertThat(found.upstream()).isEqualTo(upstream);
        assertThat(found.status()).isEqualTo(status);
        assertThat(found.errno()).isNull();
    }

    @Test
    void a_request_that_was_served_says_nothing_to_a_person() {
        Explanation found = explain("10.0.0.9 - - [22/Nov/2026:13:52:32 +0000] \"GET / HTTP/1.1\" 200 2 \"-\" \"c\"");
        assertThat(found.outcome()).isEqualTo(Outcome.ORDINARY);
        assertThat(found.signal()).isEqualTo("status_ok");
    }

    @Test
    void haproxy_keeps_its_pair_and_its_termination_state() {
        String line =
                "10.0.0.9:42 [22/Nov/2026:13:54:02.876] fe downed/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 1/1/0/0/0 0/0 \"GET / HTTP/1.1\"";
        Explanation found = explain("Nov 22 13:55:15 lb1 haproxy[2]: " + line);

        assertThat(found.source()).isEqualTo(LineSource.of(SourceKind.HAPROXY));
        assertThat(found.signal()).isEqualTo("no_server");
        assertThat(found.upstream()).isEqualTo("downed/<NOSRV>");
        assertThat(found.status()).isEqualTo(503);
        assertThat(found.termination()).isEqualTo("SC--");
        assertThat(explain(line.replace(" 503 217", " -1 0").replace("SC--", "CC--"))
                        .status())
                .isNull();
    }

    static Stream<Arguments> errorsInWords() {
        String check =
                "Health check for server b/s failed, reason: Layer4 connection problem, info: \"%s\", status: 0/1 DOWN.";
        return Stream.of(
                argumentSet("glibc", check.formatted("No route to host"), 113),
                argumentSet("musl", check.formatted("Host is unreachable"), 113),
                argumentSet("HAProxy 3.1", check.formatted("ECONNREFUSED returned by OS (Connection refused)"), 111),
                argumentSet("no error", check.formatted("TCPCHK got an empty response"), null),
                argumentSet(
                        "Apache",
                        "[Sat Oct 22 13:51:35 2022] [proxy_fcgi:error] [pid 12606] (70007)The timeout specified has expired: [client 10.0.0.9:1] AH01075: Error dispatching request to : (polling)",
                        70007),
                argumentSet(
                        "Python",
                        "ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address already in use",
                        98));
    }

    @ParameterizedTest
    @MethodSource("errorsInWords")
    void an_error_in_words_has_a_number(String line, @Nullable Integer errno) {
        assertThat(explain(line).outcome()).isEqualTo(Outcome.SAYS);
        assertThat(explain(line).errno()).isEqualTo(errno);
    }

    @Test
    void a_proxys_line_in_the_journal_is_the_proxys_line() {
        String message = error("connect() failed (111: x) while connecting to upstream", "http://10.0.0.1:80/");
        Explanation found = explain("{\"__REALTIME_TIMESTAMP\":\"1795355549000000\",\"SYSLOG_IDENTIFIER\":\"nginx\","
                + "\"_COMM\":\"nginx\",\"MESSAGE\":\"" + message.replace("\"", "\\\"") + "\"}");

        assertThat(found.source()).isEqualTo(LineSource.of(SourceKind.JOURNALD));
        assertThat(found.signal()).isEqualTo("connect_refused");
        assertThat(found.upstream()).isEqualTo("http://10.0.0.1:80/");
        assertThat(found.errno()).isEqualTo(111);
    }

    static Stream<Arguments> sources() {
        return Stream.of(
                argumentSet("record", "6,690,6068212666,-;eth0: NIC Link is Down", "kernel"),
                argumentSet("uptime", "[44178.537897] nf_conntrack: table full, dropping packet", "kernel"),
                argumentSet(
                        "dmesg -T", "[Tue Nov 20 22:30:22 2018] nf_conntrack: table full, dropping packet", "kernel"),
                argumentSet("dmesg iso", "2026-11-22T13:55:12,289179+00:00 nginx[3]: segfault at 0 ip 0", "kernel"),
                argumentSet("bare", "nginx[3]: segfault at 0 ip 0000000000446ec6 sp 0", "kernel"),
                argumentSet("syslog of the kernel", "Oct  4 11:33:49 app93 kernel: eth0: Link is Down", "kernel"),
                argumentSet("another program", "Oct  4 11:33:49 app93 sshd[3]: eth0: Link is Down", "journald-text"),
                argumentSet(
                        "localised date",
                        "déc. 11 10:00:00 app93 systemd[1]: a.service: Failed with result 'signal'.",
                        "journald-text"),
                argumentSet(
                        "container",
                        "nginx-1  | 2026/11/22 13:52:29 [error] 7#7: *1 no live upstreams while connecting to upstream",
                        "nginx-error"),
                argumentSet(
                        "lost head",
                        "upstream timed out (110: x) while connecting to upstream, client: 10.0.0.9",
                        "nginx-error"),
                argumentSet("program of Go", "2026/11/22 13:52:29 http: Server closed", "journald-text"),
                argumentSet("standard error", "[ALERT]    (462) : backend 'b' has no server available!", "haproxy"),
                argumentSet("haproxy by its tag", "Nov 22 13:55:15 lb1 haproxy[2]: hello", "haproxy"),
                argumentSet("a server that is none of haproxy's", "Server listening on port 3000", "journald-text"));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void a_source_is_guessed(String line, String source) {
        assertThat(explain(line).source()).extracting(LineSource::id).isEqualTo(source);
    }

    @Test
    void what_nothing_reads_has_no_source() {
        for (String line :
                List.of("hello", "\u0000\u0001\u0002", "{\"a\":1}", "[]", "| |", "11 dic 2023 host sshd[3]: bye")) {
            Explanation found = explain(line);
            assertThat(found.outcome()).as(line).isEqualTo(Outcome.NOT_UNDERSTOOD);
            assertThat(found.source()).isNull();
            assertThat(found.signal()).isNull();
        }
    }

    @Test
    void a_source_that_is_told_is_not_guessed() {
        String line = "Server b/s is DOWN, reason: Layer4 timeout.";
        assertThat(explain(LineSource.of(SourceKind.HAPROXY), line).signal()).isEqualTo("server_down");
        assertThat(explain(LineSource.of(SourceKind.NGINX_ACCESS), line))
                .isEqualTo(Explanation.without(Outcome.NOT_UNDERSTOOD, LineSource.of(SourceKind.NGINX_ACCESS)));
        assertThat(explain(LineSource.of(SourceKind.JOURNALD), "a.service: Failed with result 'signal'.")
                        .source())
                .as("the journal's text form")
                .isEqualTo(LineSource.JOURNAL_TEXT);
    }

    @Test
    void every_source_has_an_id_of_its_own() {
        assertThat(LineSource.all())
                .hasSize(SourceKind.values().length + 1)
                .allSatisfy(source -> assertThat(LineSource.ofId(source.id())).contains(source));
        assertThat(LineSource.ofId("nginx")).isEmpty();
    }

    @Test
    void an_empty_line_is_ordinary() {
        assertThat(explain("").outcome()).isEqualTo(Outcome.ORDINARY);
        assertThat(explain("\r").outcome()).isEqualTo(Outcome.ORDINARY);
    }

    @Test
    void a_carriage_return_is_no_part_of_the_line() {
        String line = "10.0.0.9 - - [22/Nov/2026:13:52:32 +0000] \"GET / HTTP/1.1\" 502 2 \"-\" \"c\" ua=10.0.0.1:80";
        assertThat(explain(line + "\r")).isEqualTo(explain(line));
        assertThat(explain(line).upstream()).isEqualTo("10.0.0.1:80");
    }

    @Test
    void a_message_of_several_lines_is_one_application_speaking() {
        List<String> lines = List.of(
                "2026/11/22 22:07:34 [error] 7#0: *14 FastCGI sent in stderr: \"PHP message: PHP Fatal error:  Uncaught Error in /a.php:3",
                "Stack trace:",
                "#0 /a.php(9): connect() failed (111: Connection refused) while connecting to upstream",
                "Nov 22 13:55:15 app1 systemd[1]: a.service: Failed with result 'signal'.",
                "  thrown in /a.php on line 3\" while reading response header from upstream"
                        + REQUEST.formatted("fastcgi://unix:/run/php.sock:"),
                error("connect() failed (111: x) while connecting to upstream", "http://10.0.0.1/"));

        List<Explanation> found = lines.stream().map(this::explain).toList();

        assertThat(found)
                .extracting(Explanation::signal)
                .containsExactly("fcgi_stderr", null, null, null, "fcgi_stderr_continuation", "connect_refused");
        assertThat(found)
                .extracting(e -> e.source() == null ? "" : e.source().id())
                .containsOnly("nginx-error");
        assertThat(found.get(4).upstream()).isEqualTo("fastcgi://unix:/run/php.sock:");
    }

    @Test
    void a_message_whose_end_is_missing_ends_with_the_next_record() {
        explain("2026/11/22 22:07:34 [error] 7#0: *14 FastCGI sent in stderr: \"PHP message: a");
        assertThat(explain("4,891,2150307854,-;eth0: Link is Down").signal()).isEqualTo("link_down");
        assertThat(explain("hello").outcome()).isEqualTo(Outcome.NOT_UNDERSTOOD);
    }

    @Test
    void a_message_does_not_go_on_in_another_file() {
        explain("2026/11/22 22:07:34 [error] 7#0: *14 FastCGI sent in stderr: \"PHP message: a");
        explainer.startOver();
        assertThat(explain("hello").outcome()).isEqualTo(Outcome.NOT_UNDERSTOOD);
    }
}
