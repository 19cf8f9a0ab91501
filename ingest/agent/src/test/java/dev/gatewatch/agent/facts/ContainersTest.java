package dev.gatewatch.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.wire.HostFacts.Container;
import dev.gatewatch.wire.HostFacts.ContainerState;
import dev.gatewatch.wire.HostFacts.Listener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which container takes a socket's connections, and what its runtime says of it. The lines are Docker 20.10's.
class ContainersTest {
    private static final String ORDERS = "12890488a7ba22ca76d42922fcc9403d47de85eed80eb749ea1eb888c1cf1e3a";
    private static final String WEB = "3e99da1f15b825b062c1c2217133ef603cf95cf4d3b09aed9c865075e636c874";
    private static final String NEVER = "\t\"0001-01-01T00:00:00Z\"";
    private static final String RUNS =
            "\trunning\t0\tfalse\t\"2026-11-27T14:19:24.507009526Z\"" + NEVER + "\t0\t4711\t\"\"";
    private static final Listener SOCKET = listener("unix:/run/docker.sock", "docker.service", "dockerd");

    private static Listener listener(String address, String unit, String process) {
        return new Listener(address, 0, 4096, unit, process, 900);
    }

    private static Listener inContainer(String address, String unit, String id) {
        return new Listener(address, 0, 4096, unit, "java", 900, new Container(id, ""));
    }

    private static Containers asking(Commands commands) {
        return new Containers(commands, pid -> Optional.empty());
    }

    private static Commands docker(String inspected) {
        return command -> switch (String.join(" ", command.subList(0, 2))) {
            case "docker ps" -> "a\n";
            case "docker inspect" -> inspected;
            default -> "";
        };
    }

    private static List<Container> behind(Commands commands, Listener... listeners) {
        List<Listener> all = List.of(listeners);
        List<Container> containers = new ArrayList<>();
        Containers.behind(all, asking(commands).states(all)).forEach(l -> containers.add(l.container()));
        return containers;
    }

    @Test
    void a_published_port_leads_to_its_container() {
        Commands docker = docker(ORDERS + "\t/orders-1" + RUNS + "\tdefault\t:8081->8080/tcp \n" + WEB + "\t/web" + RUNS
                + "\tdefault\t:9000-9002->9000-9002/tcp :53->53/udp \n");
        assertThat(behind(
                        docker,
                        listener("0.0.0.0:8081", "docker.service", "docker-proxy"),
                        listener("[::]:9001", "docker.service", "docker-proxy"),
                        listener("0.0.0.0:9003", "docker.service", "docker-proxy"),
                        listener("0.0.0.0:8081", "orders.service", "python3")))
                .containsExactly(new Container(ORDERS, "orders-1"), new Container(WEB, "web"), null, null);
    }

    @Test
    void a_process_in_a_containers_group_is_its_containers_with_and_without_a_runtime_to_ask() {
        Listener inGroup = inContainer("0.0.0.0:8080", "docker-" + ORDERS + ".scope", ORDERS);
        assertThat(behind(docker(ORDERS + "\t/orders-1" + RUNS + "\thost\t\n"), inGroup))
                .containsExactly(new Container(ORDERS, "orders-1"));
        assertThat(behind(docker(""), inGroup)).containsExactly(new Container(ORDERS, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "/system.slice/docker-3e99da1f15b8.scope, 3e99da1f15b8",
        "/docker/3e99da1f15b8, 3e99da1f15b8",
        "/docker/3e99da1f15b8/init, 3e99da1f15b8",
        "/machine.slice/libpod-3e99da1f15b8.scope/container, 3e99da1f15b8",
        "/system.slice/docker.service, ''",
        "/docker/buildkit, ''",
        "/, ''"
    })
    void a_control_group_bears_the_containers_id(String cgroup, String id) {
        assertThat(Containers.idIn(cgroup)).isEqualTo(id);
    }

    @Test
    void a_container_that_ended_is_told_of_with_its_code() {
        Commands docker = docker(
                ORDERS
                        + "\t/orders-1\texited\t137\ttrue\t\"2026-11-27T14:19:24.507009526Z\"\t\"2026-11-27T14:19:53.846504171Z\"\t3\t0\t\"\"\tdefault\t:8081->8080/tcp \n");
        assertThat(asking(docker).states(List.of(SOCKET)))
                .containsExactly(new ContainerState(
                        new Container(ORDERS, "orders-1"),
                        "exited",
                        137,
                        true,
                        Instant.parse("2026-11-27T14:19:24.507009526Z"),
                        Instant.parse("2026-11-27T14:19:53.846504171Z"),
                        3,
                        "",
                        List.of(":8081->8080/tcp"),
                        null));
    }

    @Test
    void a_container_that_could_not_start_is_told_of_with_the_reason() {
        Commands docker = docker(ORDERS + "\t/catalog\tcreated\t128\tfalse" + NEVER + NEVER
                + "\t0\t0\t\"listen tcp4 0.0.0.0:8082: bind: address already in use\"\tdefault\t:8082->8080/tcp \n");
        assertThat(asking(docker).states(List.of(SOCKET))).singleElement().satisfies(state -> {
            assertThat(state.error()).isEqualTo("listen tcp4 0.0.0.0:8082: bind: address already in use");
            assertThat(state.startedAt()).isNull();
            assertThat(state.finishedAt()).isNull();
        });
    }

    @Test
    void the_sockets_in_a_containers_own_network_are_told_and_nothing_where_they_cannot_be_seen() {
        String inspected = ORDERS + "\t/orders-1" + RUNS + "\tdefault\t\n" + WEB + "\t/web" + RUNS + "\thost\t\n";
        Map<Integer, List<Listener>> inside = Map.of(4711, List.of(listener("127.0.0.1:8080", "", "")));
        Containers seeing = new Containers(docker(inspected), pid -> Optional.ofNullable(inside.get(pid)));
        assertThat(seeing.states(List.of(SOCKET)))
                .extracting(ContainerState::listening)
                .containsExactly(List.of("127.0.0.1:8080"), null);
        assertThat(asking(docker(inspected)).states(List.of(SOCKET)))
                .extracting(ContainerState::listening)
                .containsExactly(null, null);
    }

    @Test
    void no_runtime_is_asked_where_no_socket_is_a_containers() {
        Commands never = command -> {
            throw new AssertionError("asked " + command);
        };
        assertThat(behind(never, listener("0.0.0.0:80", "nginx.service", "nginx")))
                .hasSize(1);
    }

    @Test
    void a_runtime_is_asked_on_when_the_last_of_its_sockets_is_gone() {
        Containers containers = asking(docker(ORDERS + "\t/orders-1" + RUNS + "\tdefault\t:8081->8080/tcp \n"));
        assertThat(containers.states(List.of(listener("0.0.0.0:8081", "docker.service", "docker-proxy"))))
                .hasSize(1);
        assertThat(containers.states(List.of())).hasSize(1);
    }

    @Test
    void what_is_no_list_of_containers_is_passed_over() {
        Listener published = listener("0.0.0.0:8081", "docker.service", "docker-proxy");
        for (String output : List.of(
                "\n\n\t\t\n",
                "Cannot connect\n",
                ORDERS + "\torders" + RUNS + "\tdefault\t:99999-99998->1/tcp\n",
                ORDERS + "\torders" + RUNS.replace("4711", "x") + "\tdefault\t:8081->8080/tcp\n")) {
            List<Container> none = new ArrayList<>();
            none.add(null);
            assertThat(behind(docker(output), published)).isEqualTo(none);
        }
    }
}
