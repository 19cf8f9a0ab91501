package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.wire.SourceKind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /// In the words of the kernel's code, from 4 to 6.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [python3:1432] | soft_lockup | 1432 | python3",
                "NMI watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [a:b:77] | soft_lockup | 77 | a:b",
                "rcu: INFO: rcu_sched detected stalls on CPUs/tasks: | soft_lockup | -1 | ``",
                "rcu: INFO: rcu_preempt self-detected stall on CPU | soft_lockup | -1 | ``",
                "watchdog: Watchdog detected hard LOCKUP on cpu 3 | soft_lockup | -1 | ``",
                "INFO: task jbd2/sda1-8:312 blocked for more than 241 seconds. | hung_task | 312 | jbd2/sda1-8",
                "Kernel panic - not syncing: Fatal exception | kernel_panic | -1 | ``",
                "BUG: kernel NULL pointer dereference, address: 0000000000000008 | kernel_bug | -1 | ``",
                "Oops: 0002 [#1] PREEMPT SMP | kernel_bug | -1 | ``",
                "general protection fault, probably for non-canonical address 0x1: 0000 [#1] | kernel_bug | -1 | ``",
                "app[311]: unhandled level 2 translation fault (11) at 0x00000000, esr 0x92000006, in app[400000+1000] | segfault | 311 | app",
                "traps: app[311] trap divide error ip:55 sp:7f error:0 in app[40+1] | traps | 311 | app",
                "traps: a b[9] general protection fault ip:55 sp:7f error:0 in x[40+1] | general_protection | 9 | a b",
                "EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2: comm ls: reading directory | disk_error | -1 | ``",
                "EXT4-fs (sda1): Remounting filesystem read-only | disk_error | -1 | ``",
                "Buffer I/O error on dev dm-0, logical block 1, async page read | disk_error | -1 | ``",
                "blk_update_request: I/O error, dev sda, sector 123 op 0x0:(READ) | disk_error | -1 | ``",
                "critical medium error, dev sda, sector 123 op 0x0:(READ) | disk_error | -1 | ``",
                "XFS (dm-0): metadata I/O error in \"xfs_buf_ioend\" at daddr 0x1 len 8 error 5 | disk_error | -1 | ``",
                "XFS (dm-0): Log I/O error (0x2) detected. Filesystem has been shut down. | disk_error | -1 | ``",
                "XFS (dm-0): Corruption of in-memory data (0x8) detected at xfs_x | disk_error | -1 | ``",
                "BTRFS error (device sda1): bdev /dev/sda1 errs: wr 1, rd 0 | disk_error | -1 | ``",
                "nvme nvme0: I/O 12 QID 3 timeout, aborting | disk_error | -1 | ``",
                "nvme nvme0: controller is down; will reset: CSTS=0xffffffff | disk_error | -1 | ``",
                "VFS: file-max limit 9223372 reached | file_max | -1 | ``",
                "cgroup: fork rejected by pids controller in /system.slice/orders.service | fork_rejected | -1 | ``",
                "nf_conntrack: nf_conntrack: table full in netns 4026531840, dropping packet | conntrack_full | -1 | ``",
                "TCP: out of memory -- consider tuning tcp_mem | tcp_mem | -1 | ``",
                "TCP: TCP: too many orphaned sockets | tcp_mem | -1 | ``",
                "neighbour: arp_cache: neighbor table overflow! | neigh | -1 | ``",
                "audit: type=1400 audit(1795356081.9:42): avc:  denied  { name_connect } for  pid=711 comm=\"nginx\" dest=8081 permissive=0 | avc_denied | 711 | nginx",
                "audit: type=1400 audit(1795356081.9:42): apparmor=\"DENIED\" operation=\"connect\" profile=\"nginx\" pid=711 comm=\"nginx\" | avc_denied | 711 | nginx",
                "audit: type=1326 audit(1795356081.9:42): auid=1 uid=33 pid=711 comm=\"app\" exe=\"/a\" sig=31 arch=c000003e | seccomp_kill | 711 | app",
                "audit: type=1325 audit(1795356081.9:43): table=filter family=2 entries=7 op=xt_replace pid=902 comm=\"iptables-restor\" | firewall_changed | 902 | iptables-restor",
                "audit: type=1701 audit(1795356081.9:44): auid=1 uid=33 gid=33 ses=1 pid=711 comm=\"app\" exe=\"/a\" sig=11 res=1 | segfault | 711 | app"
            })
    void a_record_tells_of_a_process_or_of_the_host(String text, String id, int pid, String process) {
        Signal.KernelEvent event = (Signal.KernelEvent)
                ((Reading.Says) Lines.read(SourceKind.KERNEL, "4,891,2150307854,-;" + text)).signal();
        assertThat(event.id()).isEqualTo(id);
        assertThat(event.pid()).isEqualTo(pid);
        assertThat(event.process()).isEqualTo(process);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "e1000e 0000:00:1f.6 eth0: NIC Link is Down | link_down | eth0",
                "e1000e 0000:00:1f.6 eth0: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx | link_up | eth0",
                "tg3 0000:03:00.0 eth0: Link is down | link_down | eth0",
                "tg3 0000:03:00.0 eth0: Link is up at 1000 Mbps, full duplex | link_up | eth0",
                "mlx5_core 0000:01:00.0 ens1f0: Link down | link_down | ens1f0",
                "mlx5_core 0000:01:00.0 ens1f0: Link up | link_up | ens1f0",
                "r8169 0000:02:00.0 enp2s0: Link is Down | link_down | enp2s0",
                "bond0: link status definitely down for interface eth1, disabling it | link_down | eth1",
                "bond0: link status definitely up for interface eth1, 1000 Mbps full duplex | link_up | eth1",
                "IPv6: ADDRCONF(NETDEV_CHANGE): eth0: link becomes ready | link_up | eth0",
                "NETDEV WATCHDOG: eth0 (e1000): transmit queue 0 timed out | tx_timeout | eth0",
                "e1000 0000:00:03.0 eth0: NETDEV WATCHDOG: CPU: 1: transmit queue 0 timed out 5120 ms | tx_timeout | eth0"
            })
    void a_link_has_the_name_of_its_interface(String text, String id, String device) {
        Signal.KernelEvent event = (Signal.KernelEvent)
                ((Reading.Says) Lines.read(SourceKind.KERNEL, "4,891,2150307854,-;" + text)).signal();
        assertThat(event.id()).isEqualTo(id);
        assertThat(event.detail()).isEqualTo(device);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "br0: port 2(veth1a2b) entered disabled state",
                "IPv6: ADDRCONF(NETDEV_UP): eth0: link is not ready",
                "audit: type=1400 audit(1.9:42): avc:  denied  { read } for  pid=7 comm=\"nginx\" permissive=1",
                "audit: type=1400 audit(1.9:42): apparmor=\"STATUS\" operation=\"profile_load\" pid=7 comm=\"x\"",
                "EXT4-fs (sda1): mounted filesystem with ordered data mode",
                "show_signal_msg: 12 callbacks suppressed"
            })
    void what_happens_every_day_is_ordinary(String text) {
        assertThat(Lines.read(SourceKind.KERNEL, "4,891,2150307854,-;" + text)).isInstanceOf(Reading.Ordinary.class);
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
