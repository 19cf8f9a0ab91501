package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.Incident.Verdict;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// An AWS Application Load Balancer in front of the servers. It has no error log: its times, its statuses and
/// the servers' hosts tell.
class BalancerStoriesTest {
    private final Story story = new Story();
    private final Alb balancer = new Alb(story, Lab.ORDERS);
    private final Unit orders = story.unit("app1.lab", "orders.service");

    @AfterEach
    void end() {
        story.close();
    }

    private Incident when(Consumer<Story> eachSecond) {
        story.until("10:00:30", eachSecond).until("10:01:30", s -> balancer.served(5));
        return story.incident();
    }

    private void served() {
        story.until("10:00:00", s -> balancer.served(5));
    }

    @Test
    void a_target_that_was_stopped_refuses() {
        served();
        orders.stops();
        story.closes("app1.lab", "0.0.0.0:8081");
        Incident incident = when(s -> balancer.noConnection(5));
        assertThat(incident)
                .isCausedBy("backend_down/clean_stop")
                .blames("app1.lab", "orders.service")
                .isConfirmed();
        assertThat(incident.service()).isEqualTo("orders");
        assertThat(incident.endpoints()).extracting(Incident.Endpoint::address).containsExactly(Lab.ORDERS);
    }

    @Test
    void a_target_that_was_killed_for_memory_closes_its_connections() {
        served();
        story.kernel(
                "app1.lab",
                "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/orders.service,task_memcg=/system.slice/orders.service,task=python3,pid=1336,uid=996");
        orders.isKilledBy(9, "KILL", "oom-kill");
        assertThat(when(s -> balancer.closedEarly(5)))
                .isCausedBy("app_crash/oom_kill")
                .blames("app1.lab", "orders.service")
                .isConfirmed();
    }

    @Test
    void ten_seconds_without_a_connection_and_a_firewall_line_are_a_firewall() {
        served();
        story.kernel(
                "app1.lab",
                "[DROP] IN=eth0 OUT= MAC=00 SRC=10.85.0.50 DST=10.85.0.21 LEN=60 TTL=64 ID=1 DF PROTO=TCP SPT=4242 DPT=8081 WINDOW=64240 SYN URGP=0");
        story.until("10:00:10", s -> {});
        Incident incident = when(s -> balancer.connectTimeout(5));
        assertThat(incident)
                .isCausedBy("firewall/drop")
                .blames("app1.lab", null)
                .isConfirmed();
        assertThat(incident.runbook().diagnose()).anyMatch(c -> c.startsWith("aws ec2 describe-security-groups"));
    }

    @Test
    void a_minute_without_an_answer_from_a_target_that_listens_is_slowness() {
        served();
        assertThat(when(s -> balancer.answerTimeout(5)))
                .isCausedBy("backend_timeout/slow_response")
                .blames("app1.lab", "orders.service");
    }

    @Test
    void a_group_without_targets_has_no_backend() {
        served();
        Incident incident = when(s -> balancer.noTarget(5));
        assertThat(incident).isCausedBy("wrong_upstream/no_backend");
        assertThat(incident.culprit()).isNull();
        assertThat(incident.runbook().diagnose()).anyMatch(c -> c.startsWith("aws elbv2 describe-target-health"));
    }

    @Test
    void clients_that_give_up_are_no_incident() {
        served();
        story.until("10:00:30", s -> balancer.givenUpByTheClient(5)).until("10:01:30", s -> balancer.served(5));
        assertThat(story.incidents()).isEmpty();
    }

    @Test
    void closed_connections_of_which_no_line_of_the_host_tells_are_no_crash() {
        served();
        assertThat(when(s -> balancer.closedEarly(5)))
                .isCausedBy("bad_response/closed_early")
                .is(Verdict.LIKELY);
    }

    @Test
    void nobody_is_told_to_run_a_command_on_a_balancer() {
        served();
        orders.stops();
        Incident incident = when(s -> balancer.noConnection(5));
        assertThat(incident.checks())
                .extracting(Incident.Check::command)
                .filteredOn(command -> command != null)
                .noneMatch(command -> command.contains("alb.service") || command.endsWith("# on " + Alb.COLLECTOR));
        assertThat(incident.checks())
                .filteredOn(check -> check.step().equals("backend_connectivity"))
                .singleElement()
                .satisfies(check -> assertThat(check.command())
                        .startsWith("aws elbv2 describe-target-health")
                        .contains("--names orders"));
        assertThat(incident.runbook().repair()).noneMatch(c -> c.contains("alb.service") || c.contains(Alb.COLLECTOR));
    }
}
