package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.Incident.Verdict;
import dev.gatewatch.wire.HostFacts.Container;
import dev.gatewatch.wire.HostFacts.ContainerState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Containers and pods that serve an address, as Docker, Podman and the kubelet tell of them.
class ContainerStoriesTest {
    private static final String ID = "4c01db0b339c2b5d1f7c1d9d8d6f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b";
    private static final String OTHER = "77aadb0b339c2b5d1f7c1d9d8d6f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b";
    private static final String PUBLISHED = "0.0.0.0:8081";
    private static final String POD = "10.244.1.7:8080";

    private final Story story = new Story();
    private final Nginx orders = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Nginx pod = story.nginx(POD, "/api/orders/1");

    @BeforeEach
    void publish() {
        story.publishes("app1.lab", PUBLISHED, ID, "orders-1");
    }

    @AfterEach
    void end() {
        story.close();
    }

    private Story served() {
        return story.until("10:00:00", s -> orders.served(5));
    }

    private Incident refused() {
        story.closes("app1.lab", PUBLISHED)
                .until("10:00:30", s -> orders.refused(5))
                .until("10:01:30", s -> orders.served(5));
        return story.incident();
    }

    private Incident refusedAtPod() {
        story.until("10:00:30", s -> pod.refused(5)).until("10:01:30", s -> pod.served(5));
        return story.incident();
    }

    private Story docker(String message) {
        return runtime("app1.lab", "dockerd", "docker.service", message);
    }

    private Story kubelet(String message) {
        return runtime("app2.lab", "kubelet", "kubelet.service", message);
    }

    private Story runtime(String host, String comm, String unit, String message) {
        return story.journal(
                host,
                message,
                "\"_PID\":\"77\",\"_COMM\":\"" + comm + "\",\"SYSLOG_IDENTIFIER\":\"" + comm + "\",\"_SYSTEMD_UNIT\":\""
                        + unit + "\"");
    }

    private static String died(String id, int exitCode, String name) {
        return "2026-11-22T10:00:00.1Z container die " + id + " (exitCode=" + exitCode + ", image=shop/orders, name="
                + name + ")";
    }

    private static String oom(String cgroup) {
        return "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=" + cgroup
                + ",task_memcg=" + cgroup + ",task=java,pid=4711,uid=0";
    }

    @Test
    void the_kernel_kills_a_process_of_the_container_behind_the_port() {
        served();
        story.kernel("app1.lab", oom("/system.slice/docker-" + ID + ".scope"));
        docker(died(ID, 137, "orders-1"));
        Incident incident = refused();
        assertThat(incident)
                .isCausedBy("app_crash/oom_kill")
                .blames("app1.lab", "orders-1")
                .isConfirmed()
                .shows("oom_summary");
        assertThat(incident.runbook().repair()).anyMatch(command -> command.contains("orders-1"));
        assertThat(incident.runbook().repair()).noneMatch(command -> command.startsWith("systemctl restart orders-1"));
    }

    @Test
    void a_container_that_ends_with_an_error_crashed() {
        served();
        docker(died(ID, 1, "orders-1"));
        assertThat(refused())
                .isCausedBy("app_crash/exit_error")
                .blames("app1.lab", "orders-1")
                .isConfirmed()
                .shows("container_exited");
    }

    @Test
    void exit_137_without_a_word_of_memory_is_a_kill_and_no_oom() {
        served();
        docker(died(ID, 137, "orders-1"));
        assertThat(refused()).isCausedBy("app_crash/killed").blames("app1.lab", "orders-1");
    }

    @Test
    void exit_137_after_a_stop_that_took_too_long_is_a_stop() {
        served();
        docker("level=info msg=\"Container failed to exit within 10s of signal 15 - using the force\" container=" + ID);
        docker(died(ID, 137, "orders-1"));
        assertThat(refused()).isCausedBy("backend_down/container_gone").blames("app1.lab", "orders-1");
    }

    @Test
    void a_container_that_is_stopped_is_gone() {
        served();
        docker(died(ID, 0, "orders-1"));
        assertThat(refused())
                .isCausedBy("backend_down/container_gone")
                .blames("app1.lab", "orders-1")
                .isConfirmed();
    }

    /// Docker's journal has the same line for a stop, a crash and a kill (recorded with 20.10).
    @Test
    void a_container_of_which_only_the_end_is_known_proves_nothing() {
        served();
        docker("time=\"2026-11-22T10:00:00.1Z\" level=info msg=\"ignoring event\" container=" + ID
                + " module=libcontainerd namespace=moby topic=/tasks/delete type=\"*events.TaskDelete\"");
        assertThat(refused())
                .isCausedBy("backend_down/container_gone")
                .blames("app1.lab", "orders-1")
                .is(Verdict.INCONCLUSIVE);
    }

    @Test
    void a_container_that_ends_again_and_again_is_a_crash_loop() {
        served();
        for (String clock : new String[] {"10:00:02", "10:00:06", "10:00:12"}) {
            docker(died(ID, 1, "orders-1"));
            story.until(clock, s -> orders.refused(5));
        }
        assertThat(refused()).isCausedBy("app_crash/crash_loop").blames("app1.lab", "orders-1");
    }

    @Test
    void another_container_that_dies_in_the_same_moment_is_not_the_cause() {
        served();
        docker(died(OTHER, 137, "reports"));
        story.kernel("app1.lab", oom("/system.slice/docker-" + OTHER + ".scope"));
        Incident incident = refused();
        assertThat(incident.cause()).isNotEqualTo("app_crash");
        assertThat(incident.subCause()).isNotEqualTo("container_gone");
        assertThat(incident.verdict()).isNotEqualTo(Verdict.CONFIRMED);
    }

    @Test
    void where_nobody_knows_whose_port_it_is_the_only_one_that_died_just_then_is_likely() {
        story.publishes("app1.lab", PUBLISHED, "", "");
        served();
        docker(died(ID, 1, "orders-1"));
        assertThat(refused())
                .isCausedBy("app_crash/exit_error")
                .blames("app1.lab", "orders-1")
                .is(Verdict.LIKELY);
    }

    @Test
    void where_nobody_knows_whose_port_it_is_and_two_died_neither_is_the_cause() {
        story.publishes("app1.lab", PUBLISHED, "", "");
        served();
        docker(died(ID, 1, "orders-1"));
        docker(died(OTHER, 1, "reports"));
        assertThat(refused().cause()).isNotEqualTo("app_crash");
    }

    @Test
    void the_runtime_itself_that_is_stopped_is_the_cause() {
        served();
        story.unit("app1.lab", "docker.service").stops();
        assertThat(refused()).isCausedBy("backend_down/clean_stop").blames("app1.lab", "docker.service");
    }

    @Test
    void a_process_in_a_containers_scope_is_the_containers() {
        story.listens("app1.lab", PUBLISHED, "libpod-" + ID + ".scope", "java", 4711);
        served();
        runtime(
                "app1.lab",
                "conmon",
                "libpod-conmon-" + ID + ".scope",
                "conmon " + ID.substring(0, 20) + " <ninfo>: container 4711 exited with status 139");
        assertThat(refused()).isCausedBy("app_crash/segfault").blames("app1.lab", ID.substring(0, 12));
    }

    private static String probe(String pod, String address) {
        return "I1122 10:00:00.1 22333 prober.go:107] \"Probe failed\" probeType=\"Readiness\" pod=\"" + pod
                + "\" podUID=0f2d3a4e-1111-2222-3333-444455556666 containerName=\"c\" probeResult=\"failure\" output=\"Get"
                + " \\\"http://" + address + "/health\\\": dial tcp " + address + ": connect: connection refused\"";
    }

    @Test
    void a_pod_that_the_kernel_kills_for_memory_is_found_by_its_address_and_uid() {
        story.until("10:00:00", s -> pod.served(5));
        story.kernel(
                "app2.lab",
                oom(
                        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0f2d3a4e_1111_2222_3333_444455556666.slice/cri-containerd-"
                                + OTHER + ".scope"));
        kubelet(probe("shop/orders-7d9f8-x2x4k", POD));
        Incident incident = refusedAtPod();
        assertThat(incident)
                .isCausedBy("app_crash/oom_kill")
                .blames("app2.lab", "shop/orders-7d9f8-x2x4k")
                .isConfirmed();
        assertThat(incident.runbook().diagnose())
                .anyMatch(c -> c.startsWith("kubectl describe pod orders-7d9f8-x2x4k"));
    }

    @Test
    void a_pod_that_is_backed_off_is_a_crash_loop() {
        story.until("10:00:00", s -> pod.served(5));
        kubelet(probe("shop/orders-7d9f8-x2x4k", POD));
        kubelet(
                "E1122 10:00:00.2 22333 pod_workers.go:1301] \"Error syncing pod, skipping\" err=\"failed to"
                        + " \\\"StartContainer\\\" for \\\"c\\\" with CrashLoopBackOff: \\\"back-off 40s restarting failed container=c"
                        + " pod=orders-7d9f8-x2x4k_shop(0f2d3a4e-1111-2222-3333-444455556666)\\\"\" pod=\"shop/orders-7d9f8-x2x4k\"");
        assertThat(refusedAtPod()).isCausedBy("app_crash/crash_loop").blames("app2.lab", "shop/orders-7d9f8-x2x4k");
    }

    @Test
    void a_pod_that_is_told_to_end_is_gone() {
        story.until("10:00:00", s -> pod.served(5));
        kubelet(probe("shop/orders-7d9f8-x2x4k", POD));
        kubelet("I1122 10:00:00.1 22333 kuberuntime_container.go:777] \"Killing container with a grace period\""
                + " pod=\"shop/orders-7d9f8-x2x4k\" podUID=1 containerName=\"c\" gracePeriod=30");
        assertThat(refusedAtPod())
                .isCausedBy("backend_down/container_gone")
                .blames("app2.lab", "shop/orders-7d9f8-x2x4k");
    }

    @Test
    void a_pod_whose_probe_fails_and_nothing_else_is_likely_unhealthy() {
        story.until("10:00:00", s -> pod.served(5));
        kubelet(probe("shop/orders-7d9f8-x2x4k", POD));
        assertThat(refusedAtPod())
                .isCausedBy("backend_down/health_check_failing")
                .blames("app2.lab", "shop/orders-7d9f8-x2x4k")
                .is(Verdict.LIKELY);
    }

    @Test
    void a_pod_with_another_address_is_not_the_cause() {
        story.until("10:00:00", s -> pod.served(5));
        kubelet(probe("shop/reports-1f2f8-a2a4a", "10.244.1.9:8080"));
        kubelet("I1122 10:00:00.1 22333 kuberuntime_container.go:777] \"Killing container with a grace period\""
                + " pod=\"shop/reports-1f2f8-a2a4a\" podUID=1 containerName=\"c\" gracePeriod=30");
        assertThat(refusedAtPod()).isCausedBy("unknown");
    }

    @Test
    void what_a_container_prints_of_containers_proves_nothing() {
        served();
        story.journal(
                "app1.lab",
                died(ID, 137, "orders-1"),
                "\"_PID\":\"77\",\"_COMM\":\"dockerd\",\"_SYSTEMD_UNIT\":\"docker.service\",\"CONTAINER_ID\":\"4c01db0b339c\"");
        assertThat(refused().cause()).isNotEqualTo("app_crash");
    }

    // what Docker says when it is asked; its journal is as recorded with 20.10

    private static final Instant STARTED = Instant.parse("2026-11-22T09:00:00Z");
    private static final Instant ENDED = Instant.parse("2026-11-22T10:00:00.100Z");
    private static final List<String> PORTS = List.of(":8081->8080/tcp");

    private static ContainerState running(String id, Instant startedAt, List<String> published, String... listening) {
        return new ContainerState(
                new Container(id, "orders-1"),
                "running",
                0,
                false,
                startedAt,
                null,
                0,
                "",
                published,
                List.of(listening));
    }

    private static ContainerState ended(int exitCode, boolean oomKilled, Instant at) {
        return new ContainerState(
                new Container(ID, "orders-1"), "exited", exitCode, oomKilled, STARTED, at, 0, "", PORTS, null);
    }

    private static ContainerState unlike(ContainerState state, String name, int restarts, String error) {
        return new ContainerState(
                state.container(),
                name,
                state.exitCode(),
                state.oomKilled(),
                error.isEmpty() ? state.startedAt() : null,
                state.finishedAt(),
                restarts,
                error,
                state.published(),
                state.listening());
    }

    private Story servedByContainer() {
        story.runs("app1.lab", running(ID, STARTED, PORTS, "0.0.0.0:8080"));
        return served();
    }

    private void taskDelete(String id) {
        docker("time=\"2026-11-22T10:00:00.150730654Z\" level=info msg=\"ignoring event\" container=" + id
                + " module=libcontainerd namespace=moby topic=/tasks/delete type=\"*events.TaskDelete\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0, false, backend_down/container_gone",
        "143, false, backend_down/container_gone",
        "1, false, app_crash/exit_error",
        "137, false, app_crash/killed",
        "137, true, app_crash/oom_kill",
        "139, false, app_crash/segfault"
    })
    void what_a_container_ended_with_is_what_docker_says(int exitCode, boolean oomKilled, String cause) {
        servedByContainer();
        taskDelete(ID);
        story.runs("app1.lab", ended(exitCode, oomKilled, ENDED));
        assertThat(refused()).isCausedBy(cause).blames("app1.lab", "orders-1").isConfirmed();
    }

    @Test
    void a_container_that_runs_again_does_not_make_its_end_forgotten() {
        servedByContainer();
        taskDelete(ID);
        story.runs("app1.lab", ended(1, false, ENDED))
                .closes("app1.lab", PUBLISHED)
                .until("10:00:30", s -> orders.refused(5));
        story.publishes("app1.lab", PUBLISHED, ID, "orders-1")
                .runs("app1.lab", running(ID, Instant.parse("2026-11-22T10:00:30Z"), PORTS, "0.0.0.0:8080"))
                .until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("app_crash/exit_error").blames("app1.lab", "orders-1");
    }

    @Test
    void a_container_that_ended_long_before_is_not_the_cause() {
        story.runs("app1.lab", ended(1, false, Instant.parse("2026-11-22T09:10:00Z")));
        served();
        assertThat(refused().cause()).isNotEqualTo("app_crash");
    }

    @Test
    void a_container_that_docker_no_longer_knows_was_removed() {
        ContainerState other = new ContainerState(
                new Container(OTHER, "reports"), "running", 0, false, STARTED, null, 0, "", List.of(), List.of());
        story.runs("app1.lab", running(ID, STARTED, PORTS, "0.0.0.0:8080"), other);
        served();
        taskDelete(ID);
        story.runs("app1.lab", unlike(ended(137, false, ENDED), "removing", 0, ""), other)
                .closes("app1.lab", PUBLISHED)
                .until("10:00:06", s -> orders.refused(5));
        story.runs("app1.lab", other);
        Incident incident = refused();
        assertThat(incident)
                .isCausedBy("backend_down/container_gone")
                .blames("app1.lab", "orders-1")
                .isConfirmed();
        assertThat(incident.summary()).contains("was removed");
    }

    @Test
    void a_container_whose_end_docker_did_not_see_did_not_end_with_255() {
        servedByContainer();
        story.runs("app1.lab", ended(255, false, ENDED));
        assertThat(refused())
                .isCausedBy("backend_down/container_gone")
                .blames("app1.lab", "orders-1")
                .is(Verdict.INCONCLUSIVE);
    }

    @Test
    void a_container_that_is_started_ever_again_is_a_crash_loop() {
        servedByContainer();
        taskDelete(ID);
        story.runs("app1.lab", unlike(ended(1, false, ENDED), "restarting", 4, ""));
        assertThat(refused()).isCausedBy("app_crash/crash_loop").blames("app1.lab", "orders-1");
    }

    @Test
    void a_new_container_that_cannot_be_started_is_told_with_the_reason() {
        servedByContainer();
        taskDelete(ID);
        docker("time=\"2026-11-22T10:00:00.823617463Z\" level=error msg=\"Handler for POST /v1.41/containers/" + OTHER
                + "/start returned error: driver failed programming external connectivity on endpoint orders-1"
                + " (303b985da6659d0de4f763fe9d729a47e907d5db3a1ea5f6d2d7b33c3ff79e55): Error starting userland proxy:"
                + " listen tcp4 0.0.0.0:8081: bind: address already in use\"");
        ContainerState created = running(OTHER, STARTED, PORTS);
        story.runs("app1.lab", unlike(created, "created", 0, "bind: address already in use"));
        Incident incident = refused();
        assertThat(incident)
                .isCausedBy("backend_down/never_started")
                .blames("app1.lab", "orders-1")
                .isConfirmed()
                .shows("container_start_failed");
        assertThat(incident.summary()).contains("address already in use");
    }

    @Test
    void a_container_without_restart_policy_is_not_started_again_with_its_runtime() {
        servedByContainer();
        story.unit("app1.lab", "docker.service").stops();
        taskDelete(ID);
        story.runs("app1.lab", ended(0, false, ENDED))
                .closes("app1.lab", PUBLISHED)
                .until("10:00:02", s -> orders.refused(5));
        story.unit("app1.lab", "docker.service").starts();
        story.until("10:00:30", s -> orders.refused(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("backend_down/never_started").blames("app1.lab", "orders-1");
    }

    @Test
    void a_container_in_the_place_of_another_that_is_slow_to_start_is_a_deployment() {
        servedByContainer();
        taskDelete(ID);
        Instant startedAt = Instant.parse("2026-11-22T10:00:00.600Z");
        story.publishes("app1.lab", PUBLISHED, OTHER, "orders-1")
                .runs("app1.lab", running(OTHER, startedAt, PORTS))
                .until("10:00:07", s -> orders.refused(5));
        story.runs("app1.lab", running(OTHER, startedAt, PORTS, "0.0.0.0:8080"))
                .until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("backend_down/deploy_restart").blames("app1.lab", "orders-1");
    }

    private Incident replacedBy(ContainerState another) {
        servedByContainer();
        taskDelete(ID);
        story.publishes("app1.lab", PUBLISHED, OTHER, "orders-1").runs("app1.lab", another);
        story.until("10:00:30", s -> orders.refused(5)).until("10:01:30", s -> orders.served(5));
        return story.incident();
    }

    @Test
    void a_program_that_listens_on_its_containers_loopback_is_bound_to_loopback() {
        assertThat(replacedBy(running(OTHER, ENDED, PORTS, "127.0.0.1:8080")))
                .isCausedBy("wrong_upstream/bound_to_loopback")
                .blames("app1.lab", "orders-1")
                .isConfirmed();
    }

    @Test
    void a_program_that_listens_on_another_port_than_the_published_one_has_the_wrong_port() {
        assertThat(replacedBy(running(OTHER, ENDED, PORTS, "0.0.0.0:5000")))
                .isCausedBy("wrong_upstream/wrong_port")
                .blames("app1.lab", "orders-1")
                .isConfirmed();
    }

    @Test
    void a_container_that_is_published_elsewhere_has_the_wrong_port() {
        assertThat(replacedBy(running(OTHER, ENDED, List.of(":8091->8080/tcp"), "0.0.0.0:8080")))
                .isCausedBy("wrong_upstream/wrong_port")
                .blames("app1.lab", "orders-1");
    }

    @Test
    void a_published_port_that_refuses_is_no_proof_of_a_firewall() {
        served();
        story.until("10:00:30", s -> orders.refused(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).is(Verdict.INCONCLUSIVE);
    }

    @Test
    void a_paused_container_is_unresponsive() {
        servedByContainer();
        story.runs("app1.lab", unlike(running(ID, STARTED, PORTS, "0.0.0.0:8080"), "paused", 0, ""))
                .until("10:00:30", s -> orders.readTimeout(5))
                .until("10:01:30", s -> orders.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_timeout/unresponsive")
                .blames("app1.lab", "orders-1")
                .isConfirmed();
    }

    @Test
    void a_kernel_that_kills_in_a_group_that_docker_keeps_itself_is_found_by_its_name() {
        servedByContainer();
        story.kernel("app1.lab", oom("/docker/" + ID));
        taskDelete(ID);
        assertThat(refused())
                .isCausedBy("app_crash/oom_kill")
                .blames("app1.lab", "orders-1")
                .isConfirmed();
    }
}
