package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.wire.SourceKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Entries of systemd 252's journal, cut down to the fields that matter.
class JournalSignalsTest {
    private static final String TIME = "\"__REALTIME_TIMESTAMP\":\"1795356081917119\"";
    private static final long AT = 1795356081917L;

    private static Reading read(String fields) {
        return Lines.read(SourceKind.JOURNALD, "{" + fields + "," + TIME + "}");
    }

    private static Reading systemd(String fields) {
        return read("\"_PID\":\"1\",\"UNIT\":\"orders.service\"," + fields);
    }

    private static Reading app(String message) {
        return read("\"_PID\":\"42\",\"_SYSTEMD_UNIT\":\"orders.service\",\"MESSAGE\":\"" + message + "\"");
    }

    private static Reading says(Signal signal) {
        return new Reading.Says(signal);
    }

    private static Signal app(String id, int pid, String detail) {
        return new Signal.AppEvent(id, AT, "orders.service", pid, detail);
    }

    @Test
    void systemd_tells_how_a_unit_ended() {
        assertThat(systemd("\"MESSAGE_ID\":\"98e322203f7a4ed290d09fe03c09fe15\",\"EXIT_CODE\":\"killed\","
                        + "\"EXIT_STATUS\":\"9\",\"COMMAND\":\"ExecStart\","
                        + "\"MESSAGE\":\"orders.service: Main process exited, code=killed, status=9/KILL\""))
                .isEqualTo(says(new Signal.UnitEvent(
                        "unit_main_exited_signal", AT, "orders.service", "", "", "killed", 9, -1)));
        assertThat(systemd("\"MESSAGE_ID\":\"de5b426a63be47a7b6ac3eaac82e2f6f\",\"JOB_TYPE\":\"restart\""))
                .isEqualTo(
                        says(new Signal.UnitEvent("unit_stopping", AT, "orders.service", "restart", "", "", -1, -1)));
        assertThat(systemd("\"MESSAGE\":\"orders.service: Start request repeated too quickly.\""))
                .isEqualTo(says(new Signal.UnitEvent("unit_start_limit", AT, "orders.service", "", "", "", -1, -1)));
    }

    @Test
    void only_systemd_speaks_of_units_and_only_of_services() {
        String stopped = "\"MESSAGE_ID\":\"9d1aaa27d60140bd96365438aad20286\",\"MESSAGE\":\"Stopped orders.service.\"";
        assertThat(read("\"_PID\":\"4711\",\"_COMM\":\"systemd\",\"UNIT\":\"orders.service\"," + stopped))
                .isEqualTo(new Reading.Ordinary(""));
        assertThat(read("\"_PID\":\"1\",\"UNIT\":\"system.slice\"," + stopped))
                .isEqualTo(new Reading.Ordinary("noise"));
    }

    @Test
    void only_the_kernel_speaks_for_the_kernel() {
        String killed =
                "\"MESSAGE\":\"Memory cgroup out of memory: Killed process 1432 (a b) total-vm:1kB, anon-rss:1kB\"";
        assertThat(read("\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"0\"," + killed))
                .isEqualTo(says(new Signal.KernelEvent("oom_kill_memcg", AT, 1432, "a b", "", "")));
        assertThat(read("\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"1\"," + killed))
                .isEqualTo(new Reading.Ordinary("noise"));
        assertThat(read("\"_TRANSPORT\":\"stdout\",\"SYSLOG_IDENTIFIER\":\"kernel\"," + killed))
                .isEqualTo(new Reading.Ordinary(""));
    }

    @Test
    void only_haproxy_speaks_for_haproxy() {
        String down = "\"SYSLOG_IDENTIFIER\":\"haproxy\",\"MESSAGE\":\"Server b/s is DOWN, reason: Layer4 timeout.\"";
        assertThat(Lines.idOf(read("\"_COMM\":\"haproxy\"," + down))).isEqualTo("server_down");
        assertThat(read("\"_COMM\":\"logger\"," + down)).isEqualTo(new Reading.Ordinary(""));
    }

    static Stream<Arguments> appLines() {
        return Stream.of(
                argumentSet("listening", "INFO orders: listening on 0.0.0.0:8081", "app_listening", 42, "0.0.0.0:8081"),
                argumentSet(
                        "uvicorn",
                        "INFO:     Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)",
                        "app_listening",
                        42,
                        "127.0.0.1:8000"),
                argumentSet(
                        "gunicorn",
                        "[2026-11-22 13:52:29 +0000] [7] [INFO] Listening at: http://0.0.0.0:8000 (7)",
                        "app_listening",
                        42,
                        "0.0.0.0:8000"),
                argumentSet(
                        "gunicorn at a socket",
                        "[7] [INFO] Listening at: unix:/run/app.sock (7)",
                        "app_listening",
                        42,
                        "unix:/run/app.sock"),
                argumentSet("node", "Server listening on port 3000", "app_listening", 42, ":3000"),
                argumentSet("IPv6", "Listening on http://[::1]:9292", "app_listening", 42, "[::1]:9292"),
                argumentSet("Tomcat", "Tomcat started on port(s): 8080 (http)", "app_listening", 42, ":8080"),
                argumentSet("Spring", "Tomcat started on port 8080 (http)", "app_listening", 42, ":8080"));
    }

    @ParameterizedTest
    @MethodSource("appLines")
    void an_application_tells_where_it_listens(String message, String id, int pid, String detail) {
        assertThat(app(message)).isEqualTo(says(app(id, pid, detail)));
    }

    static Stream<Arguments> pidLines() {
        return Stream.of(
                argumentSet("gunicorn", "[6481] [CRITICAL] WORKER TIMEOUT (pid:6482)", "app_worker_timeout", 6482),
                argumentSet(
                        "gunicorn kill",
                        "[ERROR] Worker (pid:77) was sent SIGKILL! Perhaps out of memory?",
                        "app_worker_killed",
                        77),
                argumentSet(
                        "gunicorn crash", "Worker with pid 8 was terminated due to signal 11", "app_worker_segv", 8),
                argumentSet(
                        "php-fpm",
                        "WARNING: [pool www] child 99 exited on signal 11 (SIGSEGV) after 3.1 seconds from start",
                        "app_worker_segv",
                        99),
                argumentSet(
                        "uwsgi",
                        "DAMN ! worker 1 (pid: 12) died, killed by signal 9 :( trying",
                        "app_worker_killed",
                        12),
                argumentSet("unicorn", "worker=0 PID:31 timeout (61s > 60s), killing", "app_worker_timeout", 31),
                argumentSet("node", "Error: listen EADDRINUSE: address already in use :::3000", "app_bind_in_use", 42),
                argumentSet("Go", "panic: runtime error: index out of range", "app_crash", 42),
                argumentSet("Java", "java.lang.OutOfMemoryError: Java heap space", "app_heap_exhausted", 42));
    }

    @ParameterizedTest
    @MethodSource("pidLines")
    void an_application_server_names_the_worker(String message, String id, int pid) {
        assertThat(app(message)).isEqualTo(says(app(id, pid, message)));
    }

    @Test
    void a_request_in_an_application_log_is_ordinary() {
        assertThat(app("INFO orders: 10.85.0.11 \\\"GET /api/orders/4772 HTTP/1.0\\\" 502 -"))
                .isEqualTo(new Reading.Ordinary(""));
    }

    @Test
    void a_message_may_be_bytes_or_escaped_or_several_or_absent() {
        String text = "INFO: listening on [::]:80 \u00e9\u001b";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] values = new int[bytes.length];
        Arrays.setAll(values, i -> bytes[i] & 0xff);
        String head = "\"_PID\":\"42\",\"_SYSTEMD_UNIT\":\"orders.service\",\"MESSAGE\":";
        Reading expected = says(app("app_listening", 42, "[::]:80"));
        assertThat(read(head + Arrays.toString(values))).isEqualTo(expected);
        assertThat(read(head + "\"INFO: \\u006cistening on [::]:80 \\ud83d\\ude00\""))
                .isEqualTo(expected);
        assertThat(read(head + "[\"listening on [::]:80\",\"x\"]")).isEqualTo(expected);
        assertThat(read(head + "[" + Arrays.toString(values) + ",[1]]")).isEqualTo(expected);
        assertThat(read(head + "null")).isEqualTo(new Reading.Ordinary(""));
    }

    @Test
    void the_time_is_when_it_was_written() {
        String fields = "\"_PID\":\"1\",\"UNIT\":\"a.service\",\"MESSAGE_ID\":\"9d1aaa27d60140bd96365438aad20286\"";
        Reading reading = read(fields + ",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795356081000999\"");
        assertThat(((Reading.Says) reading).signal().at()).isEqualTo(1795356081000L);
    }

    @Test
    void a_change_of_the_firewall_shows_in_its_unit_and_in_what_an_operator_did() {
        assertThat(read("\"_PID\":\"1\",\"UNIT\":\"ufw.service\",\"MESSAGE_ID\":\"7b05ebc668384222baa8881179cfda54\""))
                .isEqualTo(says(new Signal.AppEvent("firewall_changed", AT, "ufw.service", -1, "unit_reloaded")));
        assertThat(read("\"_PID\":\"9\",\"_COMM\":\"sudo\",\"MESSAGE\":\"ada : TTY=pts/0 ; USER=root ;"
                        + " COMMAND=/usr/sbin/ufw deny 8081\""))
                .isEqualTo(says(new Signal.AppEvent("firewall_changed", AT, "", 9, "/usr/sbin/ufw deny 8081")));
    }
}
