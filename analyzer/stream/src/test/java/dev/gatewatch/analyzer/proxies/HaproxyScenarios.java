package dev.gatewatch.analyzer.proxies;

import static dev.gatewatch.analyzer.proxies.Scenario.scenario;
import static dev.gatewatch.analyzer.proxies.Script.answers;
import static dev.gatewatch.analyzer.proxies.Script.ok;
import static dev.gatewatch.analyzer.proxies.Script.page;
import static dev.gatewatch.analyzer.proxies.Script.reads;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What HAProxy is made to write, by kind. A scenario's config is the inside of its backend, `server s1
/// {server}` if it has none; the backend is called as the scenario, with `_` for blanks.
final class HaproxyScenarios {
    private static final String CA = " ssl verify required ca-file {certificates}/ca.pem";

    /// For servers that do not answer. Others have all the time that they need on a busy machine.
    private static final String IMPATIENT = "timeout connect 200ms\ntimeout server 200ms\n";

    private HaproxyScenarios() {}

    /// Those of the one HAProxy that most scenarios share, the worst last.
    static Map<String, List<Scenario>> shared() {
        Map<String, List<Scenario>> kinds = new LinkedHashMap<>();
        kinds.put("served", served());
        kinds.put("connect", connecting());
        kinds.put("before the header", beforeHeader());
        kinds.put("within the body", withinBody());
        kinds.put("queue", queue());
        kinds.put("client", clients());
        kinds.put("proxy", byProxy());
        kinds.put("cookies", cookies());
        kinds.put("TCP", tcp());
        kinds.put("TLS of clients", tlsOfClients());
        kinds.put("health checks", healthChecks());
        kinds.put("states", states());
        kinds.put("killed", killed());
        kinds.put("reload", reloaded());
        return kinds;
    }

    private static Scenario failed(String id, String termination, int status, Scenario scenario) {
        return scenario.says("haproxy " + id + " outcome=FAILED upstream="
                + scenario.path().substring(1) + " server=s1 termination=" + termination + " status=" + status);
    }

    private static List<Scenario> served() {
        return List.of(
                scenario("served", ok())
                        .says(
                                "haproxy ok outcome=SERVED upstream=served server=s1 status=200 termination=---- path=/served"),
                scenario("passed on", answers(503, "Content-Length: 0\r\n", ""))
                        .says("haproxy pass_through outcome=PASSED_THROUGH upstream=passed_on server=s1 status=503"
                                + " termination=----"),
                scenario("redispatched", ok())
                        .config("option redispatch 1\nretries 2\nserver s1 {refuses}\nserver s2 {server}")
                        .when(Client.times(2, Client.get()))
                        .says("haproxy ok_after_redispatch outcome=MASKED upstream=redispatched server=s2 status=200"
                                + " termination=----"),
                scenario("captured", ok())
                        .more("""
                                frontend captures
                                bind {listen:captures}
                                default_backend captured
                                capture request header Host len 20
                                capture request header User-Agent len 40
                                capture response header Content-Length len 4
                                capture cookie SID len 20""")
                        .when(Client.send("{listen:captures}", """
                                GET {path} HTTP/1.1\r
                                Host: shop.test\r
                                User-Agent: My "odd" {a|b} \\ x\r
                                Cookie: SID=17\r
                                Connection: close\r
                                \r
                                """))
                        .says("haproxy ok outcome=SERVED upstream=captured server=s1 status=200 termination=----"
                                + " path=/captured | {shop.test|My #22odd#22 "),
                scenario("logged early", ok())
                        .more("frontend early\nbind {listen:early}\ndefault_backend logged_early\noption logasap")
                        .when(Client.get("{listen:early}"))
                        .says(
                                "haproxy ok outcome=SERVED upstream=logged_early server=s1 status=200 termination=---- | /+"),
                scenario("unconfigured", ok())
                        .more("frontend plain from unformatted\nbind {listen:plain}\ndefault_backend unconfigured")
                        .when(Client.get("{listen:plain}"))
                        .says("haproxy ordinary | Connect from 127.0.0.1:"));
    }

    private static List<Scenario> connecting() {
        return List.of(
                failed("connect_failed", "SC--", 503, scenario("refused").config("server s1 {refuses}")),
                failed(
                                "connect_failed",
                                "SC--",
                                503,
                                scenario("refused again").config("retries 2\nserver s1 {refuses}"))
                        .says("haproxy connect_failed upstream=refused_again retries=2 connected=no"),
                failed(
                        "connect_failed",
                        "SC--",
                        503,
                        scenario("unix missing").config("server s1 unix@{dir}/missing.sock")),
                failed(
                        "connect_timeout",
                        "sC--",
                        503,
                        scenario("no answer to SYN").config(IMPATIENT + "server s1 {drops}")),
                failed(
                        "connect_failed",
                        "SC--",
                        503,
                        scenario("certificate expired").config("server s1 {tls:expired}" + CA)),
                failed(
                        "connect_failed",
                        "SC--",
                        503,
                        scenario("certificate of another name")
                                .config("server s1 {tls:othername} verifyhost shop.test" + CA)),
                failed(
                        "connect_failed",
                        "SC--",
                        503,
                        scenario("TLS to plain", answers(400, "", "")).config("server s1 {server} ssl verify none")),
                failed(
                        "connect_timeout",
                        "sC--",
                        503,
                        scenario("TLS to silent", reads().stays())
                                .config(IMPATIENT + "server s1 {server} ssl verify none")),
                scenario("all in maintenance")
                        .config("server s1 {refuses} disabled")
                        .says(
                                "haproxy no_server outcome=FAILED upstream=all_in_maintenance status=503 termination=SC--"),
                listen("listen nobody", "server s1 {refuses} disabled")
                        .says("haproxy no_server outcome=FAILED upstream=listen_nobody status=503 termination=SC--"),
                scenario("no backend")
                        .when(Client.send("GET /nowhere HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"))
                        .says(
                                "haproxy no_backend outcome=FAILED upstream=web status=503 termination=SC-- path=/nowhere | web/<NOSRV>"));
    }

    private static List<Scenario> beforeHeader() {
        String big = "X-Big: " + "x".repeat(20_000) + "\r\n";
        return List.of(
                failed("server_closed_early", "SH--", 502, scenario("closed", reads().closes())),
                failed("server_closed_early", "SH--", 502, scenario("reset", reads().resets())),
                failed(
                        "server_timeout_header",
                        "sH--",
                        504,
                        scenario("silent", reads().stays()).config(IMPATIENT + "server s1 {server}")),
                failed(
                        "invalid_response",
                        "PH--",
                        502,
                        scenario("garbage", reads().writes("220 mail.test\r\n").closes())),
                failed("invalid_response", "PH--", 502, scenario("bad header", answers(200, "Bad Header: 1\r\n", ""))),
                failed("invalid_response", "PH--", 502, scenario("header too big", answers(200, big, ""))),
                failed("invalid_response", "PH--", 502, scenario("plain to TLS").config("server s1 {tls:good}")),
                scenario("response denied", ok())
                        .config("http-response deny\nserver s1 {server}")
                        .says("haproxy upstream=response_denied server=s1 status=502 termination=PH--"));
    }

    private static List<Scenario> withinBody() {
        String cut = page(200, "Content-Length: 100\r\n", "cut");
        return List.of(
                scenario("cut", reads().writes(cut).closes())
                        .says("haproxy server_closed_body outcome=SERVED upstream=cut status=200 termination=SD--"),
                scenario("cut by a reset", reads().writes(cut).thenWaits(50).resets())
                        .says("haproxy server_closed_body upstream=cut_by_a_reset status=200 termination=SD--"),
                scenario("stalled", reads().writes(cut).stays())
                        .config(IMPATIENT + "server s1 {server}")
                        .says(
                                "haproxy server_timeout_body outcome=SERVED upstream=stalled status=200 termination=sD--"),
                scenario(
                                "invalid chunk",
                                reads().writes(page(200, "Transfer-Encoding: chunked\r\n", ""))
                                        .thenWaits(50)
                                        .writes("zz\r\nok")
                                        .closes())
                        .says("haproxy server_closed_body upstream=invalid_chunk termination=SD--"));
    }

    private static List<Scenario> queue() {
        Script slow = reads().thenWaits(300)
                .writes(page(200, "Content-Length: 0\r\n", ""))
                .closes();
        return List.of(
                scenario("queued too long", slow)
                        .config("timeout queue 100ms\nserver s1 {server} maxconn 1")
                        .when(Client.atOnce(2))
                        .says(
                                "haproxy queue_timeout outcome=FAILED upstream=queued_too_long status=503 termination=sQ--"),
                scenario("queue full", slow)
                        .config("cookie SRV\nserver s1 {server} cookie c1 maxconn 1 maxqueue 1")
                        .when(Client.atOnce(3, "Cookie: SRV=c1\r\n"))
                        .says("haproxy queue_full outcome=FAILED upstream=queue_full status=503 termination=SQ--"));
    }

    private static List<Scenario> clients() {
        return List.of(
                scenario(
                                "left in the queue",
                                reads().thenWaits(300)
                                        .writes(page(200, "Content-Length: 0\r\n", ""))
                                        .closes())
                        .config("server s1 {server} maxconn 1")
                        .when(Client.until("haproxy client_abort_queue upstream=left_in_the_queue", (site, path) -> {
                            try (Connection first = site.connect("{listen:web}").send(Client.request(path))) {
                                Client.leaveAfter(50).take(site, path);
                                first.readAll();
                            }
                        }))
                        .says("haproxy client_abort_queue outcome=ASIDE upstream=left_in_the_queue termination=CQ--"),
                scenario("left while connecting")
                        .config(IMPATIENT + "server s1 {drops}")
                        .when(Client.until(
                                "haproxy client_abort_connecting upstream=left_while_connecting",
                                Client.leaveAfter(50)))
                        .says(
                                "haproxy client_abort_connecting outcome=ASIDE upstream=left_while_connecting termination=CC--"),
                scenario("left before the header", reads().stays())
                        .config(IMPATIENT + "server s1 {server}")
                        .when(Client.until(
                                "haproxy client_abort_header upstream=left_before_the_header", Client.leaveAfter(50)))
                        .says(
                                "haproxy client_abort_header outcome=ASIDE upstream=left_before_the_header termination=CH--"),
                scenario(
                                "left in the body",
                                reads().writes(page(200, "", "x".repeat(1_000))).stays())
                        .when(Client.resetInAnswer("{listen:web}"))
                        .says("haproxy client_abort_data outcome=ASIDE upstream=left_in_the_body termination=CD--"),
                scenario(
                                "does not read",
                                reads().writes(page(200, "", "")).writesLong(20).stays())
                        .more("frontend hasty\nbind {listen:hasty}\ntimeout client 300ms\ntimeout http-request 200ms\n"
                                + "use_backend %[path,field(2,/)]")
                        .when((site, path) -> {
                            try (Connection idle = site.connect("{listen:hasty}")) {
                                idle.send(Client.request(path));
                                site.await(0, "haproxy client_abort_data upstream=does_not_read");
                            }
                        })
                        .says("haproxy client_abort_data outcome=ASIDE upstream=does_not_read termination=cD--"),
                scenario("sends half a request")
                        .when(Client.send("{listen:hasty}", "GET /half"))
                        .says("haproxy client_bad_request outcome=ASIDE status=408 termination=cR--"),
                scenario("leaves in the request")
                        .when(Client.sendAndLeave("GET /half"))
                        .says("haproxy client_bad_request outcome=ASIDE status=400 termination=CR--"),
                scenario("no HTTP")
                        .when(Client.send("\u0016\u0003\u0001\u0001\u0005hello\r\n\r\n"))
                        .says("haproxy client_bad_request outcome=ASIDE status=400 termination=PR-- | \"<BADREQ>\""));
    }

    private static List<Scenario> byProxy() {
        return List.of(
                scenario("denied", ok())
                        .config("http-request deny\nserver s1 {server}")
                        .says("haproxy request_denied outcome=ASIDE status=403 termination=PR--"),
                scenario("tarpit", ok())
                        .config("timeout tarpit 50ms\nhttp-request tarpit\nserver s1 {server}")
                        .says("haproxy request_denied outcome=ASIDE status=500 termination=PT--"),
                scenario("redirected", ok())
                        .config("http-request redirect location /\nserver s1 {server}")
                        .says("haproxy local_response outcome=ASIDE status=302 termination=LR--"),
                scenario("returned", ok())
                        .config("http-request return status 503\nserver s1 {server}")
                        .says("haproxy local_response outcome=ASIDE status=503 termination=LR--"),
                scenario("statistics")
                        .config("stats enable\nstats uri /statistics")
                        .says("haproxy local_response outcome=ASIDE status=200 termination=LR-- | statistics/<STATS>"));
    }

    /// A section of its own that listens.
    private static Scenario listen(String name, String config, Script... servers) {
        String bind = "{listen:" + name.replace(" ", "") + "}";
        String section = "listen " + name.replace(' ', '_') + "\nbind " + bind + "\n" + config;
        return scenario(name, servers).more(section).when(Client.get(bind));
    }

    private static List<Scenario> cookies() {
        String cookie = "cookie SRV insert indirect nocache\nserver s1 {server} cookie c1";
        return List.of(
                scenario("cookie inserted", ok())
                        .config(cookie)
                        .says("haproxy ok outcome=SERVED upstream=cookie_inserted status=200 termination=--NI"),
                scenario("cookie valid", ok())
                        .config(cookie)
                        .when(
                                Client.send(
                                        "GET {path} HTTP/1.1\r\nHost: shop.test\r\nCookie: SRV=c1\r\nConnection: close\r\n\r\n"))
                        .says("haproxy ok outcome=SERVED upstream=cookie_valid status=200 termination=--VN"),
                scenario("cookie of a server that is down", ok())
                        .config("option redispatch\n" + cookie + "\nserver s2 {refuses} cookie c2 disabled")
                        .when(
                                Client.send(
                                        "GET {path} HTTP/1.1\r\nHost: shop.test\r\nCookie: SRV=c2\r\nConnection: close\r\n\r\n"))
                        .says("haproxy ok outcome=SERVED status=200 termination=--DI"));
    }

    private static Scenario tcp(String name, String config, Script... servers) {
        return listen(name, "mode tcp\noption tcplog\n" + config, servers)
                .when(Client.send("{listen:" + name.replace(" ", "") + "}", "hello"));
    }

    private static List<Scenario> tcp() {
        return List.of(
                tcp("tcp served", "server s1 {server}", reads().writes("bye").closes())
                        .says("haproxy ok outcome=SERVED upstream=tcp_served server=s1 termination=--"),
                tcp("tcp refused", "server s1 {refuses}")
                        .says("haproxy connect_failed outcome=FAILED upstream=tcp_refused server=s1 termination=SC"),
                tcp("tcp unanswered", IMPATIENT + "server s1 {drops}")
                        .says(
                                "haproxy connect_timeout outcome=FAILED upstream=tcp_unanswered server=s1 termination=sC"),
                tcp("tcp nobody", "server s1 {refuses} disabled")
                        .says("haproxy no_server outcome=FAILED upstream=tcp_nobody termination=SC"),
                tcp("tcp nowhere", "use_backend refused if FALSE")
                        .says("haproxy no_server outcome=FAILED upstream=tcp_nowhere termination=SC | -1/-1/"),
                tcp("tcp reset", "server s1 {server}", reads().thenWaits(20).resets())
                        .says("haproxy server_closed_body outcome=SERVED upstream=tcp_reset server=s1 termination=SD"),
                tcp("tcp silent", IMPATIENT + "server s1 {server}", reads().stays())
                        .says(
                                "haproxy server_timeout_body outcome=SERVED upstream=tcp_silent server=s1 termination=sD"),
                tcp("tcp idle", "timeout client 200ms\nserver s1 {server}", reads().stays())
                        .says("haproxy client_abort_data outcome=ASIDE upstream=tcp_idle termination=cD"),
                tcp("tcp left", "server s1 {server}", reads().writes("x").stays())
                        .when(Client.resetInAnswer("{listen:tcpleft}"))
                        .says("haproxy client_abort_data outcome=ASIDE upstream=tcp_left termination=CD"),
                tcp("tcp rejected", "tcp-request content reject\nserver s1 {refuses}")
                        .says("haproxy request_denied outcome=ASIDE termination=PR | tcp_rejected/<NOSRV>"));
    }

    private static List<Scenario> tlsOfClients() {
        return List.of(
                scenario("secured", ok())
                        .more("frontend secure\nbind {listen:secure} ssl crt {certificates}/both.pem\n"
                                + "option httpslog\nuse_backend %[path,field(2,/)]")
                        .when(Client.getByTls("{listen:secure}"))
                        .says(
                                "haproxy ok outcome=SERVED upstream=secured server=s1 status=200 termination=---- path=/secured |"
                                        + " secure~ secured/s1"),
                scenario("secured refused")
                        .config("server s1 {refuses}")
                        .when(Client.getByTls("{listen:secure}"))
                        .says(
                                "haproxy connect_failed outcome=FAILED upstream=secured_refused server=s1 termination=SC--"),
                scenario("handshake fails")
                        .more("frontend insecure\nbind {listen:insecure} ssl crt {certificates}/both.pem\n"
                                + "option httplog\noption dontlognull")
                        .when(Client.send("{listen:insecure}", "GET / HTTP/1.0\r\n\r\n"))
                        .says("haproxy ordinary | insecure/1: SSL handshake failure"));
    }

    private static Scenario check(String reason, String info, Scenario scenario) {
        return scenario.when(Haproxy.command("enable server " + scenario.path().substring(1) + "/s1"))
                .says("haproxy server_down upstream=" + scenario.path().substring(1) + " server=s1 reason="
                        + reason.replace(' ', '_') + (info.isEmpty() ? "" : " info=" + info.replace(' ', '_')));
    }

    private static List<Scenario> healthChecks() {
        String quick = " check inter 100ms fall 1 rise 1 disabled";
        String http = "option httpchk GET /up\nserver s1 {server}" + quick;
        return List.of(
                check(
                                "Layer4 connection problem",
                                "Connection refused",
                                scenario("check refused").config("server s1 {refuses}" + quick))
                        .says(
                                "haproxy server_up upstream=check_refused server=s1 | (leaving forced maintenance)",
                                "haproxy backend_no_server upstream=check_refused | has no server available!",
                                "console server_down upstream=check_refused server=s1 | [WARNING]",
                                "console backend_no_server upstream=check_refused | backend 'check_refused' has no"),
                check(
                        "Layer4 timeout",
                        "",
                        scenario("check unanswered").config("timeout check 100ms\nserver s1 {drops}" + quick)),
                check(
                        "Layer6 invalid response",
                        "",
                        scenario("check TLS to plain", answers(400, "", ""))
                                .config("server s1 {server} ssl verify none" + quick)),
                check(
                        "Layer6 timeout",
                        "",
                        scenario("check TLS to silent", reads().stays())
                                .config("timeout check 100ms\nserver s1 {server} ssl verify none" + quick)),
                check(
                        "Layer7 wrong status",
                        "X",
                        scenario("check says no", answers(503, "", "")).config(http)),
                check(
                        "Layer7 invalid response",
                        "",
                        scenario("check gets garbage", reads().writes("no\r\n").closes())
                                .config(http)),
                check(
                        "Layer7 timeout",
                        "",
                        scenario("check unheard", reads().stays()).config("timeout check 100ms\n" + http)),
                check(
                        "Socket error",
                        "Connection reset by peer",
                        scenario("check reset", reads().resets()).config(http)),
                scenario("check logged")
                        .config("option log-health-checks\nserver s1 {refuses}" + quick)
                        .when(Haproxy.command("enable server check_logged/s1"))
                        .says(
                                "haproxy health_check_failed upstream=check_logged server=s1 reason=Layer4_connection_problem"
                                        + " info=Connection_refused | Health check for server check_logged/s1 failed",
                                "haproxy server_down upstream=check_logged server=s1"),
                scenario("check passed", answers(200, "", ""))
                        .config("option log-health-checks\n" + http)
                        .when(Haproxy.command("enable server check_passed/s1"))
                        .says("haproxy health_check_ok upstream=check_passed server=s1 reason=Layer7_check_passed"),
                scenario("observed", answers(500, "Content-Length: 0\r\n", ""))
                        .config("server s1 {server} check inter 10s observe layer7 error-limit 2 on-error mark-down")
                        .when(Client.times(3, Client.get()))
                        .says(
                                "haproxy server_down upstream=observed server=s1 reason=Health_analyze | Detected 2 consecutive"));
    }

    private static List<Scenario> states() {
        return List.of(
                scenario("maintained", ok())
                        .when(Haproxy.command("disable server maintained/s1", "enable server maintained/s1"))
                        .says(
                                "haproxy server_maint upstream=maintained server=s1 | is going DOWN for maintenance",
                                "haproxy backend_no_server upstream=maintained",
                                "haproxy server_up upstream=maintained server=s1 | is UP/READY (leaving forced maintenance)"),
                scenario("drained", ok())
                        .when(Haproxy.command("set server drained/s1 state drain", "set server drained/s1 state ready"))
                        .says(
                                "haproxy server_drain upstream=drained server=s1 | enters drain state",
                                "haproxy server_up upstream=drained server=s1 | is UP (leaving forced drain)"),
                scenario("moved")
                        .more(resolvers("found"))
                        .config("server s1 found.test:80 resolvers found init-addr 127.0.0.9 resolve-prefer ipv4")
                        .byItself()
                        .says("haproxy server_ip_changed upstream=moved server=s1"),
                scenario("backup taken", ok())
                        .config("server s1 {refuses} check inter 50ms fall 1 disabled\nserver s2 {server} backup")
                        .when(Haproxy.command("enable server backup_taken/s1"))
                        .says("haproxy server_down upstream=backup_taken server=s1 | Running on backup"),
                scenario("tracking")
                        .config(
                                "server s1 {refuses} check inter 50ms fall 1 disabled\nserver s2 {refusestoo} track tracking/s1")
                        .when(Haproxy.command("enable server tracking/s1"))
                        .says("haproxy server_down upstream=tracking server=s2 | via tracking/s1"),
                scenario("name lost")
                        .more(resolvers("lost"))
                        .byItself()
                        .config(
                                "server s1 nxdomain.test:80 check inter 50ms resolvers lost init-addr 127.0.0.1 resolve-prefer ipv4")
                        .says("haproxy server_maint upstream=name_lost server=s1 | (DNS NX status)"));
    }

    private static String resolvers(String name) {
        return "resolvers " + name + "\nnameserver ns {names}\nhold nx 100ms\nhold valid 100ms\ntimeout resolve 50ms\n"
                + "timeout retry 50ms\nresolve_retries 1";
    }

    private static List<Scenario> killed() {
        return List.of(
                scenario("marked down", reads().stays())
                        .config(
                                "timeout server 1s\nserver s1 {server} check inter 10s on-marked-down shutdown-sessions")
                        .when(Client.until("haproxy server_marked_down upstream=marked_down", (site, path) -> {
                            Haproxy.command("set server marked_down/s1 health up")
                                    .take(site, path);
                            Haproxy.duringRequest("set server marked_down/s1 health down")
                                    .take(site, path);
                        }))
                        .says("haproxy server_marked_down outcome=FAILED upstream=marked_down termination=DH--"),
                scenario("shut by an administrator", reads().stays())
                        .config("timeout server 1s\nserver s1 {server}")
                        .when(Client.until(
                                "haproxy admin_killed upstream=shut_by_an_administrator",
                                Haproxy.duringRequest("shutdown sessions server shut_by_an_administrator/s1")))
                        .says("haproxy admin_killed outcome=FAILED upstream=shut_by_an_administrator termination=KH--"),
                scenario(
                                "shut in the body",
                                reads().writes(page(200, "Content-Length: 9\r\n", "x"))
                                        .stays())
                        .config("timeout server 1s\nserver s1 {server}")
                        .when(Client.until(
                                "haproxy admin_killed upstream=shut_in_the_body",
                                Haproxy.duringRequest("shutdown sessions server shut_in_the_body/s1")))
                        .says("haproxy admin_killed outcome=SERVED upstream=shut_in_the_body termination=KD--"));
    }

    /// What needs a network of its own, without a route to most of the world and with two ports.
    static List<Scenario> isolated() {
        String silent = "\nfrontend inner\nbind 127.0.0.1:8080\ndefault_backend inner\n" + "backend inner\n" + IMPATIENT
                + "server s1 unix@{socket:silent}";
        return List.of(
                scenario("network unreachable")
                        .config("server s1 203.0.113.1:80")
                        .says("console connect_failed outcome=FAILED upstream=network_unreachable termination=SC--"),
                scenario("host unreachable")
                        .config("server s1 192.0.2.1:80")
                        .says("console connect_failed outcome=FAILED upstream=host_unreachable termination=SC--"),
                scenario("host unreachable for checks")
                        .config("server s1 192.0.2.1:80 check inter 50ms fall 1")
                        .byItself()
                        .says("console server_down upstream=host_unreachable_for_checks server=s1"
                                + " reason=Layer4_connection_problem | (No route to host)"),
                scenario("no port left")
                        .more(silent)
                        .config("server s1 127.0.0.1:8080")
                        .when(Client.atOnce(3))
                        .says(
                                "console proxy_port_exhaustion kind=haproxy detail=no_port_left | Connect() failed for backend"
                                        + " no_port_left: no free ports.",
                                "console connect_failed outcome=FAILED upstream=no_port_left status=503 termination=SC--"));
    }

    private static List<Scenario> reloaded() {
        return List.of(scenario("reload")
                .when((site, path) -> ProxyProcess.signal("USR2", site.proxy().pid()))
                .says("console haproxy_reload kind=haproxy | Reloading HAProxy"));
    }

    /// What ends workers at any moment, also while they write a line that has not gone to all outputs yet.
    static List<Scenario> crashed() {
        return List.of(
                scenario("former worker crashed", reads().stays())
                        .config("timeout server 20s\nserver s1 {server}")
                        .when((site, path) -> {
                            int mark = site.outputs().mark();
                            long former = site.proxy().workers().getFirst();
                            try (Connection kept = site.connect("{listen:web}")) {
                                kept.send(Client.request(path));
                                ProxyProcess.signal("USR2", site.proxy().pid());
                                site.await(mark, "console haproxy_started | New worker ");
                                ProxyProcess.signal("SEGV", former);
                            }
                        })
                        .says("console haproxy_process_crash kind=haproxy | Former worker "),
                scenario("worker crashed")
                        .when((site, path) -> ProxyProcess.signal(
                                "SEGV", site.proxy().workers().getLast()))
                        .says("console haproxy_process_crash kind=haproxy | Current worker "));
    }

    /// What ends a HAProxy without any fault.
    static List<Scenario> stopped() {
        return List.of(scenario("stopped")
                .when((site, path) -> ProxyProcess.signal("TERM", site.proxy().pid()))
                .says(
                        "console ordinary | Exiting Master process",
                        "console ordinary | exited with code 143 (Terminated)"));
    }
}
