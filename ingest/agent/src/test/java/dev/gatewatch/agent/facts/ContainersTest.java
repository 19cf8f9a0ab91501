package dev.gatewatch.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.wire.HostFacts.Container;
import dev.gatewatch.wire.HostFacts.Listener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which container takes a socket's connections.
class ContainersTest {
    private static final String ORDERS = "4c01db0b339c2b5d1f7c1d9d8d6f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b";
    private static final String WEB = "9f01db0b339c2b5d1f7c1d9d8d6f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b";

    private static Listener listener(String address, String unit, String process) {
        return new Listener(address, 0, 4096, unit, process, 900);
    }

    private static List<Container> behind(Commands commands, Listener... listeners) {
        List<Container> containers = new ArrayList<>();
        Containers.behind(List.of(listeners), commands).forEach(l -> containers.add(l.container()));
        return containers;
    }

    private static Commands docker(String output) {
        return command -> command.getFirst().equals("docker") ? output : "";
    }

    @Test
    void a_published_port_leads_to_its_container() {
        Commands docker = docker(ORDERS + "\torders-1\t0.0.0.0:8081->8080/tcp, :::8081->8080/tcp\n" + WEB
                + "\tweb\t0.0.0.0:9000-9002->9000-9002/tcp, 53/udp\n");
        assertThat(behind(
                        docker,
                        listener("0.0.0.0:8081", "docker.service", "docker-proxy"),
                        listener("[::]:9001", "docker.service", "docker-proxy"),
                        listener("0.0.0.0:9003", "docker.service", "docker-proxy"),
                        listener("0.0.0.0:8081", "orders.service", "python3")))
                .containsExactly(new Container(ORDERS, "orders-1"), new Container(WEB, "web"), null, null);
    }

    @Test
    void a_process_in_a_scope_is_its_containers_with_and_without_a_runtime_to_ask() {
        Listener inScope = listener("0.0.0.0:8080", "docker-" + ORDERS + ".scope", "java");
        assertThat(behind(docker(ORDERS + "\torders-1\t\n"), inScope))
                .containsExactly(new Container(ORDERS, "orders-1"));
        assertThat(behind(docker(""), inScope)).containsExactly(new Container(ORDERS, ""));
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
    void what_is_no_list_of_containers_is_passed_over() {
        Listener published = listener("0.0.0.0:8081", "docker.service", "docker-proxy");
        for (String output :
                List.of("\n\n\t\t\n", "Cannot connect\n", ORDERS + "\torders\t0.0.0.0:99999-99998->1/tcp")) {
            List<Container> none = new ArrayList<>();
            none.add(null);
            assertThat(behind(docker(output), published)).isEqualTo(none);
        }
    }
}
