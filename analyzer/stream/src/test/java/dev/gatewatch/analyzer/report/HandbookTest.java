package dev.gatewatch.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.analyzer.cause.Catalogue;
import dev.gatewatch.analyzer.cause.Cause;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandbookTest {
    /// Every cause that an incident may ever name. Names are API.
    private static final Map<String, List<String>> CAUSES = Map.ofEntries(
            Map.entry(
                    "backend_down",
                    List.of(
                            "clean_stop",
                            "deploy_restart",
                            "never_started",
                            "maintenance",
                            "health_check_failing",
                            "unix_socket_missing",
                            "container_gone")),
            Map.entry(
                    "wrong_upstream",
                    List.of(
                            "wrong_port",
                            "wrong_host",
                            "bound_to_loopback",
                            "name_resolution",
                            "unix_socket_permission",
                            "wrong_protocol",
                            "no_backend")),
            Map.entry(
                    "backend_timeout",
                    List.of("slow_response", "pool_exhausted", "accept_queue_full", "worker_timeout", "unresponsive")),
            Map.entry("firewall", List.of("drop", "reject", "conntrack_full")),
            Map.entry(
                    "tls_mismatch",
                    List.of(
                            "https_to_http",
                            "http_to_https",
                            "certificate_expired",
                            "certificate_untrusted",
                            "certificate_name",
                            "protocol_version",
                            "client_certificate_required")),
            Map.entry(
                    "app_crash",
                    List.of("exit_error", "segfault", "killed", "crash_loop", "oom_kill", "heap_exhausted")),
            Map.entry("bad_response", List.of("header_too_big", "invalid_response", "closed_early", "keepalive_race")),
            Map.entry("host_unreachable", List.of("host_down", "link_down", "partition")),
            Map.entry("app_error", List.of("passed_through")),
            Map.entry(
                    "proxy_exhausted",
                    List.of("file_descriptors", "ephemeral_ports", "worker_connections", "proxy_crash")),
            Map.entry("unknown", List.of("")));

    /// What an operators' guide to 502s tells to type, with host, unit and port to be filled in.
    private static final List<String> GUIDE = List.of(
            "systemctl status {unit}",
            "systemctl status {proxy_unit}",
            "ps aux | grep",
            "pgrep -af",
            "netstat -tuln | grep :{port}",
            "ss -tuln | grep :{port}",
            "systemctl start {unit}",
            "systemctl enable {unit}",
            "systemctl restart {unit}",
            "journalctl -u {unit} -f",
            "nginx -t",
            "nginx -T | grep",
            "netstat -tuln | grep LISTEN",
            "ss -tuln | grep LISTEN",
            "systemctl reload {proxy_unit}",
            "grep -r \"timeout\" /etc/nginx/",
            "time curl -s http://{address}/health",
            "tail -f /var/log/SERVICE/application.log",
            "proxy_connect_timeout",
            "proxy_send_timeout",
            "proxy_read_timeout",
            "telnet {ip} {port}",
            "nc -zv localhost {port}",
            "nc -zv -w 3 {ip} {port}",
            "iptables -L -n",
            "iptables -L -n | grep {port}",
            "ufw status",
            "firewall-cmd --list-all",
            "ufw allow",
            "--add-port={port}/tcp",
            "firewall-cmd --permanent",
            "firewall-cmd --reload",
            "aws ec2 describe-security-groups --group-ids",
            "openssl s_client -connect {address}",
            "curl -k -i https://{address}/health",
            "curl -i http://{address}/health",
            "curl -I http://",
            "proxy_pass http://",
            "proxy_pass https://",
            "docker logs",
            "free -h",
            "df -h",
            "top -b",
            "dmesg | grep -i \"killed process\"",
            "journalctl -k --no-pager | grep -i \"out of memory\"",
            "docker restart",
            "docker run -m 2g",
            "--requests=memory=1Gi --limits=memory=2Gi",
            "wget -qO-",
            "tail -f /var/log/nginx/error.log",
            "tail -f /var/log/haproxy.log",
            "haproxy -c -f /etc/haproxy/haproxy.cfg",
            "docker ps",
            "docker port {container}",
            "docker exec {container} curl -s localhost:{port}/health",
            "docker run -d -p",
            "--network host",
            "kubectl get pods",
            "kubectl describe pod {pod}",
            "kubectl get svc",
            "kubectl describe svc SERVICE",
            "kubectl exec {pod} -- curl -s localhost:{port}/health",
            "targetPort",
            "aws elbv2 describe-target-health --target-group-arn",
            "aws ec2 describe-instances --instance-ids",
            "aws ec2 authorize-security-group-ingress --group-id",
            "aws ec2 reboot-instances --instance-ids",
            "finish open requests, then exit",
            "at least two servers");

    private final Handbook handbook = Handbook.read();

    private static Stream<Cause.Id> causes() {
        return CAUSES.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(sub -> new Cause.Id(entry.getKey(), sub)));
    }

    private static Stream<String> guide() {
        return GUIDE.stream();
    }

    private Stream<String> commands() {
        return causes().map(handbook::section).flatMap(s -> Stream.concat(s.diagnose().stream(), s.repair().stream()));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void every_cause_has_a_section_with_all_its_parts(Cause.Id id) {
        Section section = handbook.section(id);

        assertThat(section.page())
                .isEqualTo(id.subCause().isEmpty() ? "unknown.md" : id.cause() + ".md#" + id.subCause());
        assertThat(section.summary()).endsWith(".").doesNotContain("\n");
        assertThat(List.of(section.whatYouSee(), section.why(), section.whatToDo()))
                .allSatisfy(part -> assertThat(part).isNotBlank());
        assertThat(section.whatYouSee()).as("how each proxy shows it").contains("NGINX", "HAProxy", "ALB");
        assertThat(section.diagnose()).isNotEmpty();
        assertThat(section.repair()).isNotEmpty();
    }

    @Test
    void whatever_the_catalogue_finds_has_a_section() {
        assertThat(Catalogue.ids())
                .isNotEmpty()
                .allSatisfy(id -> assertThat(handbook.section(id)).isNotNull());
        assertThat(causes()).containsAll(Catalogue.ids());
    }

    @Test
    void the_pages_have_no_section_that_no_cause_leads_to() {
        long headings =
                handbook.text().lines().filter(line -> line.matches("-{3,}")).count();

        assertThat(headings).isEqualTo(causes().count());
    }

    @Test
    void a_cause_that_does_not_exist_has_no_section() {
        assertThatThrownBy(() -> handbook.section(new Cause.Id("backend_down", "witchcraft")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("backend_down/witchcraft");
        assertThat(handbook.text("witchcraft")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("guide")
    void each_command_of_the_guide_stands_at_some_cause(String command) {
        assertThat(commands()).anySatisfy(c -> assertThat(c).contains(command));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "setenforce",
                "0.0.0.0/0",
                "proxy_ssl_verify off",
                "chmod 777",
                "rm -rf",
                "iptables -F",
                "ufw disable",
                "kill -9"
            })
    void no_command_does_harm(String harm) {
        assertThat(commands()).noneMatch(command -> command.contains(harm));
    }

    @Test
    void a_configuration_is_checked_before_it_is_loaded() {
        assertThat(causes().map(handbook::section)).allSatisfy(section -> {
            List<String> repair = section.repair();
            boolean editsProxy = repair.stream().anyMatch(c -> c.startsWith("# edit") && c.contains("{proxy} (nginx)"));
            int reload = indexOf(repair, "systemctl reload {proxy_unit}");
            if (editsProxy && reload >= 0) {
                assertThat(indexOf(repair, "nginx -t"))
                        .as(section.name() + ": check")
                        .isBetween(0, reload);
            }
        });
    }

    private static int indexOf(List<String> commands, String start) {
        return commands.stream()
                .filter(c -> c.startsWith(start))
                .findFirst()
                .map(commands::indexOf)
                .orElse(-1);
    }

    @Test
    void prints_all_pages_one_page_or_one_section() {
        assertThat(handbook.text())
                .startsWith("Words in {braces}")
                .contains(
                        "backend_down/clean_stop\n",
                        "proxy_exhausted/proxy_crash\n",
                        "What you see. ",
                        "\n    nginx -t");
        assertThat(handbook.text("firewall"))
                .hasValueSatisfying(
                        text -> assertThat(text).contains("firewall/drop\n").doesNotContain("backend_down/clean_stop"));
        assertThat(handbook.text("firewall/drop"))
                .hasValueSatisfying(
                        text -> assertThat(text).startsWith("firewall/drop\n").doesNotContain("firewall/reject"));
        assertThat(handbook.text("unknown"))
                .hasValueSatisfying(text -> assertThat(text).startsWith("unknown\n"));
    }
}
