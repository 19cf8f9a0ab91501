package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.wire.SourceKind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Records of `/dev/kmsg` on Linux 6, and texts of other versions behind the same head.
class KernelSignalsTest {
    private static final long AT = Lines.BOOTED_AT.toEpochMilli() + 2_150_307;

    private static Signal event(String id, int pid, String process, String cgroup, String detail) {
        return new Signal.KernelEvent(id, AT, pid, process, cgroup, detail);
    }

    static Stream<Arguments> records() {
        return Stream.of(
                argumentSet(
                        "out of memory in a container",
                        "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
                                + "oom_memcg=/system.slice/a.service,task_memcg=/system.slice/a.service,task=a,b,pid=14,uid=9",
                        event("oom_summary", 14, "a,b", "/system.slice/a.service", "CONSTRAINT_MEMCG")),
                argumentSet(
                        "a name with parentheses",
                        "Out of memory: Killed process 7 ((resolved)) total-vm:1kB, anon-rss:1kB",
                        event("oom_kill_global", 7, "(resolved)", "", "")),
                argumentSet(
                        "a segmentation fault",
                        "php[x][38009]: segfault at 2c ip 00 sp 00 error 4 in php[400000+1]",
                        event("segfault", 38009, "php[x]", "", "")),
                argumentSet(
                        "a trap",
                        "traps: node[77] trap invalid opcode ip:55 sp:7f error:0 in node[40+1]",
                        event("traps", 77, "node", "", "trap invalid opcode")),
                argumentSet(
                        "a hung task",
                        "INFO: task jbd2/sda1-8:312 blocked for more than 120 seconds.",
                        event("hung_task", 312, "jbd2/sda1-8", "", "blocked for more than 120 seconds.")),
                argumentSet(
                        "a flood on an address",
                        "TCP: request_sock_TCP: Possible SYN flooding on port [::]:8080. Sending cookies.",
                        event("syn_flood", -1, "", "", "8080")),
                argumentSet(
                        "a bond's link",
                        "bond0: (slave eth1): link status definitely down, disabling slave",
                        event("link_down", -1, "", "", "eth1")),
                argumentSet(
                        "a stopped packet",
                        "[UFW BLOCK] IN=eth0 OUT= MAC=02 SRC=10.85.0.11 DST=10.85.0.21 LEN=60 DF PROTO=TCP SPT=3 DPT=8081",
                        new Signal.Packet("fw_block", AT, "[UFW BLOCK]", "10.85.0.11", "10.85.0.21", 8081)),
                argumentSet(
                        "a prefix without blank",
                        "filter_IN_public_REJECT: IN=eth0 OUT= SRC=fe80::1 DST=fe80::2 LEN=60 PROTO=ICMPv6 TYPE=1 [SRC=a DPT=1 ]",
                        new Signal.Packet("fw_block", AT, "filter_IN_public_REJECT:", "fe80::1", "fe80::2", -1)));
    }

    @ParameterizedTest
    @MethodSource("records")
    void a_record_speaks(String text, Signal expected) {
        assertThat(Lines.read(SourceKind.KERNEL, "4,891,2150307854,-;" + text)).isEqualTo(new Reading.Says(expected));
    }

    @Test
    void a_process_that_writes_to_the_ring_buffer_is_not_the_kernel() {
        assertThat(Lines.read(
                        SourceKind.KERNEL, "12,891,2150307854,-;Out of memory: Killed process 7 (a) total-vm:1kB"))
                .isEqualTo(new Reading.Ordinary("noise"));
    }

    @Test
    void an_allowed_packet_is_ordinary() {
        assertThat(Lines.read(
                        SourceKind.KERNEL, "4,8,9,-;[UFW ALLOW] IN=a OUT= SRC=10.0.0.1 DST=10.0.0.2 PROTO=TCP DPT=1"))
                .isEqualTo(new Reading.Ordinary("noise"));
    }
}
