package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.wire.SourceKind;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Lines that say nothing about a gateway, and by which name they are known.
class OrdinaryLinesTest {

    static Stream<Arguments> nginxMessages() {
        return Stream.of(
                argumentSet("limit", "limiting requests, excess: 5.1 by zone \"one\"", "limit"),
                argumentSet("limit of connections", "limiting connections by zone \"addr\"", "limit"),
                argumentSet("dry run", "limiting requests, dry run, excess: 5.1 by zone \"one\"", "noise"),
                argumentSet(
                        "scanner",
                        "SSL_do_handshake() failed (SSL: error:1) while SSL handshaking",
                        "client_tls_noise"),
                argumentSet(
                        "hang-up", "peer closed connection in SSL handshake while SSL handshaking", "client_tls_noise"),
                argumentSet("abort", "client prematurely closed connection while sending to client", "client_abort"),
                argumentSet("missing file", "open() \"/srv/x\" failed (2: No such file or directory)", "noise"));
    }

    @ParameterizedTest
    @MethodSource("nginxMessages")
    void a_line_of_nginx_about_its_clients(String message, String id) {
        String line = "2026/11/22 13:52:41 [info] 7#7: *80 " + message + ", client: 192.0.2.7, server: lab";
        assertThat(Lines.read(SourceKind.NGINX_ERROR, line)).isEqualTo(new Reading.Ordinary(id));
    }

    static Stream<Arguments> kernelRecords() {
        return Stream.of(
                argumentSet("frame", " mem_cgroup_out_of_memory+0x13a/0x150", "oom_trace_noise"),
                argumentSet("guessed frame", " ? __do_page_fault+0x1/0x500 [xfs]", "oom_trace_noise"),
                argumentSet("old frame", " [<ffffffff8107c6a1>] dump_stack+0x63/0x90", "oom_trace_noise"),
                argumentSet("trace", "Call Trace:", "oom_trace_noise"),
                argumentSet(
                        "table",
                        "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
                        "oom_task_row"),
                argumentSet(
                        "row",
                        "[   1432]   999  1432    18248    15311   159744        0             0 a b",
                        "oom_task_row"),
                argumentSet("memory", "Node 0 Normal free:1548kB min:5632kB low:7040kB", "oom_memcg_stats"),
                argumentSet("code", "Code: 41 5c c3 0f", "segfault_code_noise"),
                argumentSet("systemd", "systemd[1]: Starting Journal Service...", "systemd_line_in_kmsg"),
                argumentSet("mount", "EXT4-fs (sda1): mounted filesystem", "noise"),
                argumentSet("an offset in a sentence", "x86: this is no frame+0x1/0x2", "noise"));
    }

    @ParameterizedTest
    @MethodSource("kernelRecords")
    void a_record_of_the_kernel_that_another_speaks_for(String text, String id) {
        assertThat(Lines.read(SourceKind.KERNEL, "4,891,2150307854,-;" + text)).isEqualTo(new Reading.Ordinary(id));
    }

    static Stream<Arguments> journalLines() {
        return Stream.of(
                argumentSet(
                        "gap", "systemd-journald[311]: Suppressed 4021 messages from orders.service", "journal_gap"),
                argumentSet("resources", "systemd[1]: orders.service: Consumed 1min 2s CPU time.", "unit_resources"),
                argumentSet("debug", "systemd[1]: orders.service: Changed running -> failed", "unit_debug_noise"),
                argumentSet("target", "systemd[1]: Reached target Multi-User System.", "noise"),
                argumentSet("application", "orders[42]: took 3 ms", ""));
    }

    @ParameterizedTest
    @MethodSource("journalLines")
    void a_line_of_the_journal(String line, String id) {
        byte[] bytes = ("Nov 22 13:55:15 app1 " + line).getBytes(StandardCharsets.UTF_8);
        assertThat(new SignalReader().readText(Lines.context(SourceKind.JOURNALD), new Cursor(bytes, 0, bytes.length)))
                .isEqualTo(new Reading.Ordinary(id));
    }

    @Test
    void a_client_that_cannot_shake_hands_with_haproxy() {
        String head = "127.0.0.1:48854 [22/Nov/2026:13:54:14.758] fe_https/1: ";
        assertThat(Lines.read(SourceKind.HAPROXY, head + "Timeout during SSL handshake"))
                .isEqualTo(new Reading.Ordinary("client_tls_noise"));
        assertThat(Lines.read(SourceKind.HAPROXY, head + "Received something which does not look like a PROXY header"))
                .isEqualTo(new Reading.Ordinary("noise"));
    }
}
