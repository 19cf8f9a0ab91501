package dev.gatewatch.analyzer.cause;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.signal.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a runtime's line names, and which pod an ingress controller's upstream leads to.
class WorkloadsTest {
    @ParameterizedTest
    @CsvSource({
        "shop-orders-80, shop/orders-7d9f8-x2x4k, true",
        "shop-orders-api-http, shop/orders-api-7d9f8-x2x4k, true",
        "shop-orders-80, shop/ordersystem-7d9f8-x2x4k, false",
        "shop-orders-80, stage/orders-7d9f8-x2x4k, false",
        "orders_api, shop/orders-7d9f8-x2x4k, false",
        "shop-80, shop/orders-7d9f8-x2x4k, false",
        "-, /, false",
        "'', '', false"
    })
    void an_upstreams_name_fits_the_pods_of_its_service(String upstream, String pod, boolean fits) {
        assertThat(Workloads.fits(upstream, pod)).isEqualTo(fits);
    }

    private static ContainerLine line(String text) {
        return ContainerLine.of(new HostEvent(
                        new Signal.AppEvent("container_exited", 0, "docker.service", 77, text), "journald", text, 0, 1))
                .orElseThrow();
    }

    @Test
    void a_line_names_what_it_names_and_nothing_else() {
        assertThat(line("container die 4c01db0b339c (exitCode=137, image=shop/orders, name=orders-1)"))
                .isEqualTo(new ContainerLine("4c01db0b339c", "orders-1", "", "", "", "", 137));
        assertThat(line("Readiness probe for \"orders_shop(0f2d3a4e-1111):c\" failed (failure): Get"
                        + " http://10.244.1.7:8080/health: dial tcp 10.244.1.7:8080: connect: connection refused"))
                .isEqualTo(new ContainerLine("", "", "shop/orders", "", "", "10.244.1.7:8080", -1));
        assertThat(line("orders")).isEqualTo(new ContainerLine("", "orders", "", "", "", "", -1));
        assertThat(line("")).isEqualTo(new ContainerLine("", "", "", "", "", "", -1));
        assertThat(line("exitCode=99999999999999999999 name= pod=\"\" http://1.2.3.4"))
                .satisfies(hostile -> {
                    assertThat(hostile.pod()).isEmpty();
                    assertThat(hostile.address()).isEmpty();
                });
    }
}
