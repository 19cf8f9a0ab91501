package dev.gatewatch.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigFileTest {
    enum Mode {
        STRICT,
        LENIENT_ONE
    }

    record Bursts(
            @Default("30s") Duration quiet,
            @Default("0.5") double ratio,
            @Default("4") int seconds) {
        Bursts {
            Require.positive("quiet", quiet);
            Require.between("ratio", ratio, 0, 1);
        }
    }

    record Kafka(List<Address> bootstrapServers, Map<String, String> properties) {
        Kafka {
            Require.filled("bootstrap_servers", bootstrapServers);
            Require.spelled("properties", properties.keySet(), List.of("security.protocol", "fetch.min.bytes"));
        }
    }

    record Target(URI url, @Nullable Secret password) {}

    record Config(
            Kafka kafka,
            Bursts bursts,
            List<Target> targets,
            @Default("strict") Mode mode,
            @Default("/var/lib/gatewatch") Path dir,
            @Default("UTC") ZoneId zone,
            @Default("64KiB") ByteSize batch,
            @Default("false") boolean dryRun,
            @Nullable String cluster) {}

    private static final String LEAST = "kafka:\n  bootstrap_servers: [127.0.0.1:9092]\n";

    @TempDir
    private Path dir;

    @Test
    void everyTypeIsRead() throws Exception {
        Path password = Files.writeString(dir.resolve("pw"), "geheim\n");
        Config config = ConfigFile.parse("""
                kafka:
                  bootstrap_servers: ["127.0.0.1:9092", "[::1]:9093"]
                  properties:
                    security.protocol: SSL
                    fetch.min.bytes: 1
                bursts: {quiet: 1h30m, ratio: 1, seconds: 7}
                targets:
                  - url: http://am.example/prefix
                    password_file: %s
                mode: lenient_one
                dir: /data
                zone: Europe/Berlin
                batch: 1MiB
                dry_run: true
                cluster: 17
                """.formatted(password), Config.class);

        assertThat(config.kafka().bootstrapServers())
                .containsExactly(new Address("127.0.0.1", 9092), new Address("::1", 9093));
        assertThat(config.kafka().properties())
                .containsExactly(Map.entry("security.protocol", "SSL"), Map.entry("fetch.min.bytes", "1"));
        assertThat(config.bursts()).isEqualTo(new Bursts(Duration.ofMinutes(90), 1, 7));
        assertThat(config.targets()).singleElement().satisfies(target -> {
            assertThat(target.url()).isEqualTo(URI.create("http://am.example/prefix"));
            assertThat(target.password()).isNotNull();
            assertThat(target.password().reveal()).isEqualTo("geheim");
        });
        assertThat(config.mode()).isEqualTo(Mode.LENIENT_ONE);
        assertThat(config.dir()).isEqualTo(Path.of("/data"));
        assertThat(config.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(config.batch()).isEqualTo(new ByteSize(1 << 20));
        assertThat(config.dryRun()).isTrue();
        assertThat(config.cluster()).isEqualTo("17");
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        Config config = ConfigFile.parse(LEAST, Config.class);

        assertThat(config)
                .isEqualTo(new Config(
                        new Kafka(List.of(new Address("127.0.0.1", 9092)), Map.of()),
                        new Bursts(Duration.ofSeconds(30), 0.5, 4),
                        List.of(),
                        Mode.STRICT,
                        Path.of("/var/lib/gatewatch"),
                        ZoneId.of("UTC"),
                        new ByteSize(65_536),
                        false,
                        null));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                argumentSet(
                        "unknown key with a near one",
                        LEAST + "burst: {}\n",
                        "3:1: burst: unknown key (expected: bursts)"),
                argumentSet(
                        "unknown nested key",
                        LEAST + "bursts:\n  quite: 5s\n",
                        "4:3: bursts.quite: unknown key (expected: quiet)"),
                argumentSet(
                        "camel case",
                        "kafka:\n  bootstrapServers: [a:1]\n  bootstrap_servers: [a:1]\n",
                        "2:3: kafka.bootstrapServers: unknown key (expected: bootstrap_servers)"),
                argumentSet(
                        "unknown key like nothing",
                        LEAST + "bursts: {zzzzzz: 1}\n",
                        "3:10: bursts.zzzzzz: unknown key (expected: one of quiet, ratio, seconds)"),
                argumentSet(
                        "duplicate",
                        LEAST + "mode: strict\nmode: strict\n",
                        "4:1: mode: given twice (first in line 3)"),
                argumentSet(
                        "rejected by a compact constructor",
                        LEAST + "bursts:\n  quiet: -5s\n",
                        "4:10: bursts.quiet: -5s (expected: a positive duration such as 30s)"),
                argumentSet(
                        "no unit",
                        LEAST + "bursts: {quiet: 5}\n",
                        "3:17: bursts.quiet: 5 (expected: a duration such as 30s)"),
                argumentSet(
                        "no number",
                        LEAST + "bursts: {seconds: 1.5}\n",
                        "3:19: bursts.seconds: 1.5 (expected: a whole number)"),
                argumentSet(
                        "too large",
                        LEAST + "bursts: {seconds: 3000000000}\n",
                        "3:19: bursts.seconds: 3000000000 (expected: a whole number)"),
                argumentSet("no truth value", LEAST + "dry_run: yes\n", "3:10: dry_run: yes (expected: true or false)"),
                argumentSet(
                        "no such constant",
                        LEAST + "mode: lax\n",
                        "3:7: mode: lax (expected: one of strict, lenient_one)"),
                argumentSet(
                        "list for a scalar",
                        LEAST + "mode: [a]\n",
                        "3:7: mode: a list (expected: one of strict, lenient_one)"),
                argumentSet("scalar for a record", LEAST + "bursts: 5\n", "3:9: bursts: 5 (expected: keys and values)"),
                argumentSet(
                        "scalar for a list",
                        "kafka:\n  bootstrap_servers: a:1\n",
                        "2:22: kafka.bootstrap_servers: a:1 (expected: a list)"),
                argumentSet(
                        "relative URL in a list",
                        LEAST + "targets:\n  - url: am\n",
                        "4:10: targets[0].url: am (expected: an absolute URL such as http://127.0.0.1:9093)"),
                argumentSet(
                        "missing in a list",
                        LEAST + "targets:\n  - {}\n",
                        "4:5: targets[0].url: missing (expected: an absolute URL such as http://127.0.0.1:9093)"),
                argumentSet(
                        "bad address",
                        "kafka: {bootstrap_servers: [nine]}\n",
                        "1:29: kafka.bootstrap_servers[0]: nine (expected: HOST:PORT such as 127.0.0.1:9095)"),
                argumentSet(
                        "mistyped key of a library",
                        LEAST + "  properties:\n    my.plugin: 1\n    security.protcol: SSL\n",
                        "5:23: kafka.properties.security.protcol: unknown key (expected: security.protocol)"),
                argumentSet(
                        "nothing required given",
                        "{}\n",
                        "1:1: kafka.bootstrap_servers: [] (expected: at least one element)"),
                argumentSet(
                        "no such zone",
                        LEAST + "zone: Mars/Base\n",
                        "3:7: zone: Mars/Base (expected: a time zone such as UTC or Europe/Berlin)"),
                argumentSet(
                        "secret in the open",
                        LEAST + "targets: [{url: 'http://a', password: x}]\n",
                        "3:29: targets[0].password: unknown key (expected: password_file)"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultIsToldWithItsPlaceKeyAndExpectation(String yaml, String problem) throws Exception {
        Path file = Files.writeString(dir.resolve("a.yaml"), yaml);

        ConfigException e = catchThrowableOfType(ConfigException.class, () -> ConfigFile.read(file, Config.class));

        assertThat(e.problems()).containsExactly(file + ":" + problem);
    }

    @Test
    void allFaultsAreToldAtOnceInTheOrderOfTheFile() {
        String yaml = LEAST + "bursts: {quiet: -1s}\ntargets: [{url: x}]\nmode: lax\nmodus: 1\n";

        ConfigException e = catchThrowableOfType(ConfigException.class, () -> ConfigFile.parse(yaml, Config.class));

        assertThat(e.problems()).hasSize(4);
        assertThat(e.problems().getFirst()).startsWith("configuration:3:17: bursts.quiet: -1s");
        assertThat(e.problems().getLast()).isEqualTo("configuration:6:1: modus: unknown key (expected: mode)");
    }

    @Test
    void allFaultsOfAListAreToldAtOnce() {
        assertThatThrownBy(() -> ConfigFile.parse(LEAST + "targets: [{url: a}, {}, {url: b}]", Config.class))
                .hasMessageContainingAll("targets[0].url: a", "targets[1].url: missing", "targets[2].url: b");
    }

    @Test
    void aDurationIsToldAsTheFileHasIt() {
        assertThatThrownBy(() -> Require.check(false, "quiet", Duration.ofSeconds(90), "less"))
                .hasMessage("quiet: 1m30s (expected: less)");
    }

    @Test
    void brokenYamlIsToldWithItsPlace() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class, () -> ConfigFile.parse("kafka: [1, 2\nmode: x\n", Config.class));

        assertThat(e).hasMessageStartingWith("configuration:2:").hasMessageContaining("not YAML");
    }

    @Test
    void missingAndEmptyFilesAreTold() throws Exception {
        Path empty = Files.writeString(dir.resolve("empty.yaml"), "# nothing\n");
        Path missing = dir.resolve("missing.yaml");

        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigFile.read(empty, Config.class)))
                .hasMessage(empty + ": the file is empty (expected: keys and values, or {} for all defaults)");
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigFile.read(missing, Config.class)))
                .hasMessage(missing + ": no such file");
    }

    @Test
    void aSecretMustBeReadable() {
        String yaml = LEAST + "targets: [{url: 'http://a', password_file: /nowhere/pw}]\n";

        ConfigException e = catchThrowableOfType(ConfigException.class, () -> ConfigFile.parse(yaml, Config.class));

        assertThat(e)
                .hasMessage(
                        "configuration:3:44: targets[0].password_file: /nowhere/pw (expected: a readable file that holds the secret)");
    }

    @Test
    void theEffectiveConfigurationIsReadableAgainAndHasNoSecret() throws Exception {
        Path password = Files.writeString(dir.resolve("pw"), "geheim");
        String yaml = LEAST + "  properties: {sasl.jaas.config: geheim, client.id: \"7\"}\n"
                + "targets: [{url: 'http://u:geheim@a/', password_file: " + password + "}]\n";

        String printed = ConfigFile.print(ConfigFile.parse(yaml, Config.class));

        assertThat(printed)
                .doesNotContain("geheim")
                .contains("quiet: 30s", "password_file: " + password, "sasl.jaas.config: <redacted>", "batch: 64KiB");
        assertThat(ConfigFile.parse(printed.replace("<redacted>@", ""), Config.class)
                        .bursts())
                .isEqualTo(new Bursts(Duration.ofSeconds(30), 0.5, 4));
    }
}
