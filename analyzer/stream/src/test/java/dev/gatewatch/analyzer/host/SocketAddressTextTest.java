package dev.gatewatch.analyzer.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketAddressTextTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.5:8080, 10.0.0.5, 8080",
        "[2001:db8::1]:80, 2001:db8::1, 80",
        "[2001:db8::1], 2001:db8::1, -1",
        "2001:db8::1, 2001:db8::1, -1",
        "::, ::, -1",
        "'*:80', '*', 80",
        "app.internal:443, app.internal, 443",
        "app.internal, app.internal, -1",
        "app:port, app, -1",
        "app:99999999999, app, -1",
        "app:, app, -1",
        "unix:/run/app.sock, unix:/run/app.sock, -1",
        "unix:/run/app:80, unix:/run/app:80, -1",
        "'', '', -1",
    })
    void an_address_is_a_host_and_perhaps_a_port(String address, String host, int port) {
        assertThat(SocketAddressText.host(address)).isEqualTo(host);
        assertThat(SocketAddressText.port(address)).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:80, true",
        "127.8.9.10:80, true",
        "[::1]:80, true",
        "localhost:80, true",
        "128.0.0.1:80, false",
        "0.0.0.0:80, false",
        "localhost.lab:80, false",
        "unix:/run/127.0.0.1, false",
    })
    void loopback_is_the_hosts_own(String address, boolean loopback) {
        assertThat(SocketAddressText.isLoopback(address)).isEqualTo(loopback);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:80, 10.0.0.5:80, true",
        "'*:80', 10.0.0.5:80, true",
        "[::]:80, 10.0.0.5:80, true",
        "[::]:80, [2001:db8::1]:80, true",
        "10.0.0.5:80, 10.0.0.5:80, true",
        "10.0.0.6:80, 10.0.0.5:80, false",
        "0.0.0.0:80, [::1]:80, false",
        "0.0.0.0:81, 10.0.0.5:80, false",
        "127.0.0.1:80, 10.0.0.5:80, false",
        "0.0.0.0, 10.0.0.5, false",
        "unix:/a, unix:/a, true",
        "unix:/a, unix:/b, false",
        "unix:/a, 10.0.0.5:80, false",
    })
    void a_listener_takes_connections_to_its_address(String listener, String target, boolean accepts) {
        assertThat(SocketAddressText.accepts(listener, target)).isEqualTo(accepts);
    }
}
