package dev.gatewatch.analyzer.proxies;

import static dev.gatewatch.analyzer.proxies.Scenario.scenario;
import static dev.gatewatch.analyzer.proxies.Script.answers;
import static dev.gatewatch.analyzer.proxies.Script.ok;
import static dev.gatewatch.analyzer.proxies.Script.page;
import static dev.gatewatch.analyzer.proxies.Script.reads;
import static dev.gatewatch.analyzer.proxies.Script.readsOneByte;
import static dev.gatewatch.analyzer.proxies.Script.waits;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What NGINX is made to write, by kind. A scenario's config is the inside of its location, `proxy_pass
/// http://{server};` if it has none.
final class NginxScenarios {
    /// For servers that do not answer. Others have all the time that they need on a busy machine.
    private static final String IMPATIENT =
            "proxy_connect_timeout 200ms; proxy_read_timeout 200ms; proxy_send_timeout 200ms; ";

    private NginxScenarios() {}

    /// Those of the one NGINX that most scenarios share.
    static Map<String, List<Scenario>> shared() {
        Map<String, List<Scenario>> kinds = new LinkedHashMap<>();
        kinds.put("connect", connecting());
        kinds.put("unix sockets", unixSockets());
        kinds.put("several servers", severalServers());
        kinds.put("before the header", beforeHeader());
        kinds.put("unusable answers", unusableAnswers());
        kinds.put("within the body", withinBody());
        kinds.put("TLS", tls());
        kinds.put("TLS alerts", alerts());
        kinds.put("names", names());
        kinds.put("FastCGI and others", otherProtocols());
        kinds.put("HTTP/2", http2());
        kinds.put("limits", limits());
        kinds.put("clients", clients());
        return kinds;
    }

    private static String failed(int status) {
        return "timed status_5xx outcome=FAILED server={server} status=" + status;
    }

    private static List<Scenario> connecting() {
        return List.of(
                scenario("refused")
                        .config("proxy_pass http://{refuses};")
                        .says(
                                "error connect_refused errno=111 server={refuses} path=/refused | connect() failed (111: ",
                                "timed status_5xx outcome=FAILED status=502 server={refuses} connected=no"),
                scenario("no answer to SYN")
                        .config(IMPATIENT + "proxy_pass http://{drops};")
                        .says(
                                "error upstream_timeout_connect errno=110 server={drops} | upstream timed out (110: ",
                                "timed status_5xx outcome=FAILED status=504 server={drops} connected=no"),
                scenario("bind to a foreign address", ok())
                        .config("proxy_bind 192.0.2.77; proxy_pass http://{server};")
                        .says("error proxy_bind_failed kind=nginx | bind(192.0.2.77) failed (99: ", "timed status=500"),
                scenario("in a subrequest", ok())
                        .config("auth_request /auth; proxy_pass http://{server};")
                        .says(
                                "error connect_refused errno=111 server={refuses} path=/in_a_subrequest | subrequest: \"/auth\"",
                                "error ordinary | auth request unexpected status: 502",
                                "timed status=500"));
    }

    private static List<Scenario> unixSockets() {
        return List.of(
                scenario("unix missing")
                        .config("proxy_pass http://{unix:missing}:;")
                        .says(
                                "error unix_missing errno=2 server={unix:missing} | failed (2: ",
                                "timed status_5xx outcome=FAILED status=502 server={unix:missing}"),
                scenario("unix forbidden")
                        .config("proxy_pass http://{unix:forbidden}:;")
                        .says(
                                "error unix_denied errno=13 server={unix:forbidden} | failed (13: ",
                                "timed status_5xx outcome=FAILED status=502"),
                scenario("unix stale")
                        .config("fastcgi_pass {unix:stale};")
                        .says(
                                "error connect_refused errno=111 server={unix:stale} | failed (111: ",
                                "timed status_5xx outcome=FAILED status=502"),
                scenario("unix full")
                        .config("uwsgi_pass {unix:full};")
                        .says(
                                "error unix_backlog_full errno=11 server={unix:full} | failed (11: ",
                                "timed status_5xx outcome=FAILED status=502"),
                scenario("unix silent")
                        .config(IMPATIENT + "proxy_pass http://{unix:silent}:;")
                        .says(
                                "error upstream_timeout_header errno=110 server={unix:silent}/unix_silent | upstream timed out",
                                "timed status_5xx outcome=FAILED status=504 server={unix:silent}"));
    }

    private static List<Scenario> severalServers() {
        String two = "upstream %s { server {refuses} max_fails=%d; server %s max_fails=%d; %s }";
        return List.of(
                scenario("saved by a retry", ok())
                        .more(two.formatted("saved", 0, "{server}", 0, ""))
                        .config("proxy_pass http://saved;")
                        .when(Client.times(2, Client.get()))
                        .says(
                                "error connect_refused errno=111 server={refuses} path=/saved_by_a_retry",
                                "timed masked outcome=MASKED status=200 server={server} retries=1"),
                scenario("all refuse")
                        .more(two.formatted("both", 0, "{refusestoo}", 0, ""))
                        .config("proxy_pass http://both;")
                        .says(
                                "error connect_refused errno=111 server={refuses} path=/all_refuse",
                                "error connect_refused errno=111 server={refusestoo} path=/all_refuse",
                                "timed status_5xx outcome=FAILED status=502 retries=1"),
                scenario("disabled")
                        .more(two.formatted("disabled", 1, "{refusestoo}", 1, ""))
                        .config("proxy_pass http://disabled;")
                        .when(Client.times(2, Client.get()))
                        .says(
                                "error server_temporarily_disabled server={refuses} | upstream server temporarily disabled",
                                "error no_live_upstreams upstream=disabled | no live upstreams",
                                "timed status_5xx outcome=FAILED status=502 upstream=disabled"),
                scenario(
                                "keepalive race",
                                reads().writes(page(200, "Content-Length: 2\r\n", "ok"))
                                        .thenReads()
                                        .closes())
                        .more("upstream kept { server {server}; keepalive 4; }")
                        .config("proxy_http_version 1.1; proxy_set_header Connection ''; proxy_pass http://kept;")
                        .when(Client.times(2, Client.get()))
                        .says(
                                "error upstream_closed_early server={server} | upstream prematurely closed connection",
                                "timed masked outcome=MASKED status=200 server={server} retries=1"),
                scenario("error page from a fallback")
                        .config("error_page 502 = /fallback; proxy_pass http://{refuses};")
                        .says(
                                "error connect_refused errno=111 server={refuses}",
                                "timed masked outcome=MASKED status=200 server={answers} retries=1"),
                scenario("passed on", answers(503, "Content-Length: 0\r\n", ""))
                        .says("timed pass_through outcome=PASSED_THROUGH status=503 server={server} connected=yes"),
                scenario("application error", answers(500, "Content-Length: 0\r\n", ""))
                        .says("timed server_error outcome=SERVED status=500 server={server}"));
    }

    private static List<Scenario> beforeHeader() {
        return List.of(
                scenario("closed before the header", reads().closes())
                        .says(
                                "error upstream_closed_early server={server} | upstream prematurely closed connection while"
                                        + " reading response header",
                                failed(502)),
                scenario("reset before the header", reads().resets())
                        .says("error conn_reset_header errno=104 server={server} | recv() failed (104: ", failed(502)),
                scenario("reset while sending", readsOneByte().resets())
                        .config("client_max_body_size 0; proxy_pass http://{server};")
                        .when(Client.until(
                                "error conn_reset_header server={server} | while sending request to upstream",
                                Client.post(1_000)))
                        .says(failed(502)),
                scenario("deaf", waits(2_000))
                        .config(IMPATIENT + "client_max_body_size 0; proxy_pass http://{server};")
                        .when(Client.post(16_000))
                        .says(
                                "error upstream_timeout_send errno=110 server={server} | while sending request to upstream",
                                failed(504)),
                scenario("silent", reads().stays())
                        .config(IMPATIENT + "proxy_pass http://{server};")
                        .says(
                                "error upstream_timeout_header errno=110 server={server} | while reading response header",
                                failed(504) + " connected=yes"));
    }

    private static List<Scenario> unusableAnswers() {
        return List.of(
                scenario("header too big", answers(200, "X-Big: " + "x".repeat(9_000) + "\r\n", ""))
                        .says("error header_too_big server={server} | upstream sent too big header", failed(502)),
                scenario("invalid header", answers(200, "Bad Header: 1\r\n", ""))
                        .says(
                                "error invalid_response_header server={server} | upstream sent invalid header: \"Bad\\x20",
                                failed(502)),
                scenario(
                                "greeting of another protocol",
                                reads().writes("220 mail.test ESMTP\r\n").closes())
                        .says(
                                "error invalid_response_http09 server={server} | upstream sent no valid HTTP/1.0 header",
                                "timed status_5xx outcome=FAILED status=9 server={server}"));
    }

    private static List<Scenario> withinBody() {
        String cut = page(200, "Content-Length: 100\r\n", "cut");
        return List.of(
                scenario("cut", reads().writes(cut).closes())
                        .says(
                                "error upstream_closed_body server={server} | upstream prematurely closed connection while"
                                        + " reading upstream",
                                "timed status_ok outcome=SERVED status=200 server={server}"),
                scenario("cut unbuffered", reads().writes(cut).closes())
                        .config("proxy_buffering off; proxy_pass http://{server};")
                        .when(Client.until(
                                "error upstream_closed_body server={server} | while sending to client", Client.get()))
                        .says("timed status_ok status=200 server={server}"),
                scenario("reset in the body", reads().writes(cut).thenWaits(50).resets())
                        .says("error conn_reset_body errno=104 server={server} | readv() failed (104: "),
                scenario(
                                "reset in the body unbuffered",
                                reads().writes(cut).thenWaits(50).resets())
                        .config("proxy_buffering off; proxy_pass http://{server};")
                        .says("error conn_reset_body errno=104 server={server} | recv() failed (104: "),
                scenario("stalled", reads().writes(cut).stays())
                        .config(IMPATIENT + "proxy_pass http://{server};")
                        .says(
                                "error upstream_timeout_body errno=110 server={server} | upstream timed out (110: ",
                                "timed status_ok outcome=SERVED status=200 server={server}"),
                scenario("invalid chunk", answers(200, "Transfer-Encoding: chunked\r\n", "zz\r\nok"))
                        .config("proxy_http_version 1.1; proxy_pass http://{server};")
                        .says("error invalid_response_body server={server} | upstream sent invalid chunked response"),
                scenario(
                                "more than the last chunk",
                                answers(200, "Transfer-Encoding: chunked\r\n", "2\r\nok\r\n0\r\n\r\nmore"))
                        .config("proxy_http_version 1.1; proxy_pass http://{server};")
                        .says("error ordinary | upstream sent data after final chunk"),
                scenario("more than announced", answers(200, "Content-Length: 2\r\n", "ok and more"))
                        .says("error ordinary | upstream sent more data than specified"),
                scenario(
                                "buffered in a file",
                                reads().writes(page(200, "", "")).writesLong(12).closes())
                        .when((site, path) -> {
                            try (Connection slow = site.connect("{listen:web}").send(Client.request(path))) {
                                site.await(0, "error ordinary | an upstream response is buffered to a temporary file");
                                slow.readAll();
                            }
                        })
                        .says("timed status_ok status=200 server={server}"),
                scenario(
                                "websocket reset",
                                reads().writes(UPGRADED).thenWaits(50).resets())
                        .config(UPGRADE)
                        .when(Client.upgrade())
                        .says("error conn_reset_body errno=104 server={server} | while proxying upgraded connection"),
                scenario("websocket idle", reads().writes(UPGRADED).stays())
                        .config(IMPATIENT + UPGRADE)
                        .when(Client.upgrade())
                        .says(
                                "error upstream_timeout_body errno=110 server={server} | while proxying upgraded connection"));
    }

    private static final String UPGRADE = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;"
            + " proxy_set_header Connection upgrade; proxy_pass http://{server};";
    private static final String UPGRADED =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n";

    private static List<Scenario> tls() {
        String verify = "proxy_ssl_verify on; proxy_ssl_trusted_certificate {certificates}/ca.pem;"
                + " proxy_ssl_name shop.test; ";
        return List.of(
                scenario("certificate expired")
                        .config(verify + "proxy_pass https://{tls:expired};")
                        .says(
                                "error tls_verify_failed errno=10 tls=yes server={tls:expired} | verify error: (10:",
                                "timed status_5xx outcome=FAILED status=502 server={tls:expired}"),
                scenario("certificate self-signed")
                        .config(verify + "proxy_pass https://{tls:selfsigned};")
                        .says("error tls_verify_failed errno=18 tls=yes server={tls:selfsigned} | (18:"),
                scenario("certificate of an unknown authority")
                        .config(verify + "proxy_pass https://{tls:stranger};")
                        .says("error tls_verify_failed errno=21 tls=yes server={tls:stranger} | (21:"),
                scenario("certificate of another name")
                        .config(verify + "proxy_pass https://{tls:othername};")
                        .says("error tls_name_mismatch name=shop.test tls=yes server={tls:othername} | does not"
                                + " match \"shop.test\""),
                scenario("certificate of the client missing")
                        .config("proxy_ssl_protocols TLSv1.3; proxy_pass https://{tls:wantsclient};")
                        .says("error tls_alert_certificate_required tls=yes server={tls:wantsclient} | SSL alert"
                                + " number 116"),
                scenario("TLS 1.2 wanted of 1.3")
                        .config("proxy_ssl_protocols TLSv1.2; proxy_pass https://{tls:thirteen};")
                        .says("error tls_alert_protocol_version tls=yes server={tls:thirteen} | SSL alert number"
                                + " 70"),
                scenario("TLS 1.0 offered", reads().writes(OLD_SERVER_HELLO).stays())
                        .config("proxy_ssl_protocols TLSv1.2; proxy_pass https://{server};")
                        .says("error tls_protocol tls=yes server={server} | unsupported protocol", failed(502)),
                scenario("TLS to plain", answers(400, "", ""))
                        .config("proxy_pass https://{server};")
                        .says(
                                "error tls_not_tls tls=yes server={server} | wrong version number",
                                failed(502) + " connected=no"),
                scenario("TLS to silent", reads().stays())
                        .config(IMPATIENT + "proxy_pass https://{server};")
                        .says(
                                "error upstream_timeout_tls errno=110 tls=yes server={server} | while SSL handshaking"
                                        + " to upstream",
                                failed(504)),
                scenario("TLS to closing", reads().closes())
                        .config("proxy_pass https://{server};")
                        .says(
                                "error tls_peer_closed tls=yes server={server} | peer closed connection in SSL handshake"),
                scenario("TLS to resetting", reads().resets())
                        .config("proxy_pass https://{server};")
                        .says("error tls_peer_closed errno=104 tls=yes server={server} | (104: "),
                scenario("plain to TLS")
                        .config("proxy_pass http://{tls:good};")
                        .says("error invalid_response_http09 tls=no server={tls:good} | no valid HTTP/1.0 header"),
                scenario("plain to TLS of nginx")
                        .config("proxy_pass http://{listen:tls};")
                        .says(
                                "error ordinary | client sent plain HTTP request to HTTPS port",
                                "timed local_response outcome=ASIDE status=400"));
    }

    /// A server's first message of TLS 1.0, which chooses `TLS_RSA_WITH_AES_128_CBC_SHA`.
    private static final String OLD_SERVER_HELLO = "\026\3\1\0*\2\0\0&\3\1" + "r".repeat(32) + "\0\0/\0";

    /// A server that answers the first message of the handshake with an alert.
    private static List<Scenario> alerts() {
        Map<Integer, String> names = Map.of(
                40, "handshake_failure",
                42, "bad_certificate",
                43, "unsupported_certificate",
                44, "certificate_revoked",
                45, "certificate_expired",
                46, "certificate_unknown",
                48, "unknown_ca",
                80, "internal_error",
                112, "unrecognized_name");
        return names.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(alert -> scenario(
                                "alert " + alert.getKey(),
                                reads().writes(new byte[] {
                                            21, 3, 3, 0, 2, 2, alert.getKey().byteValue()
                                        })
                                        .closes())
                        .config("proxy_pass https://{server};")
                        .says("error tls_alert_" + alert.getValue() + " tls=yes server={server} | SSL alert number "
                                + alert.getKey()))
                .toList();
    }

    private static List<Scenario> names() {
        String failed = "timed status_5xx outcome=FAILED status=502";
        return List.of(
                name("nxdomain", "").says("error dns_nxdomain name=nxdomain.test | (3: Host not found)", failed),
                name("servfail", "").says("error dns_servfail name=servfail.test | (2: Server failure)", failed),
                name("formerr", HASTY)
                        .says("error dns_transport name=formerr.test | DNS error (1: Format error), query id:", failed),
                name("notimp", "").says("error dns_servfail name=notimp.test | (4: Unimplemented)", failed),
                name("refused", "").says("error dns_refused name=refused.test | (5: Operation refused)", failed),
                name("silent", HASTY).says("error dns_timeout name=silent.test | (110: Operation timed out)", failed),
                name("headeronly", HASTY)
                        .says("error dns_unexpected_response | invalid number of questions in DNS response"),
                name("othername", HASTY).says("error dns_unexpected_response | unexpected "),
                name("unreachable", "resolver {udp:refuses}; " + HASTY)
                        .says("error dns_transport errno=111 | while resolving, resolver: {udp:refuses}", failed),
                scenario("no resolver")
                        .more("server { listen {listen:unresolving}; location / { set $h ok.test;"
                                + " proxy_pass http://$h; } }")
                        .when(Client.get("{listen:unresolving}"))
                        .says("error dns_no_resolver | no resolver defined to resolve ok.test", failed),
                scenario("no port")
                        .config("set $h 127.0.0.1; fastcgi_pass $h;")
                        .says("error no_port | no port in upstream \"127.0.0.1\"", "timed status=500"),
                scenario("impossible port")
                        .config("set $h 127.0.0.1:99999; proxy_pass http://$h;")
                        .says("error no_port | invalid port in upstream \"127.0.0.1:99999\"", "timed status=500"),
                scenario("no such scheme")
                        .config("set $h ftp://127.0.0.1/; proxy_pass $h;")
                        .says("error bad_url | invalid URL prefix in \"ftp://127.0.0.1/\"", "timed status=500"));
    }

    /// For names that are not answered, or not in a way that is understood.
    private static final String HASTY = "resolver_timeout 200ms; ";

    /// The name server does what the first label says.
    private static Scenario name(String label, String directives) {
        return scenario("name " + label).config(directives + "set $h " + label + ".test; proxy_pass http://$h;");
    }

    private static List<Scenario> otherProtocols() {
        return List.of(
                scenario("fastcgi refused")
                        .config("fastcgi_pass {refuses};")
                        .says("error connect_refused errno=111 server={refuses} | upstream: \"fastcgi://"),
                scenario("scgi refused")
                        .config("scgi_pass {refuses};")
                        .says("error connect_refused errno=111 server={refuses} | upstream: \"scgi://"),
                scenario("uwsgi refused")
                        .config("uwsgi_pass {refuses};")
                        .says("error connect_refused errno=111 server={refuses} | upstream: \"uwsgi://"),
                scenario("memcached refused")
                        .config("set $memcached_key x; memcached_pass {refuses};")
                        .says("error connect_refused errno=111 server={refuses} | upstream: \"memcached://"),
                scenario("fastcgi to http", answers(400, "", ""))
                        .config("fastcgi_pass {server};")
                        .says("error fcgi server={server} | unsupported FastCGI protocol version: 72", failed(502)),
                scenario(
                                "fastcgi record out of place",
                                reads().writes(FastCgi.record(9, "")).closes())
                        .config("fastcgi_pass {server};")
                        .says("error fcgi server={server} | upstream sent invalid FastCGI record type: 9", failed(502)),
                scenario("fastcgi closes", reads().closes())
                        .config("fastcgi_pass {server};")
                        .says(
                                "error upstream_closed_early server={server} | prematurely closed connection",
                                failed(502)),
                scenario("fastcgi ends at once", reads().writes(FastCgi.ends()).closes())
                        .config("fastcgi_pass {server};")
                        .says("error fcgi server={server} | upstream sent unexpected FastCGI record: 3", failed(502)),
                scenario("fastcgi ends early", reads().writes(FastCgi.out("")).closes())
                        .config("fastcgi_pass {server};")
                        .says(
                                "error upstream_closed_early server={server} | prematurely closed FastCGI stdout",
                                failed(502)),
                scenario(
                                "fastcgi closes within the body",
                                reads().writes(FastCgi.out(CUT)).closes())
                        .config("fastcgi_keep_conn on; fastcgi_pass {server};")
                        .says("error upstream_closed_body server={server} | upstream prematurely closed connection"),
                scenario(
                                "fastcgi ends within the body",
                                reads().writes(FastCgi.out(CUT))
                                        .writes(FastCgi.ends())
                                        .closes())
                        .config("fastcgi_pass {server};")
                        .says(
                                "error upstream_closed_body server={server} | upstream prematurely closed FastCGI request"),
                scenario(
                                "fastcgi status",
                                reads().writes(FastCgi.out("Status: none\r\n\r\n"))
                                        .closes())
                        .config("fastcgi_pass {server};")
                        .says(
                                "error invalid_response_header server={server} | sent invalid status \"none\"",
                                failed(502)),
                scenario(
                                "fastcgi complains",
                                reads().writes(FastCgi.complaint(ONE_LINE))
                                        .writes(FastCgi.page())
                                        .closes())
                        .config("fastcgi_pass {server};")
                        .says(
                                "error fcgi_stderr server={server} | FastCGI sent in stderr: \"PHP message: PHP Warning:",
                                "timed status_ok status=200 server={server}"),
                scenario(
                                "fastcgi complains at length",
                                reads().writes(FastCgi.complaint(STACK))
                                        .writes(FastCgi.page())
                                        .closes())
                        .config("fastcgi_pass {server};")
                        .says(
                                "error fcgi_stderr | FastCGI sent in stderr: \"PHP message: PHP Fatal error:",
                                "error ordinary | Stack trace:",
                                "error ordinary | #0 ",
                                "error fcgi_stderr_continuation server={server} |   thrown in /srv/a.php on line 3\" while"),
                scenario("scgi status", reads().writes("Status: none\r\n\r\n").closes())
                        .config("scgi_pass {server};")
                        .says(
                                "error invalid_response_header server={server} | sent invalid status \"none\"",
                                failed(502)),
                scenario(
                                "uwsgi header",
                                reads().writes("Status: 200 OK\r\nBad Header: 1\r\n\r\n")
                                        .closes())
                        .config("uwsgi_pass {server};")
                        .says(
                                "error invalid_response_header server={server} | invalid header: \"Bad\\x20",
                                failed(502)),
                scenario("memcached to http", answers(400, "", ""))
                        .config("set $memcached_key x; memcached_pass {server};")
                        .says(
                                "error invalid_response_header server={server} | memcached sent invalid response",
                                failed(502)));
    }

    private static final String CUT = "Status: 200 OK\r\nContent-Length: 10\r\n\r\ncut";
    private static final String ONE_LINE = "PHP message: PHP Warning:  Undefined variable $x in /srv/a.php on line 2";
    private static final String STACK = "PHP message: PHP Fatal error:  Uncaught Exception: boom in /srv/a.php:3\n"
            + "Stack trace:\n#0 {main}\n  thrown in /srv/a.php on line 3";

    private static List<Scenario> http2() {
        return List.of(
                scenario("grpc refused")
                        .config("grpc_pass grpc://{refuses};")
                        .says("error connect_refused errno=111 server={refuses} | upstream: \"grpc://"),
                scenario("grpc to http", answers(400, "", ""))
                        .config("grpc_pass grpc://{server};")
                        .says(
                                "error h2_protocol_mismatch server={server} | too large http2 frame: 4740180",
                                failed(502)),
                scenario(
                                "grpc stream refused",
                                reads().writes(Http2.SETTINGS)
                                        .writes(Http2.reset(7))
                                        .stays())
                        .config("grpc_pass grpc://{server};")
                        .says(
                                "error h2_rejected server={server} | upstream rejected request with error 7",
                                failed(502)),
                scenario(
                                "grpc goes away",
                                reads().writes(Http2.SETTINGS)
                                        .writes(Http2.goAway(11))
                                        .stays())
                        .config("grpc_pass grpc://{server};")
                        .says("error h2_goaway server={server} | upstream sent goaway with error 11", failed(502)),
                scenario(
                                "grpc pushes",
                                reads().writes(Http2.SETTINGS)
                                        .writes(Http2.frame(5, 4, 1, "\0\0\0\2"))
                                        .stays())
                        .config("grpc_pass grpc://{server};")
                        .says(
                                "error invalid_response_header server={server} | unexpected push promise frame",
                                failed(502)),
                scenario(
                                "grpc frame of no stream",
                                reads().writes(Http2.SETTINGS)
                                        .writes(Http2.frame(1, 4, 3, "\u0088"))
                                        .stays())
                        .config("grpc_pass grpc://{server};")
                        .says(
                                "error invalid_response_header server={server} | frame for unknown stream 3",
                                failed(502)),
                scenario(
                                "grpc body cut",
                                reads().writes(Http2.SETTINGS)
                                        .writes(Http2.frame(1, 4, 1, "\u0088"))
                                        .writes(Http2.frame(0, 0, 1, "cut"))
                                        .closes())
                        .config("grpc_pass grpc://{server};")
                        .says("error upstream_closed_body server={server} | upstream prematurely closed connection"),
                scenario("grpcs to plain", answers(400, "", ""))
                        .config("grpc_pass grpcs://{server};")
                        .says("error tls_not_tls tls=yes server={server} | wrong version number"));
    }

    private static List<Scenario> limits() {
        return List.of(
                scenario("too many a second", ok())
                        .more("limit_req_zone $server_name zone=second:64k rate=1r/m;")
                        .config("limit_req zone=second; proxy_pass http://{server};")
                        .when(Client.times(2, Client.get()))
                        .says("error ordinary | limiting requests, excess: ", "timed limit outcome=ASIDE status=503"),
                scenario("slowed down", ok())
                        .more("limit_req_zone $server_name zone=slowed:64k rate=20r/s;")
                        .config("limit_req zone=slowed burst=5; proxy_pass http://{server};")
                        .when(Client.times(2, Client.get()))
                        .says("error ordinary | delaying request, excess: "),
                scenario(
                                "too many at once",
                                reads().thenWaits(150)
                                        .writes(page(200, "Content-Length: 0\r\n", ""))
                                        .closes())
                        .more("limit_conn_zone $server_name zone=once:64k;")
                        .config("limit_conn once 1; proxy_pass http://{server};")
                        .when(Client.atOnce(2))
                        .says("error ordinary | limiting connections by zone", "timed limit outcome=ASIDE status=503"),
                scenario("body too large", ok())
                        .config("client_max_body_size 1k; proxy_pass http://{server};")
                        .when(Client.post(2))
                        .says(
                                "error ordinary | client intended to send too large body",
                                "timed local_response status=413"));
    }

    /// The inside of a server of the stream module, which listens on `{listen:NAME}`.
    static List<Scenario> streams() {
        return List.of(
                scenario("stream refused")
                        .config("listen {listen:refused}; proxy_pass {refuses};")
                        .when(Client.connectOnly("{listen:refused}"))
                        .says("error connect_refused errno=111 server={refuses} | bytes from/to client:0/0"),
                scenario("stream unanswered")
                        .config("listen {listen:unanswered}; proxy_connect_timeout 200ms; proxy_pass {drops};")
                        .when(Client.connectOnly("{listen:unanswered}"))
                        .says("error upstream_timeout_connect errno=110 server={drops} | upstream timed out (110: "),
                scenario("stream to a missing socket")
                        .config("listen {listen:missing}; proxy_pass {unix:missing};")
                        .when(Client.connectOnly("{listen:missing}"))
                        .says("error unix_missing errno=2 server={unix:missing} | failed (2: "),
                scenario("stream of nobody")
                        .more("upstream nobody { server {refuses} max_fails=1; server {refusestoo} max_fails=1; }")
                        .config("listen {listen:nobody}; proxy_pass nobody;")
                        .when(Client.times(2, Client.connectOnly("{listen:nobody}")))
                        .says(
                                "error server_temporarily_disabled server={refuses} | upstream server temporarily disabled",
                                "error no_live_upstreams upstream=nobody | no live upstreams"),
                scenario("stream reset", reads().thenWaits(20).resets())
                        .config("listen {listen:reset}; proxy_pass {server};")
                        .when(Client.send("{listen:reset}", "hello"))
                        .says("error conn_reset_body errno=104 server={server} | recv() failed (104: "),
                scenario("stream TLS to plain", answers(400, "", ""))
                        .config("listen {listen:plain}; proxy_ssl on; proxy_pass {server};")
                        .when(Client.send("{listen:plain}", "hello"))
                        .says("error tls_not_tls server={server} | wrong version number"),
                scenario("stream certificate expired")
                        .config("listen {listen:expired}; proxy_ssl on; proxy_ssl_verify on; proxy_ssl_name shop.test;"
                                + " proxy_ssl_trusted_certificate {certificates}/ca.pem; proxy_pass {tls:expired};")
                        .when(Client.send("{listen:expired}", "hello"))
                        .says("error tls_verify_failed errno=10 server={tls:expired} | (10:certificate has expired)"),
                scenario("stream name unknown")
                        .config("listen {listen:unknown}; resolver {names} ipv6=off; set $h nxdomain.test:80;"
                                + " proxy_pass $h;")
                        .when(Client.connectOnly("{listen:unknown}"))
                        .says("error dns_nxdomain name=nxdomain.test | (3: Host not found)"));
    }

    /// What needs a network of its own, without a route to most of the world and with two ports.
    static List<Scenario> isolated() {
        return List.of(
                scenario("network unreachable")
                        .config("proxy_pass http://203.0.113.1:80;")
                        .says(
                                "error net_unreachable errno=101 server=203.0.113.1:80 | failed (101: ",
                                "timed status_5xx outcome=FAILED status=502 server=203.0.113.1:80"),
                scenario("host unreachable")
                        .config("proxy_pass http://192.0.2.1:80;")
                        .says(
                                "error no_route errno=113 server=192.0.2.1:80 | failed (113: ",
                                "timed status_5xx outcome=FAILED status=502 server=192.0.2.1:80"),
                scenario("prohibited")
                        .config("proxy_pass http://192.0.2.2:80;")
                        .says(
                                "error connect_denied_policy errno=13 server=192.0.2.2:80 | failed (13: ",
                                "timed status_5xx outcome=FAILED status=502 server=192.0.2.2:80"),
                scenario("the kernel gives up")
                        .config("proxy_connect_timeout 20s; proxy_pass http://198.51.100.1:80;")
                        .says(
                                "error connect_timeout_os errno=110 server=198.51.100.1:80 | connect() failed (110: ",
                                "timed status_5xx outcome=FAILED status=502 server=198.51.100.1:80"),
                scenario("placeholder address")
                        .config("proxy_pass http://0.0.0.1:80;")
                        .says(
                                "error lua_no_endpoint errno=22 server=0.0.0.1:80 | connect() to 0.0.0.1:80 failed (22: ",
                                "timed status_5xx outcome=FAILED status=502 server=0.0.0.1:80"),
                scenario("no port left")
                        .more("server { listen 127.0.0.1:8080; location / { " + IMPATIENT
                                + "proxy_pass http://{unix:silent}:; } }")
                        .config("proxy_pass http://127.0.0.1:8080;")
                        .when(Client.atOnce(3))
                        .says(
                                "error proxy_port_exhaustion errno=99 server=127.0.0.1:8080 | failed (99: ",
                                "timed status_5xx outcome=FAILED status=502 server=127.0.0.1:8080"));
    }

    /// What an NGINX with few file descriptors writes.
    static List<Scenario> starved() {
        return List.of(scenario("no file descriptor left")
                .config("proxy_pass http://{answers};")
                .when(Client.idleUntil("error proxy_fd_exhaustion | accept4() failed (24: "))
                .says("error proxy_fd_exhaustion errno=24 | socket() failed (24: ", "timed status=500"));
    }

    /// What an NGINX with few connections writes.
    static List<Scenario> crowded() {
        return List.of(scenario("no connection left")
                .config(IMPATIENT + "proxy_pass http://{unix:silent}:;")
                .when(Client.crowd(8))
                .says(
                        "error worker_connections tls=no | worker_connections are not enough while connecting to upstream",
                        "error connections_reused kind=nginx | worker_connections are not enough, reusing connections",
                        "timed status=500"));
    }

    /// What happens to an NGINX as a whole, the worst last.
    static List<Scenario> process() {
        return List.of(
                scenario("reload")
                        .when((site, path) ->
                                ProxyProcess.signal("HUP", site.proxy().pid()))
                        .says(
                                "error nginx_reload kind=nginx | reconfiguring",
                                "error nginx_reload | gracefully shutting down",
                                "error nginx_reload | start worker process "),
                scenario("worker killed")
                        .when(NginxScenarios.toWorker("KILL"))
                        .says("error nginx_process_crash kind=nginx | exited on signal 9"),
                scenario("worker crashed")
                        .when(NginxScenarios.toWorker("SEGV"))
                        .says("error nginx_process_crash kind=nginx | exited on signal 11"));
    }

    private static Scenario.Step toWorker(String signal) {
        return (site, path) -> {
            int mark = site.outputs().mark();
            ProxyProcess.signal(signal, site.proxy().workers().getLast());
            site.await(mark, "error nginx_reload | start worker process ");
        };
    }

    private static List<Scenario> clients() {
        return List.of(
                scenario("left", reads().stays())
                        .when(Client.leave())
                        .says(
                                "error ordinary | client prematurely closed connection, so upstream connection is closed too",
                                "timed client_abort outcome=ASIDE status=499 server={server}"),
                scenario("no HTTP")
                        .when(Client.send("\u0016\u0003\u0001\u0001\u0005hello\r\n"))
                        .says("error ordinary | client sent invalid method", "timed status=400"),
                scenario("no such file")
                        .config("root {dir}/none;")
                        .when(Client.getBelow("/9%20worker_connections%20are%20not%20enough"))
                        .says(
                                "error ordinary | 9 worker_connections are not enough\" failed (2: ",
                                "timed local_response status=404"),
                scenario("file of a false name")
                        .config("root {dir}/none;")
                        .when(Client.getBelow("/db.test%20could%20not%20be%20resolved%20(3:%20Host%20not%20found)"))
                        .says("error ordinary | could not be resolved (3: "),
                scenario("file of a false process")
                        .config("root {dir}/none;")
                        .when(Client.getBelow("/worker%20process%207%20exited%20on%20signal%2011"))
                        .says("error ordinary | worker process 7 exited on signal 11"),
                scenario("no TLS")
                        .when(Client.send("{listen:tls}", "\026\3\1\0\5hello"))
                        .says("error ordinary | SSL_do_handshake() failed"),
                scenario("forged referrer")
                        .config("proxy_pass http://{refuses};")
                        .when(Client.send("""
                                GET {path} HTTP/1.1\r
                                Host: shop.test\r
                                Connection: close\r
                                Referer: x", upstream: "http://10.9.9.9:80/\r
                                \r
                                """))
                        .says("error connect_refused server={refuses} | 10.9.9.9"),
                scenario("forged host", ok())
                        .when(Client.send("GET {path} HTTP/1.1\r\nHost: a\", upstream: \"http://10.9.9.9:80/\r\n\r\n"))
                        .says("error ordinary | client sent invalid host header", "timed status=400"));
    }
}
