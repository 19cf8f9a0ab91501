package dev.gatewatch.analyzer.cause;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.report.Handbook;
import java.util.List;
import org.junit.jupiter.api.Test;

/// All causes can be found. Their names are API.
class CatalogueTest {
    private static final List<String> NAMES = List.of(
            "app_crash/crash_loop",
            "app_crash/exit_error",
            "app_crash/heap_exhausted",
            "app_crash/killed",
            "app_crash/oom_kill",
            "app_crash/segfault",
            "app_error/passed_through",
            "backend_down/clean_stop",
            "backend_down/container_gone",
            "backend_down/deploy_restart",
            "backend_down/health_check_failing",
            "backend_down/maintenance",
            "backend_down/never_started",
            "backend_down/unix_socket_missing",
            "backend_timeout/accept_queue_full",
            "backend_timeout/pool_exhausted",
            "backend_timeout/slow_response",
            "backend_timeout/unresponsive",
            "backend_timeout/worker_timeout",
            "bad_response/closed_early",
            "bad_response/header_too_big",
            "bad_response/invalid_response",
            "bad_response/keepalive_race",
            "firewall/conntrack_full",
            "firewall/drop",
            "firewall/reject",
            "host_unreachable/host_down",
            "host_unreachable/link_down",
            "host_unreachable/partition",
            "proxy_exhausted/ephemeral_ports",
            "proxy_exhausted/file_descriptors",
            "proxy_exhausted/proxy_crash",
            "proxy_exhausted/worker_connections",
            "tls_mismatch/certificate_expired",
            "tls_mismatch/certificate_name",
            "tls_mismatch/certificate_untrusted",
            "tls_mismatch/client_certificate_required",
            "tls_mismatch/http_to_https",
            "tls_mismatch/https_to_http",
            "tls_mismatch/protocol_version",
            "wrong_upstream/bound_to_loopback",
            "wrong_upstream/name_resolution",
            "wrong_upstream/no_backend",
            "wrong_upstream/unix_socket_permission",
            "wrong_upstream/wrong_host",
            "wrong_upstream/wrong_port",
            "wrong_upstream/wrong_protocol");

    @Test
    void every_cause_has_something_that_finds_it_and_no_other_is_found() {
        assertThat(Catalogue.ids()).extracting(Cause.Id::toString).containsExactlyInAnyOrderElementsOf(NAMES);
    }

    @Test
    void every_cause_has_its_page_with_commands_to_look_and_to_repair() {
        Handbook handbook = Handbook.read();
        assertThat(Catalogue.ids()).allSatisfy(id -> {
            assertThat(handbook.section(id).diagnose()).as("%s", id).isNotEmpty();
            assertThat(handbook.section(id).repair()).as("%s", id).isNotEmpty();
        });
    }
}
