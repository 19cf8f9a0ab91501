package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.analyzer.signal.Signal.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Formats of HAProxy: the same requests to the same servers, as HAProxy 2.6.12 logged them through
/// frontends of different formats, and lines of other formats made of these.
class HaproxyFormatsTest {
    private static final String AS_TO_1_6 =
            "%ci:%cp [%t] %ft %b/%s %Tq/%Tw/%Tc/%Tr/%Tt %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs"
                    + " %{+Q}r fc=%[fc_err] sni=%[ssl_fc_sni] id=%ID";
    private static final String JSON = "{\"ts\":\"%trl\",\"fe\":\"%f\",\"be\":\"%b\",\"srv\":\"%s\",\"status\":%ST,"
            + "\"term\":\"%tsc\",\"Ta\":%Ta,\"Tc\":%Tc,\"Tr\":%Tr,\"rc\":\"%rc\",\"path\":\"%HP\",\"method\":\"%HM\","
            + "\"ua\":\"%[capture.req.hdr(0),json]\"}";
    private static final String PAIRS = "%T %ms client=%ci:%cp fe=%f be=%b srv=%s(%si:%sp) st=%ST ts=%ts uri=%{+Q}HU"
            + " Tw=%Tw Tc=%Tc Tr=%Tr Tt=%Tt rc=%rc %{+Q}[ssl_fc_sni] %[capture.req.uri] %Ts";

    /// What was asked of HAProxy, by the first part of the path, and what its line says.
    private static final Map<String, String> SAYS = Map.ofEntries(
            Map.entry("ok", "ok"),
            Map.entry("s503", "pass_through"),
            Map.entry("refused", "connect_failed"),
            Map.entry("redisp", "ok_after_redispatch"),
            Map.entry("fin", "server_closed_early"),
            Map.entry("rst", "server_closed_early"),
            Map.entry("slow", "server_timeout_header"),
            Map.entry("garbage", "invalid_response"),
            Map.entry("short", "server_closed_body"),
            Map.entry("deny", "request_denied"),
            Map.entry("tarpit", "request_denied"),
            Map.entry("empty", "no_server"),
            Map.entry("downed", "no_server"),
            Map.entry("redir", "local_response"),
            Map.entry("tlsbad", "connect_timeout"),
            Map.entry("hole", "connect_failed"));

    private static final Pattern SCENARIO = Pattern.compile("(?:GET |\"path\":\"|uri=\")/(\\w+)/");
    private static final Pattern STATE = Pattern.compile("[ \"=]([-LcCsSPRIDKU][-RCHDLQT](?:[-A-Z]{2})?)[ \",]");

    static Stream<String> requests() {
        return Lines.resource("lines/haproxy-formats.log").stream()
                .filter(line -> SCENARIO.matcher(line).find());
    }

    private static Signal.Request request(LineContext context, String line) {
        return (Signal.Request) ((Reading.Says) Lines.read(context, line)).signal();
    }

    private static String scenario(String line) {
        return SCENARIO.matcher(line).results().findFirst().map(m -> m.group(1)).orElseThrow();
    }

    private static String expected(String line) {
        String scenario = scenario(line);
        boolean untold = line.startsWith("{") || line.contains("client="); // whether the request came at all
        return switch (scenario) {
            case "nosuch" -> !line.contains("<NOSRV>") ? "ok" : untold ? "no_server" : "no_backend";
            case "queue" -> line.contains("<NOSRV>") ? "queue_timeout" : "server_timeout_header";
            default -> SAYS.get(scenario);
        };
    }

    @ParameterizedTest
    @MethodSource("requests")
    void each_format_says_the_same_of_the_same_request(String line) {
        Signal.Request request = request(Lines.haproxy(PAIRS, AS_TO_1_6, JSON), line);

        assertThat(request.id()).isEqualTo(expected(line));
        assertThat(request.termination()).isEqualTo(stateIn(line));
        assertThat(request.path()).startsWith("/" + scenario(line) + "/");
        boolean backend = !request.id().equals("no_backend") && !scenario(line).equals("nosuch");
        assertThat(request.upstream()).isEqualTo(backend ? scenario(line) : request.upstream());
    }

    private static String stateIn(String line) {
        return STATE.matcher(line)
                .results()
                .map(MatchResult::group)
                .map(found -> found.substring(1, found.length() - 1))
                .filter(found -> !found.equals("-"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void a_format_that_is_not_known_is_read_alike_or_not_at_all(String line) {
        Reading known = Lines.read(Lines.haproxy(PAIRS, AS_TO_1_6, JSON), line);
        Reading unknown = Lines.read(Lines.haproxy(), line);

        if (line.contains("fe=fekv")) {
            assertThat(unknown).isInstanceOf(Reading.NotUnderstood.class);
        } else {
            assertThat(((Reading.Says) unknown).signal().id())
                    .isEqualTo(((Reading.Says) known).signal().id());
        }
    }

    @Test
    void formats_of_other_frontends_do_not_disturb() {
        List<String> ids = requests()
                .map(line -> Lines.idOf(Lines.read(Lines.haproxy("%ci %ST %s", "%HM %HU %ST", "%b %s %ts"), line)))
                .toList();
        assertThat(ids)
                .isEqualTo(requests()
                        .map(line -> Lines.idOf(Lines.read(Lines.haproxy(), line)))
                        .toList());
    }

    static Stream<Arguments> moments() {
        return Stream.of(
                argumentSet(
                        "httplog: begin and active time",
                        "127.0.0.1:54636 [22/Nov/2026:18:57:14.656] fe slow/w1 0/0/0/-1/1001 504 198 - - sH-- 1/1/0/0/0"
                                + " 0/0 {127.0.0.1:18080} {} \"GET /slow/x?q=%22a#22b HTTP/1.1\"",
                        "2026-11-22T18:57:15.657Z"),
                argumentSet(
                        "up to 1.6: accepted, with seconds of idling before the request",
                        "10.0.0.9:4000 [23/Aug/2015:17:12:08.054] fe be/s1 9998/0/-1/-1/12140 503 213 - - SC-- 0/0/0/0/3"
                                + " 0/0 \"GET / HTTP/1.1\"",
                        "2015-08-23T17:12:20.194Z"),
                argumentSet(
                        "clf: whole seconds",
                        "127.0.0.1 - - [22/Nov/2026:19:57:18 +0100] \"GET /slow/x HTTP/1.1\" 504 198 \"\" \"\" 47456 410"
                                + " \"feclf\" \"slow\" \"w1\" 0 0 0 -1 1001 sH-- 1 1 0 0 0 0 0 \"\" \"\" ",
                        "2026-11-22T18:57:19.001Z"),
                argumentSet(
                        "accepted second and millisecond apart",
                        "22/Nov/2026:18:57:32 +0000 600 client=127.0.0.1:57796 fe=fekv be=refused srv=r1(127.0.0.1:19099)"
                                + " st=503 ts=SC uri=\"/refused/x\" Tw=0 Tc=-1 Tr=-1 Tt=701 rc=1 \"\" /refused/x"
                                + " 1795373852",
                        "2026-11-22T18:57:33.301Z"),
                argumentSet(
                        "no date but syslog's, which is the end",
                        "2026-11-22T18:57:33.400000+00:00 lb1 haproxy[7]: b=be s=s1 st=503 ts=SC Tt=701",
                        "2026-11-22T18:57:33.400Z"),
                argumentSet("seconds since 1970", "1795373852 be s1 503 SC-- 1000", "2026-11-22T18:57:33Z"));
    }

    @ParameterizedTest
    @MethodSource("moments")
    void a_failure_happened_at_its_end(String line, String at) {
        String bare = "b=%b s=%s st=%ST ts=%ts Tt=%Tt";
        assertThat(request(Lines.haproxy(PAIRS, bare, "%Ts %b %s %ST %tsc %Tt"), line)
                        .at())
                .isEqualTo(Lines.at(at));
    }

    @Test
    void the_option_tcplog_clf_tells_how_a_connection_ended() {
        Signal.Request request = request(
                Lines.haproxy(),
                "127.0.0.1 - - [22/Nov/2026:18:58:00 +0000] \"TCP \" 000 0 \"\" \"\" 58322 548 \"fetcpcust\""
                        + " \"tcp_refused\" \"r1\" 0 1 -1 702 1 SC-- 1 1 0 0 1 0 0 \"\" \"\" ");
        assertThat(request)
                .isEqualTo(new Signal.Request(
                        "connect_failed",
                        "haproxy",
                        Lines.at("2026-11-22T18:58:01.250Z"),
                        Outcome.FAILED,
                        "tcp_refused",
                        "r1",
                        -1,
                        "",
                        "127.0.0.1",
                        702,
                        -1,
                        1,
                        "SC"));
    }

    @Test
    void the_option_httpslog_is_httplog_with_more_behind() {
        Signal.Request request = request(
                Lines.haproxy(),
                "127.0.0.1:40730 [22/Nov/2026:18:57:40.203] fes~ refused/r1 0/0/-1/-1/707 503 217 - - SC-- 1/1/0/0/1 0/0"
                        + " \"GET /refused/x HTTP/1.1\" 0/0000000000000000/0/0/0 -/TLSv1.3/TLS_AES_256_GCM_SHA384");
        assertThat(request.id()).isEqualTo("connect_failed");
        assertThat(request.path()).isEqualTo("/refused/x");
    }

    @Test
    void a_captured_cookie_may_hold_blanks() {
        String line =
                "10.0.0.9:4 [22/Nov/2026:18:57:40.203] fe be/s1 0/0/-1/-1/707 503 217 SID=abc def - SC-- 1/1/0/0/1"
                        + " 0/0 {a} \"GET /x HTTP/1.1\"";
        assertThat(request(Lines.haproxy(), line).termination()).isEqualTo("SC--");
        assertThat(request(Lines.haproxy(), line + " 0/00/0/0/0 -/TLSv1.3/X").termination())
                .isEqualTo("SC--");
    }

    @Test
    void what_a_client_sends_cannot_speak_for_haproxy() {
        String forged = "be/s1 0/0/0/0/9 200 9 - - ---- 1/1/0/0/0 0/0 ";
        String cookie =
                "10.0.0.9:4 [22/Nov/2026:18:57:40.203] fe be/s1 0/0/-1/-1/707 503 217 a---- - ---- 1/1/1/1/0 0/0 -"
                        + " SC-- 1/1/0/0/1 0/0 \"GET /x HTTP/1.1\"";
        String agent = "1 x 200 ---- y " + forged + " 503 SC-- z \"GET / HTTP/1.1\"";
        assertThat(Lines.read(Lines.haproxy(), cookie)).isInstanceOf(Reading.NotUnderstood.class);
        assertThat(Lines.read(Lines.haproxy("%rt %[req.hdr(User-Agent)] %ST %tsc %[x] %{+Q}r"), agent))
                .isInstanceOf(Reading.NotUnderstood.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connect from 127.0.0.1:47596 to 127.0.0.1:18084 (fedef/HTTP)",
                "Connect from 2001:db8::9:47596 to 2001:db8::1:443 (fetcpdef/TCP)",
                "127.0.0.1:41586 [22/Nov/2026:18:58:01.573] fes/1: SSL handshake failure",
                "Nov 22 18:58:01 lb1 haproxy[7]: 10.0.0.9:4 [22/Nov/2026:18:58:01.573] fes/https: Timeout during SSL"
                        + " handshake",
                "10.0.0.9:4 [22/Nov/2026:18:58:01.573] fes err=30/SSL handshake failure"
            })
    void lines_about_connections_of_clients_say_nothing(String line) {
        assertThat(Lines.read(Lines.haproxy("%ci:%cp [%tr] %f err=%[fc_err]/%[fc_err_str]"), line))
                .isInstanceOf(Reading.Ordinary.class);
    }

    @Test
    void a_request_cut_off_by_syslog_is_read_if_all_that_matters_stands_before() {
        String line = "22/Nov/2026:18:57:32 +0000 600 be s1 503 SC \"GET /a/very/long";
        assertThat(request(Lines.haproxy("%T %ms %b %s %ST %ts %{+Q}r %[fc_err]"), line)
                        .path())
                .isEqualTo("/a/very/long");
        assertThat(Lines.read(
                        Lines.haproxy("%T %ms %b %s %{+Q}r %ST %ts"), "22/Nov/2026:18:57:32 +0000 6 be s1 \"GET /a"))
                .isInstanceOf(Reading.NotUnderstood.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%b %s %ST                        | be s1 503        | status_5xx     | FAILED",
                "%b %s %ST %Tr                    | be s1 503 12     | pass_through   | PASSED_THROUGH",
                "%b %s %ST %Tr                    | be s1 502 -1     | status_5xx     | FAILED",
                "%b %s %ST                        | be s1 200        | ok             | SERVED",
                "%b %s %ST                        | fe <NOSRV> 302   | local_response | ASIDE",
                "%f %b %s %TR %tsc                | fe fe <NOSRV> -1 SC-- | no_backend | FAILED",
                "%f %b %s %TR %tsc                | be be <NOSRV> 0 SC-- | no_server   | FAILED",
                "%f %b %s %tsc                    | be be <NOSRV> SC-- | no_server    | FAILED",
                "%{+Q}o %b %s %{-Q}ST %ts 100%%   | \"be\" \"s1\" 503 sQ 100% | queue_timeout | FAILED",
                "%(srv:str)s %{+X}Ts %ST %tsc     | s1 6A3B 503 SC-- | connect_failed | FAILED",
                "%[var(txn.a),map_str(\"]\",(x))] %s %ST %tsc | a b] c s1 503 SC-- | connect_failed | FAILED",
                "%hr %hs %s %ST %tsc              | {a b} {} s1 503 sC-- | connect_timeout | FAILED",
                "x %hr %hs %s %ST %tsc            | x s1 503 sC-- | connect_timeout | FAILED",
                "%s %ST+%rc %tsc %hr              | s1 503++2 ---- | pass_through | PASSED_THROUGH"
            })
    void a_format_tells_what_it_names(String format, String line, String id, Outcome outcome) {
        Signal.Request request = request(Lines.haproxy(format), line);
        assertThat(request.id()).isEqualTo(id);
        assertThat(request.outcome()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%{", "%{+Q", "%[", "%[a(", "%(", "%()", "%%", "", "%{+Q}o", "%b%s%f%r%b%s", "%zz"})
    void any_text_may_stand_for_a_format(String format) {
        assertThat(Lines.read(Lines.haproxy(format), "be s1 503 SC--")).isInstanceOf(Reading.NotUnderstood.class);
    }

    @Test
    void a_line_made_to_be_tried_in_many_ways_is_given_up() {
        String format = "%r %HU %r %HP %HU %r %ST %tsc";
        assertThat(Lines.read(Lines.haproxy(format), "a ".repeat(4_000))).isInstanceOf(Reading.NotUnderstood.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.9:4 [22/Nov/2026:13:55:15.981] fe id-7 be/s1 0/0/-1/-1/700 503 217 tls=- SC-- 2/2/1/1/0 0/0 \"GET /x HTTP/1.1\" | connect_failed",
                "10.0.0.9:4 [22/Nov/2026:13:55:15.981] fe {a b} be/s1 0/0/1/-1/9 502 217 - - - SH-- 2/2/1/1/0 0/0 \"GET /x HTTP/1.1\" x | server_closed_early",
                "{\"backend_name\":\"be\",\"server_name\":\"s1\",\"status_code\":\"503\",\"termination_state\":\"sC--\"} | connect_timeout"
            })
    void a_format_that_is_not_known_is_guessed_where_it_is_plain(String line, String id) {
        assertThat(request(Lines.haproxy(), line).id()).isEqualTo(id);
        assertThat(request(Lines.haproxy(), line).upstream()).isEqualTo("be");
        assertThat(request(Lines.haproxy(), line).server()).isEqualTo("s1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.9:4 [22/Nov/2026:13:55:15.981] fe x/y be/s1 0/0/-1/-1/700 503 217 SC-- ---- 2/2/1/1/0 \"GET / HTTP/1.1\"",
                "10.0.0.9:4 [22/Nov/2026:13:55:15.981] fe be/s1 0/0/-1/-1/700 0/0/1/1/1 503 SC-- 2/2/1/1/0 \"GET / HTTP/1.1\"",
                "{\"backend\":\"be\",\"server\":\"s1\",\"status\":503,\"ts\":\"SC--\",\"ts\":\"----\"}",
                "{\"backend\":\"be\",\"server\":\"s1\",\"status\":503,\"ts\":\"SC--",
                "{\"backend\":\"be\",\"server\":\"s1\",\"status\":503,\"headers\":{\"ts\":\"SC--\"}}"
            })
    void what_could_be_two_things_is_not_guessed(String line) {
        assertThat(Lines.read(Lines.haproxy(), line)).isInstanceOf(Reading.NotUnderstood.class);
        assertThat(Lines.read(Lines.haproxy(), "Nov 22 18:58:01 lb1 haproxy[7]: " + line))
                .isInstanceOf(Reading.NotUnderstood.class);
    }

    static Stream<Arguments> states() {
        return Stream.of("-LcCsSPRIDKU".split(""))
                .flatMap(who -> Stream.of("-RCHDLQT".split("")).map(when -> Arguments.of(who + when)));
    }

    /// Who ended a request decides whether it counts: the server's and the proxy's failures, never the
    /// client's.
    @ParameterizedTest
    @MethodSource("states")
    void each_termination_state_has_its_place(String state) {
        String line = "10.0.0.9:4 [22/Nov/2026:13:55:15.500] fe be/s1 0/0/1/1/9 503 217 - - " + state
                + "-- 1/1/0/0/0 0/0 \"GET / HTTP/1.1\"";
        Outcome outcome = request(Lines.haproxy(), line).outcome();
        switch (state.charAt(0)) {
            case 'c', 'C', 'L', 'I' -> assertThat(outcome).isEqualTo(Outcome.ASIDE);
            case 'R' -> assertThat(outcome).isEqualTo(Outcome.FAILED);
            case '-' -> assertThat(outcome).isEqualTo(Outcome.PASSED_THROUGH);
            default -> assertThat(outcome).isNotEqualTo(Outcome.MASKED);
        }
        if (Set.of("SC", "sC", "SH", "sH", "SQ", "sQ", "PH", "PC", "DH", "UH", "KH")
                .contains(state)) {
            assertThat(outcome).isEqualTo(Outcome.FAILED);
        }
    }
}
