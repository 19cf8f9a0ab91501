package dev.gatewatch.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private static Stream<String> hostile() {
        return Stream.of(
                "$(rm -rf /)",
                "a;b",
                "`x`",
                "a\nb",
                "orders.service\n",
                "\r",
                "-rf",
                "--now",
                "a b",
                "a|b",
                "a&b",
                "a>b",
                "'a'",
                "\"a\"",
                "a\\b",
                "${IFS}",
                "{unit}",
                "~root",
                "*",
                "a#b",
                "a!b",
                "",
                "\u0430pp",
                "a\u0000b",
                "a\u2028b",
                "a".repeat(256));
    }

    @Test
    void fills_in_what_is_known() {
        List<String> commands = List.of("systemctl status {unit}  # on {host}", "nc -zv {ip} {port}", "df -h");

        assertThat(Commands.filled(
                        commands,
                        Map.of("unit", "orders@1.service", "host", "app1.lab", "ip", "10.85.0.21", "port", "8081")))
                .containsExactly("systemctl status orders@1.service  # on app1.lab", "nc -zv 10.85.0.21 8081", "df -h");
    }

    @Test
    void leaves_out_what_is_not_known() {
        List<String> commands = List.of("nc -zv {ip} {port}", "# edit the unit file of {unit}", "free -h  # on {host}");

        assertThat(Commands.filled(commands, Map.of("host", "app1.lab", "ip", "10.85.0.21")))
                .containsExactly("free -h  # on app1.lab");
    }

    @Test
    void leaves_out_what_only_another_kind_of_proxy_has() {
        List<String> commands =
                List.of("nginx -t  # (nginx)", "haproxy -c  # (haproxy)", "# edit it (nginx) or (alb)", "df");

        assertThat(Commands.filled(commands, Map.of("proxy_kind", "haproxy")))
                .containsExactly("haproxy -c  # (haproxy)", "df");
        assertThat(Commands.filled(commands, Map.of())).isEqualTo(commands);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[2001:db8::1]:8443", "unix:/run/orders/app.sock", "getty@tty1.service", "be_orders/app-1"})
    void takes_the_names_that_hosts_and_units_have(String value) {
        assertThat(Commands.filled(List.of("x {upstream}"), Map.of("upstream", value)))
                .containsExactly("x " + value);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void a_hostile_value_never_reaches_a_command(String value) {
        Map<String, String> values =
                Commands.PLACEHOLDERS.stream().collect(Collectors.toMap(name -> name, name -> value));
        values.remove("proxy_kind");

        assertThat(Commands.filled(everything(), values)).allMatch(everything()::contains);
        assertThat(Commands.filled(List.of("systemctl status {unit}", "# edit {unit}", "df  # {unit}"), values))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void one_hostile_value_among_good_ones_is_enough(String value) {
        Map<String, String> values = new HashMap<>();
        Commands.PLACEHOLDERS.forEach(name -> values.put(name, "good"));
        values.put("host", value);

        assertThat(Commands.filled(List.of("systemctl status {unit}  # on {host}"), values))
                .isEmpty();
    }

    private static List<String> everything() {
        return Handbook.read().text().lines().map(String::strip).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " df -h", "df -h ", "# look at {unit}", "cat {file}"})
    void the_handbook_may_not_have_it(String command) {
        assertThat(Commands.complaint(command)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"df -h", "# edit {unit}", "docker inspect -f '{{.State}}' NAME"})
    void the_handbook_may_have_it(String command) {
        assertThat(Commands.complaint(command)).isEmpty();
    }
}
