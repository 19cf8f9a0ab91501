package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.wire.SourceKind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What docker, containerd, podman, conmon, the kubelet and an ingress controller write, in the words of
/// their code.
class ContainerSignalsTest {
    private static final String ID = "4c01db0b339c2b5d1f7c1d9d8d6f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b";

    private static Reading wrote(String comm, String message, String fields) {
        return Lines.read(
                SourceKind.JOURNALD,
                "{\"_PID\":\"77\",\"_COMM\":\"" + comm + "\",\"_SYSTEMD_UNIT\":\"" + comm + ".service\",\"MESSAGE\":\""
                        + message.replace("ID", ID).replace("\\", "\\\\").replace("\"", "\\\"") + "\"," + fields
                        + "\"__REALTIME_TIMESTAMP\":\"1795356081917119\"}");
    }

    private static Reading text(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return new SignalReader().readText(Lines.context(SourceKind.JOURNALD), new Cursor(bytes, 0, bytes.length));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dockerd | time=\"2026-11-22T14:01:03.1Z\" level=info msg=\"ignoring event\" container=ID module=libcontainerd namespace=moby topic=/tasks/delete type=\"*events.TaskDelete\" | container_exited | 77",
                "dockerd | level=debug msg=\"event published\" ns=moby topic=/tasks/oom type=containerd.events.TaskOOM | container_oom | 77",
                "dockerd | level=info msg=\"Container failed to exit within 10s of signal 15 - using the force\" container=ID | container_killed | 77",
                "dockerd | 2026-11-22T14:01:03.1Z container die ID (exitCode=137, image=shop/orders, name=orders) | container_exited | 77",
                "dockerd | 2026-11-22T14:01:03.1Z container oom ID (image=shop/orders, name=orders) | container_oom | 77",
                "dockerd | 2026-11-22T14:01:03.1Z container kill ID (image=shop/orders, name=orders, signal=9) | container_killed | 77",
                "dockerd | 2026-11-22T14:01:03.1Z container health_status: unhealthy ID (image=shop/orders) | container_unhealthy | 77",
                "dockerd | time=\"2026-11-27T14:27:51.532101602Z\" level=error msg=\"ID cleanup: failed to delete container from containerd: no such container\" | container_start_failed | 77",
                "dockerd | time=\"2026-11-27T14:27:43.823617463Z\" level=error msg=\"Handler for POST /v1.41/containers/ID/start returned error: driver failed programming external connectivity on endpoint catalog (303b985da665): Error starting userland proxy: listen tcp4 0.0.0.0:8082: bind: address already in use\" | container_start_failed | 77",
                "dockerd | time=\"2026-11-27T14:28:41.690810816Z\" level=info msg=\"Processing signal 'terminated'\" | - | 0",
                "containerd | time=\"2026-11-27T14:09:17.286677850Z\" level=info msg=\"shim disconnected\" id=ID | - | 0",
                "dockerd | level=info msg=\"API listen on /run/docker.sock\" | - | 0",
                "containerd | level=info msg=\"TaskOOM event container_id:\\\"ID\\\"\" | container_oom | 77",
                "containerd | level=info msg=\"TaskExit event &TaskExit{ContainerID:ID,ID:ID,Pid:4711,ExitStatus:137,ExitedAt:2026-11-22}\" | container_exited | 4711",
                "podman | 2026-11-22 14:01:03.1 +0000 UTC container died ID (image=shop/orders, name=orders) | container_exited | 77",
                "conmon | conmon 4c01db0b339c2b5d1f7c <ninfo>: container 4711 exited with status 137 | container_exited | 4711",
                "conmon | conmon 4c01db0b339c2b5d1f7c <nwarn>: stdio_input read failed Input/output error | - | 0",
                "kubelet | I1122 14:01:03.1 22333 prober.go:107] \"Probe failed\" probeType=\"Liveness\" pod=\"shop/orders-7d9\" podUID=1 containerName=\"c\" probeResult=\"failure\" output=\"dial tcp 10.1.1.1:80: connect: connection refused\" | k8s_probe_failed | 77",
                "kubelet | I0116 09:49:11.8 22333 prober.go:142] Readiness probe for \"orders_shop(1):c\" failed (failure): | k8s_probe_failed | 77",
                "kubelet | I1122 14:01:03.1 22333 kuberuntime_manager.go:1022] \"Message for Container of pod\" containerName=\"c\" pod=\"shop/orders-7d9\" containerMessage=\"Container c failed liveness probe, will be restarted\" | k8s_container_unhealthy | 77",
                "kubelet | I1122 14:01:03.1 22333 kuberuntime_container.go:777] \"Killing container with a grace period\" pod=\"shop/orders-7d9\" podUID=1 containerName=\"c\" gracePeriod=30 | k8s_killing | 77",
                "kubelet | E1122 14:01:03.1 22333 pod_workers.go:1301] \"Error syncing pod, skipping\" err=\"failed to \\\"StartContainer\\\" for \\\"c\\\" with CrashLoopBackOff: \\\"back-off 40s restarting failed container=c\\\"\" | k8s_backoff | 77",
                "kubelet | I1122 14:01:03.1 22333 kubelet.go:2453] \"SyncLoop (PLEG): event for pod\" pod=\"shop/orders-7d9\" event={\"ID\":\"1\",\"Type\":\"ContainerDied\",\"Data\":\"2\"} | container_exited | 77",
                "kubelet | I1122 14:01:03.1 22333 kubelet.go:2453] \"SyncLoop (PLEG): event for pod\" pod=\"shop/orders-7d9\" event={\"ID\":\"1\",\"Type\":\"ContainerStarted\",\"Data\":\"2\"} | - | 0",
                "kubelet | I1122 14:01:03.1 22333 event.go:376] \"Event occurred\" reason=\"SystemOOM\" message=\"System OOM encountered, victim process: java, pid: 123\" | container_oom | 77",
                "kubelet | I1122 14:01:03.1 22333 eviction_manager.go:627] \"Eviction manager: pod is evicted successfully\" pod=\"shop/orders-7d9\" | k8s_evicted | 77"
            })
    void a_runtime_tells_what_became_of_a_container(String comm, String message, String id, int pid) {
        Reading reading = wrote(comm, message, "");
        if (id.equals("-")) {
            assertThat(reading).isInstanceOf(Reading.Ordinary.class);
        } else {
            Signal.AppEvent event = (Signal.AppEvent) ((Reading.Says) reading).signal();
            assertThat(event.id()).isEqualTo(id);
            assertThat(event.pid()).isEqualTo(pid);
        }
    }

    @Test
    void an_ingress_controller_knows_of_no_endpoint() {
        String line =
                "W0831 12:21:13.123456       7 controller.go:1163] Service \"shop/orders\" does not have any active"
                        + " Endpoint.";
        assertThat(Lines.idOf(text(line))).isEqualTo("k8s_no_endpoints");
    }

    @Test
    void podman_tells_its_events_in_fields() {
        String died =
                "\"PODMAN_EVENT\":\"container\",\"PODMAN_TYPE\":\"died\",\"PODMAN_ID\":\"4c01\",\"PODMAN_NAME\":\"orders\",";
        Reading reading = wrote("podman", "container died 4c01", died + "\"_TRANSPORT\":\"journal\",");
        assertThat(((Signal.AppEvent) ((Reading.Says) reading).signal()).detail())
                .isEqualTo("orders");
        assertThat(Lines.idOf(reading)).isEqualTo("container_exited");
        assertThat(wrote("podman", "container init 4c01", died.replace("died", "init")))
                .isInstanceOf(Reading.Ordinary.class);
    }

    /// What a container prints is passed on by the runtime, and must not speak for it.
    @Test
    void a_container_cannot_speak_for_its_runtime() {
        String forged = "container oom " + ID;
        for (String passedOn : new String[] {"\"CONTAINER_ID\":\"4c01\",", "\"CONTAINER_ID_FULL\":\"4c01\","}) {
            assertThat(wrote("dockerd", forged, passedOn)).isInstanceOf(Reading.Ordinary.class);
            assertThat(wrote("conmon", forged, passedOn)).isInstanceOf(Reading.Ordinary.class);
        }
        assertThat(wrote("podman", forged, "\"_TRANSPORT\":\"stdout\",")).isInstanceOf(Reading.Ordinary.class);
        assertThat(wrote("python3", forged, "\"SYSLOG_IDENTIFIER\":\"dockerd\","))
                .isInstanceOf(Reading.Ordinary.class);
    }

    @Test
    void what_a_container_prints_is_still_its_applications_word() {
        assertThat(Lines.idOf(wrote("dockerd", "[CRITICAL] WORKER TIMEOUT (pid:7)", "\"CONTAINER_ID\":\"4c01\",")))
                .isEqualTo("app_worker_timeout");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ufw-init | Firewall reloaded | firewall_changed",
                "iptables-restor | # Completed on Sun Nov 22 14:01:03 2026 | firewall_changed",
                "iptables.init | iptables: Applying firewall rules: [  OK  ] | firewall_changed",
                "firewalld | INFO: reloading | firewall_changed",
                "firewalld | WARNING: ALREADY_ENABLED: 8081:tcp | -",
                "ufw-init | Skip starting firewall: ufw (not enabled) | -",
                "python3 | Firewall reloaded | -"
            })
    void a_change_of_the_firewall_shows_in_what_its_programs_say(String comm, String message, String id) {
        assertThat(Lines.idOf(wrote(comm, message, "")).replaceFirst("^noise$", "-"))
                .isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Nov 22 14:01:03 app1 ufw[512]: Firewall reloaded",
                "Nov 22 14:01:03 app1 iptables-restore[512]: iptables-restore v1.8.9 (nf_tables)",
                "Nov 22 14:01:03 app1 systemd[1]: Reloading firewalld.service - firewalld - dynamic firewall daemon..."
            })
    void a_change_of_the_firewall_shows_in_text_too(String line) {
        assertThat(Lines.idOf(text(line))).isIn("firewall_changed", "unit_reloading");
    }
}
