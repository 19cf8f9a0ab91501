package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.cause.Catalogue;
import dev.gatewatch.analyzer.cause.Cause;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.wire.SourceKind;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every cause by two stories that differ in one thing: with it the cause is found; with what comes nearest to it,
/// a rival is.
class NearMissStoriesTest {
    private static final String OOM = "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
            + "oom_memcg=/system.slice/%1$s,task_memcg=/system.slice/%1$s,task=python3,pid=%2$d,uid=999";
    private static final String CONTAINER = "4c01db0b339c2b5d1f7c1d9d8d6f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b";
    private static final String OTHER_CONTAINER = "77aadb0b339c2b5d1f7c1d9d8d6f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b";
    private static final String HANDSHAKE = "SSL_do_handshake() failed (SSL: error:0A000";
    private static final String HANDSHAKING = " while SSL handshaking to upstream";
    private static final String ANSWERING = " while reading response header from upstream";

    /// @param cause what is found in the first story
    /// @param difference what differs, in words
    /// @param rival what is found in the second one
    /// @param haproxy whether the service is one of HAProxy
    record Pair(
            String cause,
            String difference,
            Consumer<Fault> met,
            String rival,
            Consumer<Fault> missed,
            boolean haproxy) {
        Pair(String cause, String difference, Consumer<Fault> met, String rival, Consumer<Fault> missed) {
            this(cause, difference, met, rival, missed, false);
        }

        Pair ofHaproxy() {
            return new Pair(cause, difference, met, rival, missed, true);
        }

        @Override
        public String toString() {
            return cause + ": " + difference;
        }
    }

    /// Requests are served, something happens at 10:00, they fail for half a minute, and are served again.
    static final class Fault {
        private final Story story;
        private final Nginx nginx;
        private final Nginx web2;
        private final Nginx web3;
        private final Nginx payments;
        private final Nginx php;
        private final Haproxy catalog;
        private final Haproxy kiosk;
        private final Unit orders;
        private final Unit reports;

        Fault(Story story) {
            this.story = story;
            nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            web2 = story.nginx(Lab.WEB2, "/shop/page/1");
            web3 = story.nginx(Lab.WEB3, "/shop/page/2");
            payments = story.nginx(Lab.PAYMENTS, "/api/payments/1");
            php = story.nginx(Lab.PHP, "/index.php");
            catalog = story.haproxy("be_catalog/app2");
            kiosk = story.haproxy("be_kiosk/local");
            orders = story.unit("app1.lab", "orders.service");
            reports = story.unit("app1.lab", "reports.service");
        }

        private void servedByNginx() {
            nginx.served(5);
            web2.served(3);
            web3.served(3);
            payments.served(5);
            php.served(5);
        }

        private void servedByHaproxy() {
            catalog.served(5);
            kiosk.served(2);
        }

        private void lasts(String until, Consumer<Story> failing) {
            story.until("10:00:" + until, failing);
        }

        private void fails(Consumer<Story> failing) {
            lasts("30", failing);
        }

        /// Refused by a port where nothing listens any more.
        private void refused() {
            story.closes("app1.lab", "0.0.0.0:8081");
            fails(s -> nginx.refused(5));
        }

        private void nginxFails(int status, String message) {
            fails(s -> nginx.failed(5, status, message));
        }

        private void paymentsFail(String message) {
            fails(s -> payments.failed(5, 502, message));
        }

        private void nginxSays(String level, String message) {
            story.line("edge1.lab", SourceKind.NGINX_ERROR, LogLines.process(story.now(), level, message));
        }

        private void nginxReloads() {
            story.unit("edge1.lab", "nginx.service").reloads();
        }

        private void crashes(int times) {
            for (int i = 1; i <= times; i++) {
                orders.exits(1);
                orders.restartIsScheduled(i);
                lasts("%02d".formatted(5 * i), s -> nginx.refused(5));
                orders.starts();
            }
            fails(s -> nginx.refused(5));
        }

        private void dockerSaysEnded(String container) {
            story.publishes("app1.lab", "0.0.0.0:8081", CONTAINER, "orders-1");
            lasts("10", s -> nginx.served(5));
            story.journal(
                    "app1.lab",
                    "2026-11-22T10:00:10.1Z container die " + container + " (exitCode=0, image=shop/orders, name=it)",
                    "\"_PID\":\"77\",\"_COMM\":\"dockerd\",\"SYSLOG_IDENTIFIER\":\"dockerd\",\"_SYSTEMD_UNIT\":\"docker.service\"");
            story.closes("app1.lab", "0.0.0.0:8081");
            lasts("40", s -> nginx.refused(5));
        }

        private void resets(int requests, int ofServed) {
            fails(s -> {
                nginx.served(ofServed);
                for (int i = 0; i < requests; i++) {
                    story.nginx(Lab.ORDERS, "/api/orders/" + (s.now().getEpochSecond() * 10 + i))
                            .reset(1);
                }
            });
        }
    }

    private static Stream<Pair> crashes() {
        return Stream.of(
                new Pair(
                        "app_crash/exit_error",
                        "the unit that exits serves the port",
                        f -> {
                            f.orders.exits(1);
                            f.refused();
                        },
                        "backend_down/clean_stop",
                        f -> {
                            f.reports.exits(1);
                            f.refused();
                        }),
                new Pair(
                        "app_crash/segfault",
                        "the fault is in the unit's process",
                        f -> {
                            f.story.kernel(
                                    "app1.lab",
                                    "python3[1336]: segfault at 2c ip 00 sp 00 error 4 in libc.so[400000+1]");
                            f.orders.isKilledBy(11, "SEGV", "core-dump");
                            f.refused();
                        },
                        "app_crash/exit_error",
                        f -> {
                            f.story.kernel(
                                    "app1.lab",
                                    "convert[4711]: segfault at 2c ip 00 sp 00 error 4 in libc.so[400000+1]");
                            f.orders.exits(1);
                            f.refused();
                        }),
                new Pair(
                        "app_crash/killed",
                        "nobody had asked systemd to stop it",
                        f -> {
                            f.orders.isKilledBy(9, "KILL", "signal");
                            f.refused();
                        },
                        "backend_down/clean_stop",
                        f -> {
                            f.story.journal(
                                    "app1.lab",
                                    "Stopping orders.service - Orders API...",
                                    "\"_PID\":\"1\",\"UNIT\":\"orders.service\",\"JOB_TYPE\":\"stop\","
                                            + "\"MESSAGE_ID\":\"de5b426a63be47a7b6ac3eaac82e2f6f\"");
                            f.orders.isKilledBy(9, "KILL", "timeout");
                            f.refused();
                        }),
                new Pair(
                        "app_crash/crash_loop",
                        "three times",
                        f -> f.crashes(3),
                        "app_crash/exit_error",
                        f -> f.crashes(2)),
                new Pair(
                        "app_crash/oom_kill",
                        "the kernel names the unit's group",
                        f -> {
                            f.story.kernel("app1.lab", OOM.formatted("orders.service", 1336));
                            f.orders.isKilledBy(9, "KILL", "signal");
                            f.refused();
                        },
                        "app_crash/killed",
                        f -> {
                            f.story.kernel("app1.lab", OOM.formatted("reports.service", 1332));
                            f.orders.isKilledBy(9, "KILL", "signal");
                            f.refused();
                        }),
                new Pair(
                        "app_crash/heap_exhausted",
                        "the error is about memory",
                        f -> {
                            f.orders.says("Exception in thread main java.lang.OutOfMemoryError: Java heap space");
                            f.orders.exits(3);
                            f.refused();
                        },
                        "app_crash/exit_error",
                        f -> {
                            f.orders.says("Exception in thread main java.lang.IllegalStateException: Java heap");
                            f.orders.exits(3);
                            f.refused();
                        }));
    }

    private static Stream<Pair> stops() {
        return Stream.of(
                new Pair(
                        "backend_down/clean_stop",
                        "the unit that is stopped serves the port",
                        f -> {
                            f.orders.stops();
                            f.fails(s -> f.nginx.refused(5));
                        },
                        "firewall/reject",
                        f -> {
                            f.reports.stops();
                            f.fails(s -> f.nginx.refused(5));
                        }),
                new Pair(
                        "backend_down/deploy_restart",
                        "it is started again after seconds",
                        f -> {
                            f.orders.stops();
                            f.lasts("05", s -> f.nginx.refused(5));
                            f.orders.starts();
                        },
                        "backend_down/clean_stop",
                        f -> {
                            f.orders.stops();
                            f.lasts("50", s -> f.nginx.refused(5));
                            f.orders.starts();
                        }),
                new Pair(
                        "backend_down/never_started",
                        "it ends before it is ready",
                        f -> {
                            f.orders.stops();
                            f.orders.starts();
                            f.lasts("03", s -> f.nginx.refused(5));
                            f.orders.exits(1);
                            f.refused();
                        },
                        "app_crash/exit_error",
                        f -> {
                            f.orders.stops();
                            f.orders.starts();
                            f.orders.says("Listening on http://0.0.0.0:8081");
                            f.lasts("03", s -> f.nginx.served(5));
                            f.orders.exits(1);
                            f.refused();
                        }),
                new Pair(
                                "backend_down/maintenance",
                                "an operator takes it out and not the name service",
                                f -> {
                                    f.catalog.maintenance();
                                    f.fails(s -> f.catalog.noServer(5));
                                },
                                "wrong_upstream/name_resolution",
                                f -> {
                                    f.catalog.nameIsLost();
                                    f.fails(s -> f.catalog.noServer(5));
                                })
                        .ofHaproxy(),
                new Pair(
                                "backend_down/health_check_failing",
                                "the server that is taken out is one of this service",
                                f -> {
                                    f.catalog.down("Layer7 wrong status, code: 500, info: \"Internal Server Error\"");
                                    f.fails(s -> f.catalog.noServer(5));
                                },
                                "unknown",
                                f -> {
                                    f.kiosk.down("Layer7 wrong status, code: 500, info: \"Internal Server Error\"");
                                    f.fails(s -> f.catalog.noServer(5));
                                })
                        .ofHaproxy(),
                new Pair(
                        "backend_down/unix_socket_missing",
                        "the unit was not stopped",
                        f -> f.fails(s -> f.php.failed(5, 502, connectTo(Lab.PHP, "2: No such file or directory"))),
                        "backend_down/clean_stop",
                        f -> {
                            f.story.unit("edge1.lab", "php8.2-fpm.service").stops();
                            f.story.closes("edge1.lab", Lab.PHP);
                            f.fails(s -> f.php.failed(5, 502, connectTo(Lab.PHP, "2: No such file or directory")));
                        }),
                new Pair(
                        "backend_down/container_gone",
                        "the container behind the port ended",
                        f -> f.dockerSaysEnded(CONTAINER),
                        "backend_down/clean_stop",
                        f -> f.dockerSaysEnded(OTHER_CONTAINER)));
    }

    private static String connectTo(String socket, String error) {
        return "connect() to " + socket + " failed (" + error + ") while connecting to upstream";
    }

    private static Stream<Pair> upstreams() {
        return Stream.of(
                new Pair(
                        "wrong_upstream/wrong_port",
                        "nothing ever listened there",
                        f -> {
                            f.nginxReloads();
                            f.fails(s ->
                                    s.nginx("10.85.0.21:3000", "/api/orders/1").refused(5));
                        },
                        "firewall/reject",
                        f -> {
                            f.nginxReloads();
                            f.fails(s -> f.nginx.refused(5));
                        }),
                new Pair(
                        "wrong_upstream/wrong_host",
                        "the host does not serve it, its port is right",
                        f -> {
                            f.nginxReloads();
                            f.fails(s ->
                                    s.nginx("10.85.0.23:8081", "/api/orders/1").refused(5));
                        },
                        "wrong_upstream/wrong_port",
                        f -> {
                            f.nginxReloads();
                            f.fails(s ->
                                    s.nginx("10.85.0.21:8082", "/api/orders/1").refused(5));
                        }),
                new Pair(
                        "wrong_upstream/bound_to_loopback",
                        "what listens on loopback is the same port",
                        f -> {
                            f.story.listens("app1.lab", "127.0.0.1:8081", "orders.service", "python3", 1999);
                            f.refused();
                        },
                        "backend_down/clean_stop",
                        f -> {
                            f.story.listens("app1.lab", "127.0.0.1:9091", "orders.service", "python3", 1999);
                            f.refused();
                        }),
                new Pair(
                                "wrong_upstream/name_resolution",
                                "the name service takes it out and not an operator",
                                f -> {
                                    f.catalog.nameIsLost();
                                    f.fails(s -> f.catalog.noServer(5));
                                },
                                "backend_down/maintenance",
                                f -> {
                                    f.catalog.maintenance();
                                    f.fails(s -> f.catalog.noServer(5));
                                })
                        .ofHaproxy(),
                new Pair(
                        "wrong_upstream/unix_socket_permission",
                        "the socket is there",
                        f -> f.fails(s -> f.php.failed(5, 502, connectTo(Lab.PHP, "13: Permission denied"))),
                        "backend_down/unix_socket_missing",
                        f -> f.fails(s -> f.php.failed(5, 502, connectTo(Lab.PHP, "2: No such file or directory")))),
                new Pair(
                        "wrong_upstream/wrong_protocol",
                        "nothing is understood from the reload on",
                        f -> {
                            f.nginxReloads();
                            f.fails(s -> f.nginx.reset(5));
                        },
                        "bad_response/closed_early",
                        f -> {
                            f.nginxReloads();
                            f.lasts("05", s -> f.nginx.served(5));
                            f.fails(s -> f.nginx.reset(5));
                        }),
                new Pair(
                                "wrong_upstream/no_backend",
                                "no rule names a backend",
                                f -> f.fails(s -> s.haproxy("fe_main/<NOSRV>").noBackend(5)),
                                "unknown",
                                f -> f.fails(s -> f.catalog.noServer(5)))
                        .ofHaproxy());
    }

    private static Stream<Pair> slowness() {
        String pool = "WARNING: [pool www] server reached pm.max_children setting (5), consider raising it";
        String workers = "[CRITICAL] WORKER TIMEOUT (pid:1400)";
        return Stream.of(
                new Pair(
                        "backend_timeout/slow_response",
                        "the connection stands",
                        f -> f.fails(s -> f.nginx.readTimeout(5)),
                        "firewall/drop",
                        f -> f.fails(s -> f.nginx.connectTimeout(5))),
                new Pair(
                        "backend_timeout/pool_exhausted",
                        "the pool is that of this unit",
                        f -> {
                            f.orders.says(pool);
                            f.fails(s -> f.nginx.readTimeout(5));
                        },
                        "backend_timeout/slow_response",
                        f -> {
                            f.reports.says(pool);
                            f.fails(s -> f.nginx.readTimeout(5));
                        }),
                new Pair(
                        "backend_timeout/worker_timeout",
                        "the workers are those of this unit",
                        f -> f.fails(s -> {
                            f.orders.says(workers);
                            f.nginx.closedEarly(5);
                        }),
                        "bad_response/closed_early",
                        f -> f.fails(s -> {
                            f.reports.says(workers);
                            f.nginx.closedEarly(5);
                        })),
                new Pair(
                        "backend_timeout/accept_queue_full",
                        "the queue is full",
                        f -> {
                            f.story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 129, 128);
                            f.fails(s -> f.nginx.connectTimeout(5));
                        },
                        "firewall/drop",
                        f -> {
                            f.story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 3, 128);
                            f.fails(s -> f.nginx.connectTimeout(5));
                        }),
                new Pair(
                        "backend_timeout/unresponsive",
                        "connections pile up",
                        f -> {
                            f.story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 59, 128);
                            f.fails(s -> f.nginx.readTimeout(5));
                        },
                        "backend_timeout/slow_response",
                        f -> {
                            f.story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 2, 128);
                            f.fails(s -> f.nginx.readTimeout(5));
                        }));
    }

    private static Stream<Pair> network() {
        String full = "nf_conntrack: nf_conntrack: table full, dropping packet";
        return Stream.of(
                new Pair(
                        "firewall/drop",
                        "the host's agent goes on to report",
                        f -> f.fails(s -> f.nginx.connectTimeout(5)),
                        "host_unreachable/host_down",
                        f -> {
                            f.story.withoutFactsOf("app1.lab");
                            f.fails(s -> f.nginx.connectTimeout(5));
                        }),
                new Pair(
                        "firewall/reject",
                        "the service listens",
                        f -> f.fails(s -> f.nginx.refused(5)),
                        "backend_down/clean_stop",
                        Fault::refused),
                new Pair(
                        "firewall/conntrack_full",
                        "the table is that of a host on the way",
                        f -> {
                            f.story.kernel("app1.lab", full);
                            f.fails(s -> f.nginx.connectTimeout(5));
                        },
                        "firewall/drop",
                        f -> {
                            f.story.kernel("app2.lab", full);
                            f.fails(s -> f.nginx.connectTimeout(5));
                        }),
                new Pair(
                        "host_unreachable/host_down",
                        "the silent agent is that of the server's host",
                        f -> {
                            f.story.withoutFactsOf("app1.lab");
                            f.fails(s -> f.nginx.connectTimeout(5));
                        },
                        "firewall/drop",
                        f -> {
                            f.story.withoutFactsOf("app2.lab");
                            f.fails(s -> f.nginx.connectTimeout(5));
                        }),
                new Pair(
                        "host_unreachable/link_down",
                        "the link is that of the server's host",
                        f -> {
                            f.story.kernel("app1.lab", "e1000e 0000:00:1f.6 eth0: NIC Link is Down");
                            f.fails(s -> f.nginx.connectTimeout(5));
                        },
                        "firewall/drop",
                        f -> {
                            f.story.kernel("app2.lab", "e1000e 0000:00:1f.6 eth0: NIC Link is Down");
                            f.fails(s -> f.nginx.connectTimeout(5));
                        }),
                new Pair(
                        "host_unreachable/partition",
                        "two hosts are out of reach together",
                        f -> f.fails(s -> {
                            f.web2.connectTimeout(3);
                            f.web3.connectTimeout(3);
                        }),
                        "firewall/drop",
                        f -> f.fails(s -> {
                            f.web2.connectTimeout(3);
                            f.web3.served(3);
                        })));
    }

    private static Stream<Pair> handshakes() {
        String certificate = "upstream SSL certificate ";
        String expired = certificate + "verify error: (10:certificate has expired)" + HANDSHAKING;
        String untrusted = certificate + "verify error: (18:self-signed certificate)" + HANDSHAKING;
        String named = certificate + "does not match \"payments.internal\"" + HANDSHAKING;
        String tooOld = HANDSHAKE + "42E:SSL routines::tlsv1 alert protocol version:SSL alert number 70)" + HANDSHAKING;
        String plain = HANDSHAKE + "10B:SSL routines::wrong version number)" + HANDSHAKING;
        String unasked =
                HANDSHAKE + "45C:SSL routines::tlsv13 alert certificate required:SSL alert number 116)" + HANDSHAKING;
        return Stream.of(
                text("tls_mismatch/certificate_expired", expired, "tls_mismatch/certificate_untrusted", untrusted),
                text("tls_mismatch/certificate_untrusted", untrusted, "tls_mismatch/certificate_expired", expired),
                text("tls_mismatch/certificate_name", named, "tls_mismatch/certificate_untrusted", untrusted),
                text("tls_mismatch/protocol_version", tooOld, "tls_mismatch/https_to_http", plain),
                text("tls_mismatch/https_to_http", plain, "tls_mismatch/protocol_version", tooOld),
                text("tls_mismatch/client_certificate_required", unasked, "tls_mismatch/protocol_version", tooOld),
                new Pair(
                        "tls_mismatch/http_to_https",
                        "the server is told to have got plain HTTP",
                        f -> f.fails(s -> {
                            f.orders.says("WARNING handshake with 10.85.0.11 failed: [SSL: HTTP_REQUEST] http request"
                                    + " (_ssl.c:992)");
                            f.nginx.closedEarly(5);
                        }),
                        "bad_response/closed_early",
                        f -> f.fails(s -> {
                            f.reports.says("WARNING handshake with 10.85.0.11 failed: [SSL: HTTP_REQUEST] http request"
                                    + " (_ssl.c:992)");
                            f.nginx.closedEarly(5);
                        })));
    }

    private static Pair text(String cause, String message, String rival, String otherMessage) {
        return new Pair(
                cause,
                "what the proxy says of the handshake",
                f -> f.paymentsFail(message),
                rival,
                f -> f.paymentsFail(otherMessage));
    }

    private static Stream<Pair> answers() {
        return Stream.of(
                new Pair(
                        "app_error/passed_through",
                        "the server answers with the error itself",
                        f -> f.fails(s -> f.nginx.answered(5, 502)),
                        "bad_response/closed_early",
                        f -> f.fails(s -> f.nginx.closedEarly(5))),
                new Pair(
                        "bad_response/closed_early",
                        "all requests are cut off",
                        f -> f.resets(6, 0),
                        "bad_response/keepalive_race",
                        f -> f.resets(6, 200)),
                new Pair(
                        "bad_response/keepalive_race",
                        "only a few requests are cut off",
                        f -> f.resets(6, 200),
                        "bad_response/closed_early",
                        f -> f.resets(6, 6)),
                new Pair(
                        "bad_response/header_too_big",
                        "the header is right but for its size",
                        f -> f.nginxFails(502, "upstream sent too big header" + ANSWERING),
                        "bad_response/invalid_response",
                        f -> f.nginxFails(502, "upstream sent invalid header" + ANSWERING)),
                new Pair(
                        "bad_response/invalid_response",
                        "the header is wrong whatever its size",
                        f -> f.nginxFails(502, "upstream sent no valid HTTP/1.0 header" + ANSWERING),
                        "bad_response/header_too_big",
                        f -> f.nginxFails(502, "upstream sent too big header" + ANSWERING)));
    }

    private static Stream<Pair> proxies() {
        return Stream.of(
                new Pair(
                        "proxy_exhausted/file_descriptors",
                        "the proxy has none left and not the service",
                        f -> f.nginxFails(
                                500, "socket() failed (24: Too many open files) while connecting to upstream"),
                        "backend_timeout/pool_exhausted",
                        f -> f.fails(s -> {
                            f.orders.says("OSError: [Errno 24] Too many open files");
                            f.nginx.closedEarly(5);
                        })),
                new Pair(
                        "proxy_exhausted/ephemeral_ports",
                        "no local address is left",
                        f -> f.nginxFails(502, connectTo(Lab.ORDERS, "99: Cannot assign requested address")),
                        "firewall/reject",
                        f -> f.nginxFails(502, connectTo(Lab.ORDERS, "111: Connection refused"))),
                new Pair(
                        "proxy_exhausted/worker_connections",
                        "none could be reused",
                        f -> {
                            f.nginxSays("alert", "1024 worker_connections are not enough");
                            f.fails(s -> f.nginx.reset(5));
                        },
                        "bad_response/closed_early",
                        f -> {
                            f.nginxSays("warn", "1024 worker_connections are not enough, reusing connections");
                            f.fails(s -> f.nginx.reset(5));
                        }),
                new Pair(
                        "proxy_exhausted/proxy_crash",
                        "the worker is ended by a signal",
                        f -> {
                            f.nginxSays("alert", "worker process 431 exited on signal 11 (core dumped)");
                            f.fails(s -> f.nginx.reset(5));
                        },
                        "bad_response/closed_early",
                        f -> {
                            f.nginxSays("notice", "worker process 431 exited with code 0");
                            f.fails(s -> f.nginx.reset(5));
                        }));
    }

    static Stream<Pair> pairs() {
        return Stream.of(crashes(), stops(), upstreams(), slowness(), network(), handshakes(), answers(), proxies())
                .flatMap(all -> all);
    }

    private static Incident incidentOf(Consumer<Fault> happens, boolean haproxy) {
        try (Story story = new Story()) {
            Fault fault = new Fault(story);
            Consumer<Story> served = haproxy ? s -> fault.servedByHaproxy() : s -> fault.servedByNginx();
            story.until("10:00:00", served);
            happens.accept(fault);
            story.until("10:02:00", served);
            return story.incident();
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void the_cause_is_found_where_it_is_met(Pair pair) {
        assertThat(incidentOf(pair.met, pair.haproxy)).isCausedBy(pair.cause);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void its_rival_is_found_where_it_is_missed(Pair pair) {
        assertThat(incidentOf(pair.missed, pair.haproxy)).isCausedBy(pair.rival);
    }

    @Test
    void every_cause_has_such_a_pair() {
        assertThat(pairs().map(Pair::cause))
                .containsExactlyInAnyOrderElementsOf(
                        Catalogue.ids().stream().map(Cause.Id::toString).toList());
    }
}
