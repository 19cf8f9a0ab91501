package dev.gatewatch.analyzer.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.analyzer.cause.Catalogue;
import dev.gatewatch.analyzer.cause.Cause;
import dev.gatewatch.analyzer.report.Handbook;
import dev.gatewatch.analyzer.signal.SignalReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Whatever a line can say is explained, and nothing else.
class SignalCatalogueTest {
    /// Texts in the code of `signal` that look like ids but are words of log lines.
    private static final Set<String> WORDS = Set.of(
            "accept",
            "alb",
            "alert",
            "audit",
            "caddy",
            "conmon",
            "connecting",
            "connection_timeout",
            "container",
            "containerd",
            "corruption",
            "crio",
            "crit",
            "denied",
            "died",
            "dockerd",
            "envoy",
            "error",
            "exited",
            "firewalld",
            "forward",
            "haproxy",
            "https",
            "ip6tables",
            "iptables",
            "k3s",
            "kernel",
            "kill",
            "kubelet",
            "kubelite",
            "nft",
            "nginx",
            "oom",
            "pid",
            "pkill",
            "podman",
            "prox",
            "read",
            "rec",
            "reconfiguring",
            "reload",
            "resolving",
            "rke2",
            "sending",
            "service",
            "stdout",
            "sudo",
            "systemctl",
            "systemd",
            "tgid",
            "timeout",
            "total_vm",
            "traefik",
            "ufw",
            "upstream",
            "via_upstream");

    private final SignalCatalogue catalogue = SignalCatalogue.read();

    /// The ids that the readers can give: what looks like one among the texts in their code. Whoever adds
    /// a signal finds its id here, and whoever adds a word of a log line adds it to [#WORDS].
    private static Set<String> idsInCode() {
        return Constants.classesBeside(SignalReader.class).stream()
                .flatMap(file -> Constants.of(file).stream())
                .filter(text -> text.matches("[a-z][a-z0-9]+(_[a-z0-9]+)*") && !text.matches("[0-9a-f]{32}"))
                .filter(text -> !WORDS.contains(text))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void every_signal_has_a_row_and_every_row_a_signal() {
        assertThat(catalogue.ids()).hasSizeGreaterThan(180).containsExactlyInAnyOrderElementsOf(idsInCode());
    }

    @Test
    void words_that_are_no_signals_stand_in_the_code() {
        Set<String> texts = Constants.classesBeside(SignalReader.class).stream()
                .flatMap(file -> Constants.of(file).stream())
                .collect(Collectors.toSet());
        assertThat(texts).containsAll(WORDS);
    }

    @Test
    void every_meaning_is_a_sentence() {
        assertThat(catalogue.ids())
                .allSatisfy(id ->
                        assertThat(catalogue.entry(id).orElseThrow().means()).matches("\\p{L}.{15,240}\\."));
    }

    @Test
    void every_cause_that_a_signal_speaks_for_is_in_the_handbook() {
        Handbook handbook = Handbook.read();
        assertThat(catalogue.ids())
                .allSatisfy(id -> assertThat(catalogue.entry(id).orElseThrow().causes())
                        .doesNotHaveDuplicates()
                        .allSatisfy(cause -> {
                            assertThat(cause).contains("/");
                            assertThat(handbook.text(cause))
                                    .as(id + " speaks for " + cause)
                                    .isPresent();
                        }));
    }

    @Test
    void every_cause_has_a_signal_that_speaks_for_it() {
        Set<String> spokenFor = catalogue.ids().stream()
                .flatMap(id -> catalogue.entry(id).orElseThrow().causes().stream())
                .collect(Collectors.toSet());
        assertThat(spokenFor)
                .containsAll(Catalogue.ids().stream().map(Cause.Id::toString).toList());
    }

    /// Causes name the signals that they look at. One that a cause looks at speaks for something that
    /// this cause finds.
    @Test
    void what_a_cause_looks_at_speaks_for_it() {
        Set<String> names = Catalogue.ids().stream()
                .flatMap(id -> List.of(id.cause(), id.subCause()).stream())
                .collect(Collectors.toSet());
        int looked = 0;
        for (Path cause : Constants.classesBeside(Cause.class)) {
            Set<String> texts = Constants.of(cause);
            List<String> finds = Catalogue.ids().stream()
                    .filter(id -> texts.contains(id.cause()) && texts.contains(id.subCause()))
                    .map(Cause.Id::toString)
                    .toList();
            for (String text : texts) {
                if (!finds.isEmpty() && catalogue.entry(text).isPresent() && !names.contains(text)) {
                    looked++;
                    assertThat(catalogue.entry(text).orElseThrow().causes())
                            .as(cause.getFileName() + " looks at " + text)
                            .containsAnyElementsOf(finds);
                }
            }
        }
        assertThat(looked).isGreaterThan(50);
    }

    @Test
    void a_page_that_is_malformed_is_told_by_its_row() {
        assertThatThrownBy(() -> SignalCatalogue.of("| a_b | | No end. |")).hasMessageContaining("| a_b |");
        assertThatThrownBy(() -> SignalCatalogue.of("| a_b | | | x/y |")).hasMessageContaining("| a_b |");
        assertThatThrownBy(() -> SignalCatalogue.of("| a_b | | One. | |\n| a_b | | Two. | |"))
                .hasMessageContaining("two rows for a_b");
    }
}
