package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A backend that was stopped, crashed or was killed.
class UnitStoriesTest {
    private final Story story = new Story();
    private final Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Unit orders = story.unit("app1.lab", "orders.service");

    @AfterEach
    void end() {
        story.close();
    }

    private void serveUntil(String clock) {
        story.until(clock, s -> nginx.served(5));
    }

    /// Refused from one moment to another, then served again for a minute.
    private void refusedUntil(String clock, String over) {
        story.until(clock, s -> nginx.refused(5)).until(over, s -> nginx.served(5));
    }

    @Test
    void a_stopped_unit_is_a_clean_stop() {
        serveUntil("10:00:00");
        orders.stops();
        story.closes("app1.lab", "0.0.0.0:8081");
        refusedUntil("10:00:20", "10:00:30");
        assertThat(story.incident())
                .isCausedBy("backend_down/clean_stop")
                .blames("app1.lab", "orders.service")
                .isConfirmed()
                .shows("unit_stopped")
                .shows("connect_refused")
                .isOpen();
        story.until("10:01:00", s -> nginx.served(5));
        assertThat(story.incident()).isResolved();
        assertThat(story.incident().requests().failed()).containsExactly(java.util.Map.entry("502", 100L));
    }

    @Test
    void the_stop_of_another_unit_of_the_host_is_not_blamed_with_certainty() {
        serveUntil("10:00:00");
        story.unit("app1.lab", "reports.service").stops();
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident().cause()).isNotEqualTo("backend_down");
    }

    @Test
    void a_stop_of_which_the_unit_recovered_long_before_is_not_the_cause() {
        serveUntil("10:00:00");
        orders.stops();
        serveUntil("10:00:02");
        orders.starts();
        serveUntil("10:00:50");
        story.until("10:01:10", s -> nginx.reset(5)).until("10:02:00", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("bad_response/closed_early");
    }

    @Test
    void a_restart_is_a_deploy_and_not_a_crash() {
        serveUntil("10:00:00");
        orders.stopsForRestart();
        story.until("10:00:08", s -> nginx.refused(5));
        orders.starts();
        serveUntil("10:01:00");
        assertThat(story.incident())
                .isCausedBy("backend_down/deploy_restart")
                .blames("app1.lab", "orders.service")
                .isConfirmed()
                .isResolved();
    }

    @Test
    void a_stop_and_a_start_a_few_seconds_later_are_a_deploy_too() {
        serveUntil("10:00:00");
        orders.stops();
        story.until("10:00:05", s -> nginx.refused(5));
        orders.starts();
        serveUntil("10:01:00");
        assertThat(story.incident()).isCausedBy("backend_down/deploy_restart");
    }

    @Test
    void a_restart_does_not_account_for_what_is_cut_off_long_after_it() {
        serveUntil("10:00:00");
        orders.stops();
        orders.starts();
        story.until("10:00:30", s -> {
            nginx.served(5);
            nginx.reset(2);
        });
        serveUntil("10:01:30");
        assertThat(story.incident()).isCausedBy("bad_response/closed_early").blames("app1.lab", "orders.service");
    }

    @Test
    void a_unit_that_is_stopped_and_started_again_and_again_is_no_deploy() {
        serveUntil("10:00:00");
        for (int minute = 0; minute < 3; minute++) {
            orders.stops();
            story.until("10:00:%02d".formatted(10 * minute + 6), s -> nginx.refused(5));
            orders.starts();
            serveUntil("10:00:%02d".formatted(10 * minute + 10));
        }
        serveUntil("10:01:40");
        assertThat(story.incident()).isCausedBy("backend_down/clean_stop");
    }

    @Test
    void a_process_that_ends_with_an_error_is_a_crash_and_not_a_deploy() {
        serveUntil("10:00:00");
        nginx.reset(2);
        orders.exits(1);
        orders.restartIsScheduled(1);
        story.until("10:00:08", s -> nginx.refused(5));
        orders.starts();
        serveUntil("10:01:00");
        assertThat(story.incident())
                .isCausedBy("app_crash/exit_error")
                .blames("app1.lab", "orders.service")
                .isConfirmed()
                .isResolved();
    }

    /// puma's master, in a cluster, says only of the new worker.
    @Test
    void workers_that_are_replaced_again_and_again_while_requests_are_cut_off_are_killed() {
        serveUntil("10:00:00");
        for (int second = 1; second <= 20; second++) {
            orders.says("[371] - Worker 1 (PID: %d) booted in 0.07s, phase: 0".formatted(500 + second));
            story.until("10:00:%02d".formatted(second), s -> nginx.closedEarly(5));
        }
        serveUntil("10:01:20");
        assertThat(story.incident())
                .isCausedBy("app_crash/killed")
                .blames("app1.lab", "orders.service")
                .is(Incident.Verdict.LIKELY)
                .shows("app_worker_boot");
    }

    @Test
    void workers_of_a_fresh_start_replace_none() {
        serveUntil("10:00:00");
        orders.stopsForRestart();
        orders.starts();
        for (int worker = 0; worker < 4; worker++) {
            orders.says("[371] - Worker %d (PID: %d) booted in 0.07s, phase: 0".formatted(worker, 500 + worker));
        }
        story.until("10:00:05", s -> nginx.closedEarly(5));
        serveUntil("10:01:20");
        assertThat(story.incident()).isCausedBy("backend_down/deploy_restart");
    }

    @Test
    void a_worker_that_says_so_before_systemd_does_was_stopped_and_not_killed() {
        serveUntil("10:00:00");
        orders.says("[WARNING] Worker with pid 1400 was terminated due to signal 15");
        orders.stops();
        story.closes("app1.lab", "0.0.0.0:8081");
        refusedUntil("10:00:20", "10:01:20");
        assertThat(story.incident()).isCausedBy("backend_down/clean_stop");
    }

    @Test
    void a_restart_that_a_check_before_the_start_refuses_is_no_deploy() {
        serveUntil("10:00:00");
        orders.stopsForRestart();
        orders.startFails();
        story.closes("app1.lab", "0.0.0.0:8081");
        refusedUntil("10:00:20", "10:01:20");
        assertThat(story.incident())
                .isCausedBy("backend_down/never_started")
                .blames("app1.lab", "orders.service")
                .shows("unit_start_failed");
    }

    /// systemd calls a service of `Type=simple` started as soon as its program is executed.
    @Test
    void a_program_that_ends_with_an_error_as_soon_as_it_is_started_never_started() {
        serveUntil("10:00:00");
        orders.stops();
        story.closes("app1.lab", "0.0.0.0:8081").until("10:00:01", s -> nginx.refused(5));
        orders.starts();
        story.until("10:00:02", s -> nginx.refused(5));
        orders.says("AH00526: Syntax error on line 23 of /etc/apache2/apache2.conf:");
        orders.exits(1);
        refusedUntil("10:00:20", "10:01:20");
        assertThat(story.incident())
                .isCausedBy("backend_down/never_started")
                .blames("app1.lab", "orders.service")
                .isConfirmed()
                .shows("unit_main_exited");
    }

    @Test
    void a_program_that_ends_after_it_was_ready_did_start() {
        serveUntil("10:00:00");
        orders.stops();
        orders.starts();
        orders.says("Listening on http://0.0.0.0:8081");
        serveUntil("10:00:03");
        orders.exits(1);
        story.closes("app1.lab", "0.0.0.0:8081");
        refusedUntil("10:00:20", "10:01:20");
        assertThat(story.incident()).isCausedBy("app_crash/exit_error");
    }

    @Test
    void a_crash_that_repeats_itself_at_systemds_restart_is_a_crash() {
        serveUntil("10:00:00");
        orders.exits(1);
        story.closes("app1.lab", "0.0.0.0:8081").until("10:00:05", s -> nginx.refused(5));
        orders.restartIsScheduled(1);
        orders.starts();
        orders.exits(1);
        refusedUntil("10:00:20", "10:01:20");
        assertThat(story.incident()).isCausedBy("app_crash/exit_error");
    }

    @Test
    void an_exit_that_belongs_to_a_stop_is_no_crash() {
        serveUntil("10:00:00");
        story.journal(
                "app1.lab",
                "Stopping orders.service - Orders API...",
                "\"_PID\":\"1\",\"UNIT\":\"orders.service\",\"JOB_TYPE\":\"stop\","
                        + "\"MESSAGE_ID\":\"de5b426a63be47a7b6ac3eaac82e2f6f\"");
        orders.exits(143);
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident()).isCausedBy("backend_down/clean_stop");
    }

    @Test
    void a_process_that_is_killed_and_nothing_says_for_memory_is_killed() {
        serveUntil("10:00:00");
        orders.isKilledBy(9, "KILL", "signal");
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident()).isCausedBy("app_crash/killed").blames("app1.lab", "orders.service");
    }

    @Test
    void a_process_that_aborts_ended_by_itself() {
        serveUntil("10:00:00");
        orders.isKilledBy(6, "ABRT", "core-dump");
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident()).isCausedBy("app_crash/exit_error");
    }

    @Test
    void three_crashes_in_a_row_are_a_crash_loop() {
        serveUntil("10:00:00");
        for (int i = 1; i <= 4; i++) {
            orders.exits(1);
            orders.restartIsScheduled(i);
            story.until("10:00:%02d".formatted(5 * i), s -> nginx.refused(5));
            orders.starts();
        }
        serveUntil("10:01:30");
        assertThat(story.incident()).isCausedBy("app_crash/crash_loop").isConfirmed();
    }

    @Test
    void two_crashes_are_not_a_loop_yet_but_a_unit_that_systemd_gave_up_is() {
        serveUntil("10:00:00");
        orders.exits(1);
        orders.restartIsScheduled(1);
        story.until("10:00:05", s -> nginx.refused(5));
        orders.exits(1);
        orders.restartIsScheduled(2);
        story.until("10:00:10", s -> nginx.refused(5));
        assertThat(story.incident()).isCausedBy("app_crash/exit_error");
        orders.exits(1);
        orders.isGivenUp();
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident()).isCausedBy("app_crash/crash_loop").shows("unit_start_limit");
    }

    @Test
    void a_program_that_cannot_be_executed_never_started() {
        serveUntil("10:00:00");
        orders.stopsForRestart();
        story.closes("app1.lab", "0.0.0.0:8081").until("10:00:01", s -> nginx.refused(5));
        orders.exits(203);
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident()).isCausedBy("backend_down/never_started").blames("app1.lab", "orders.service");
    }

    @Test
    void a_port_that_another_process_holds_keeps_a_unit_from_starting() {
        serveUntil("10:00:00");
        orders.stopsForRestart();
        story.until("10:00:02", s -> nginx.refused(5));
        orders.says("OSError: [Errno 98] Address already in use");
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident()).isCausedBy("backend_down/never_started").shows("app_bind_in_use");
    }

    @Test
    void a_stranger_who_holds_the_port_on_loopback_keeps_a_unit_from_starting_too() {
        serveUntil("10:00:00");
        orders.stops();
        story.closes("app1.lab", "0.0.0.0:8081").listens("app1.lab", "127.0.0.1:8081", "", "socat", 3_343);
        story.until("10:00:02", s -> nginx.refused(5));
        orders.starts();
        orders.says("OSError: [Errno 98] Address already in use");
        story.until("10:00:30", s -> nginx.refused(5));
        serveUntil("10:01:30");
        assertThat(story.incident()).isCausedBy("backend_down/never_started").blames("app1.lab", "orders.service");
    }

    private static final String OOM = "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
            + "oom_memcg=/system.slice/%1$s,task_memcg=/system.slice/%1$s,task=python3,pid=%2$d,uid=999";

    @Test
    void a_process_that_the_kernel_kills_for_memory_beats_the_crash_it_looks_like() {
        serveUntil("10:00:00");
        nginx.reset(2);
        story.kernel("app1.lab", OOM.formatted("orders.service", 1336));
        orders.isKilledBy(9, "KILL", "signal");
        orders.restartIsScheduled(1);
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident())
                .isCausedBy("app_crash/oom_kill")
                .blames("app1.lab", "orders.service")
                .isConfirmed()
                .shows("oom_summary")
                .considers("app_crash/killed");
    }

    @Test
    void a_kill_for_memory_of_another_unit_is_not_the_cause() {
        serveUntil("10:00:00");
        story.kernel("app1.lab", OOM.formatted("reports.service", 1332));
        orders.stops();
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident()).isCausedBy("backend_down/clean_stop");
    }

    @Test
    void an_application_that_says_perhaps_out_of_memory_proves_nothing() {
        serveUntil("10:00:00");
        orders.says("[ERROR] Worker (pid:1400) was sent SIGKILL! Perhaps out of memory?");
        story.until("10:00:20", s -> nginx.closedEarly(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("app_crash/killed");
    }

    @Test
    void a_line_in_an_application_log_that_looks_like_the_kernel_proves_nothing() {
        serveUntil("10:00:00");
        orders.says(OOM.formatted("orders.service", 1336));
        orders.says("Memory cgroup out of memory: Killed process 1336 (python3) total-vm:1kB, anon-rss:1kB");
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident().subCause()).isNotEqualTo("oom_kill");
    }

    @Test
    void a_memory_fault_is_a_segfault() {
        serveUntil("10:00:00");
        nginx.reset(2);
        story.kernel("app1.lab", "python3[1336]: segfault at 2c ip 00 sp 00 error 4 in libc.so[400000+1]");
        orders.isKilledBy(11, "SEGV", "core-dump");
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident())
                .isCausedBy("app_crash/segfault")
                .blames("app1.lab", "orders.service")
                .isConfirmed()
                .shows("segfault");
    }

    @Test
    void a_java_machine_tells_of_its_memory_fault_and_aborts() {
        serveUntil("10:00:00");
        orders.says("# A fatal error has been detected by the Java Runtime Environment:");
        orders.says("#  SIGSEGV (0xb) at pc=0x00007f25b9cd1fe4, pid=944, tid=983");
        orders.isKilledBy(6, "ABRT", "signal");
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident())
                .isCausedBy("app_crash/segfault")
                .blames("app1.lab", "orders.service")
                .isConfirmed();
    }

    @Test
    void whom_the_watchdog_aborts_was_killed() {
        serveUntil("10:00:00");
        orders.isNotAlive();
        orders.isKilledBy(6, "ABRT", "watchdog");
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident()).isCausedBy("app_crash/killed").blames("app1.lab", "orders.service");
    }

    @Test
    void a_memory_fault_of_another_program_is_not_the_cause() {
        serveUntil("10:00:00");
        story.kernel("app1.lab", "convert[4711]: segfault at 2c ip 00 sp 00 error 4 in convert[400000+1]");
        orders.exits(1);
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident()).isCausedBy("app_crash/exit_error");
    }

    @Test
    void a_full_heap_beats_the_exit_that_follows() {
        serveUntil("10:00:00");
        orders.says("Exception in thread main java.lang.OutOfMemoryError: Java heap space");
        orders.exits(3);
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident()).isCausedBy("app_crash/heap_exhausted").isConfirmed();
    }

    @Test
    void a_backend_that_does_not_listen_any_more_and_of_which_nothing_is_told_is_down_at_a_guess() {
        serveUntil("10:00:00");
        story.closes("app1.lab", "0.0.0.0:8081");
        refusedUntil("10:00:20", "10:01:30");
        assertThat(story.incident())
                .isCausedBy("backend_down/clean_stop")
                .is(dev.gatewatch.incident.Incident.Verdict.INCONCLUSIVE);
    }

    @Test
    void a_unix_socket_that_is_gone_is_missing() {
        Nginx php = story.nginx(Lab.PHP, "/index.php");
        story.until("10:00:00", s -> php.served(5))
                .closes("edge1.lab", Lab.PHP)
                .until(
                        "10:00:20",
                        s -> php.failed(
                                5,
                                502,
                                "connect() to " + Lab.PHP
                                        + " failed (2: No such file or directory) while connecting to upstream"))
                .until("10:01:30", s -> php.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_down/unix_socket_missing")
                .blames("edge1.lab", "php8.2-fpm.service");
    }

    @Test
    void a_unit_that_was_restarted_with_another_unix_socket_left_the_old_one_missing() {
        Nginx php = story.nginx(Lab.PHP, "/index.php");
        Unit fpm = story.unit("edge1.lab", "php8.2-fpm.service");
        story.until("10:00:00", s -> php.served(5));
        fpm.stopsForRestart();
        fpm.starts();
        story.closes("edge1.lab", Lab.PHP)
                .listens("edge1.lab", "unix:/run/php/fpm.sock", "php8.2-fpm.service", "php-fpm8.2", 800)
                .until(
                        "10:00:20",
                        s -> php.failed(
                                5,
                                502,
                                "connect() to " + Lab.PHP
                                        + " failed (2: No such file or directory) while connecting to upstream"))
                .until("10:01:30", s -> php.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_down/unix_socket_missing")
                .blames("edge1.lab", "php8.2-fpm.service");
    }

    @Test
    void a_unix_socket_that_is_gone_since_its_unit_was_stopped_is_a_clean_stop() {
        Nginx php = story.nginx(Lab.PHP, "/index.php");
        story.until("10:00:00", s -> php.served(5));
        story.unit("edge1.lab", "php8.2-fpm.service").stops();
        story.closes("edge1.lab", Lab.PHP)
                .until(
                        "10:00:20",
                        s -> php.failed(
                                5,
                                502,
                                "connect() to " + Lab.PHP
                                        + " failed (2: No such file or directory) while connecting to upstream"))
                .until("10:01:30", s -> php.served(5));
        assertThat(story.incident()).isCausedBy("backend_down/clean_stop").blames("edge1.lab", "php8.2-fpm.service");
    }

    @Test
    void requests_per_second_show_how_a_long_incident_ends() {
        story.until("10:00:00", s -> nginx.served(5));
        orders.stops();
        story.until("10:05:00", s -> nginx.refused(5)).until("10:06:00", s -> nginx.served(5));

        List<List<Long>> rows = story.incident().requests().perSecond();
        long last = Story.time("10:04:59").getEpochSecond();
        assertThat(rows).hasSize(120).contains(List.of(last, 5L, 5L), List.of(last + 1, 5L, 0L));
    }
}
