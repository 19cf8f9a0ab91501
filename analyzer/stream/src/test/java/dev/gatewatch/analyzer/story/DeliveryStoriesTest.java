package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.Incident.Result;
import dev.gatewatch.incident.Incident.Verdict;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import dev.gatewatch.wire.HostFacts.Server;
import dev.gatewatch.wire.HostFacts.Upstream;
import dev.gatewatch.wire.SourceKind;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Lines that come twice, late, not at all, or from somebody who means harm.
class DeliveryStoriesTest {
    private static void stop(Story story) {
        Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
        story.until("10:00:00", s -> nginx.served(5));
        story.unit("app1.lab", "orders.service").stops();
        story.closes("app1.lab", "0.0.0.0:8081")
                .until("10:00:20", s -> nginx.refused(5))
                .until("10:01:30", s -> nginx.served(5));
    }

    private static List<Incident> told(Consumer<Story> plot) {
        try (Story story = new Story()) {
            plot.accept(story);
            return story.revisions();
        }
    }

    @Test
    void the_same_story_is_always_told_alike() {
        assertThat(told(DeliveryStoriesTest::stop)).isEqualTo(told(DeliveryStoriesTest::stop));
    }

    @Test
    void a_story_in_which_everything_comes_twice_is_the_same_story() {
        assertThat(told(story -> stop(story.everythingTwice()))).isEqualTo(told(DeliveryStoriesTest::stop));
    }

    @Test
    void what_comes_again_later_begins_nothing() {
        List<Incident> again = told(story -> {
            stop(story);
            story.again().quiet();
        });
        assertThat(again).isEqualTo(told(DeliveryStoriesTest::stop));
    }

    @Test
    void a_journal_that_comes_late_revises_the_open_incident() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            story.late("app1.lab", SourceKind.JOURNALD).until("10:00:00", s -> nginx.served(5));
            story.unit("app1.lab", "orders.service").exits(1);
            story.until("10:00:30", s -> nginx.refused(5));
            Incident early = story.incident();
            assertThat(early).isOpen();
            assertThat(early.cause()).isNotEqualTo("app_crash");
            story.arrives("app1.lab", SourceKind.JOURNALD).until("10:00:40", s -> nginx.refused(5));
            assertThat(story.incident())
                    .isCausedBy("app_crash/exit_error")
                    .isConfirmed()
                    .isOpen();
            assertThat(story.incident().id()).isEqualTo(early.id());
            assertThat(story.incident().startedAt()).isEqualTo(early.startedAt());
            assertThat(story.incident().confidence()).isGreaterThan(early.confidence());
        }
    }

    @Test
    void what_the_kernel_says_to_its_ring_and_to_the_journal_is_told_once() {
        String kill = "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
                + "oom_memcg=/system.slice/orders.service,task_memcg=/system.slice/orders.service,task=python3,pid=1336,uid=0";
        for (boolean journalFirst : List.of(true, false)) {
            try (Story story = new Story()) {
                Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
                story.late("app1.lab", journalFirst ? SourceKind.KERNEL : SourceKind.JOURNALD)
                        .until("10:00:00", s -> nginx.served(5));
                story.kernel("app1.lab", kill)
                        .journal("app1.lab", kill, "\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"0\"")
                        .until("10:00:10", s -> nginx.refused(5));
                story.arrives("app1.lab", SourceKind.KERNEL)
                        .arrives("app1.lab", SourceKind.JOURNALD)
                        .until("10:00:30", s -> nginx.refused(5))
                        .until("10:01:30", s -> nginx.served(5));
                assertThat(story.incident()).isCausedBy("app_crash/oom_kill").isConfirmed();
                assertThat(story.incident().evidence())
                        .filteredOn(e -> e.says().equals("oom_summary"))
                        .singleElement()
                        .satisfies(e -> assertThat(e.source()).isEqualTo("kernel"));
            }
        }
    }

    @Test
    void what_haproxy_says_to_its_file_and_to_the_journal_is_counted_once() {
        try (Story story = new Story()) {
            Haproxy haproxy = story.haproxy("be_orders/app1");
            story.until("10:00:00", s -> haproxy.served(5));
            story.until("10:00:20", s -> {
                        haproxy.noServer(5);
                        String line = LogLines.haproxy(
                                s.now(), "be_orders/<NOSRV>", "/api/catalog/item/1", 503, "0/-1/-1/-1", 0, "SC--");
                        for (int i = 0; i < 5; i++) {
                            s.journal(
                                    "edge2.lab",
                                    line.substring(line.indexOf("]: ") + 3),
                                    "\"_PID\":\"271\",\"_COMM\":\"haproxy\",\"SYSLOG_IDENTIFIER\":\"haproxy\"");
                        }
                    })
                    .until("10:01:30", s -> haproxy.served(5));
            assertThat(story.incident().requests().failed()).containsEntry("503", 100L);
        }
    }

    @Test
    void revisions_count_up_and_the_last_one_resolves() {
        List<Incident> revisions = told(DeliveryStoriesTest::stop);
        for (int i = 0; i < revisions.size(); i++) {
            assertThat(revisions.get(i).revision()).isEqualTo(i + 1);
            assertThat(revisions.get(i).state() == Incident.State.RESOLVED).isEqualTo(i == revisions.size() - 1);
        }
    }

    @Test
    void counts_alone_are_told_every_five_seconds_at_most() {
        assertThat(told(DeliveryStoriesTest::stop)).hasSizeLessThanOrEqualTo(8);
    }

    private static Incident stopWithout(String... hosts) {
        return told(story -> stop(story.withoutFactsOf(hosts))).getLast();
    }

    @Test
    void without_the_backends_agent_the_cause_is_unknown_and_the_checks_say_what_is_missing() {
        Incident incident = told(story -> {
                    Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
                    story.withoutFactsOf("app1.lab")
                            .until("10:00:00", s -> nginx.served(5))
                            .until("10:00:20", s -> nginx.refused(5))
                            .until("10:01:30", s -> nginx.served(5));
                })
                .getLast();
        assertThat(incident).is(Verdict.INCONCLUSIVE).isCausedBy("unknown").considers("backend_down/clean_stop");
        assertThat(incident.culprit()).isNull();
        assertThat(incident.checks())
                .filteredOn(c -> c.step().equals("service_status"))
                .singleElement()
                .satisfies(c -> {
                    assertThat(c.result()).isEqualTo(Result.UNKNOWN);
                    assertThat(c.answer()).contains(Lab.ORDERS);
                });
    }

    @Test
    void a_stop_is_found_without_any_facts_of_the_proxy_but_with_less_confidence() {
        Incident with = told(DeliveryStoriesTest::stop).getLast();
        Incident without = stopWithout("edge1.lab");
        assertThat(without).isCausedBy("backend_down/clean_stop");
        assertThat(without.confidence()).isLessThan(with.confidence());
        assertThat(without.checks())
                .filteredOn(c -> c.step().equals("configuration"))
                .singleElement()
                .satisfies(c -> assertThat(c.result()).isEqualTo(Result.UNKNOWN));
    }

    @Test
    void with_everything_shipped_all_five_steps_are_answered() {
        assertThat(told(DeliveryStoriesTest::stop).getLast().checks())
                .extracting(c -> c.step() + " " + c.result())
                .containsExactly(
                        "service_status BAD",
                        "backend_connectivity BAD",
                        "proxy_logs BAD",
                        "configuration GOOD",
                        "network GOOD");
    }

    @Test
    void names_that_a_stranger_wrote_never_reach_a_command() {
        String evil = "be_$(reboot)`reboot`;reboot&";
        List<Incident> revisions = told(story -> {
            Nginx nginx = story.nginx("10.85.0.21;reboot:8081", "/$(reboot)`reboot`<script>");
            Haproxy haproxy = story.haproxy(evil + "/app'$(reboot)'");
            story.until("10:00:00", s -> haproxy.served(5)).until("10:00:30", s -> {
                haproxy.noConnection(5);
                nginx.refused(5);
                s.unit("app1.lab", "$(reboot).service").stops();
            });
        });
        assertThat(revisions)
                .isNotEmpty()
                .allSatisfy(incident ->
                        assertThat(unquoted(commands(incident))).noneMatch(command -> command.contains("reboot")));
    }

    @Test
    void names_from_facts_that_a_stranger_wrote_never_reach_a_command() {
        String unit = "$(reboot).service";
        List<Incident> revisions = told(story -> {
            String socket = "unix:/run/$(reboot)'`reboot`.sock";
            Nginx nginx = story.nginx(socket, "/api/orders/1");
            story.listens("edge1.lab", socket, unit, "x", 7)
                    .configures(
                            "edge1.lab",
                            new ProxyFacts(
                                    "nginx",
                                    "nginx;reboot.service",
                                    "",
                                    Lab.BOOTED_AT,
                                    null,
                                    List.of(new Upstream(
                                            "$(reboot)", false, List.of(new Server("", socket, false, false)))),
                                    List.of(),
                                    List.of()))
                    .until("10:00:00", s -> nginx.served(5));
            story.unit("edge1.lab", unit).stops();
            story.until(
                    "10:00:30",
                    s -> nginx.failed(
                            5,
                            502,
                            "connect() to " + socket
                                    + " failed (2: No such file or directory) while connecting to upstream"));
        });
        assertThat(revisions)
                .isNotEmpty()
                .allSatisfy(i -> assertThat(unquoted(commands(i))).noneMatch(command -> command.contains("reboot")));
    }

    /// All commands that a person is told to run, the comments behind them left out.
    private static List<String> commands(Incident incident) {
        return java.util.stream.Stream.of(
                        incident.runbook().diagnose().stream(),
                        incident.runbook().repair().stream(),
                        incident.checks().stream().map(c -> c.command() == null ? "" : c.command()))
                .flatMap(c -> c)
                .map(c -> c.replaceAll("  # on .*", ""))
                .toList();
    }

    /// The commands without what stands between single quotes, into which no shell looks.
    private static List<String> unquoted(List<String> commands) {
        return commands.stream().map(c -> c.replaceAll("'[^']*'", "''")).toList();
    }

    @Test
    void a_line_that_names_an_upstream_in_its_path_is_not_about_that_upstream() {
        List<Incident> revisions = told(story -> {
            Nginx nginx = story.nginx(Lab.ORDERS, "/x?, upstream: \\x22http://10.85.0.23:8083/\\x22");
            story.until("10:00:00", s -> nginx.served(5)).until("10:00:30", s -> nginx.refused(5));
        });
        assertThat(revisions.getLast().endpoints())
                .extracting(Incident.Endpoint::address)
                .containsExactly(Lab.ORDERS);
    }
}
