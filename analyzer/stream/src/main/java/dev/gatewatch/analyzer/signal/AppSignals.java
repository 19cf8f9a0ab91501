package dev.gatewatch.analyzer.signal;

import static java.util.Map.entry;

import dev.gatewatch.analyzer.grammar.Needles;
import dev.gatewatch.analyzer.grammar.Slice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an application or its server says, by the few sentences that are known to mean something. An
/// application's text is its own word and never the kernel's or systemd's.
final class AppSignals {
    private static final Reading ORDINARY = Reading.Ordinary.UNNAMED;

    /// Only the beginning of a message is looked at.
    private static final int LONGEST = 4096;

    /// What to look for. Of two that begin at the same place the first wins.
    private static final Needles<String> SENTENCES = new Needles<>(ordered(List.of(
            // gunicorn
            entry("WORKER TIMEOUT (pid:", "app_worker_timeout"),
            entry("was sent SIGTERM!", "app_worker_exit_normal"),
            entry("was sent SIGINT!", "app_worker_exit_normal"),
            entry("was sent SIGQUIT!", "app_worker_exit_normal"),
            entry("was sent SIG", "app_worker_killed"),
            entry("Worker exiting (pid: ", "app_worker_exit_normal"),
            entry("was terminated due to signal ", "app_worker_killed"),
            entry("Booting worker with pid: ", "app_worker_boot"),
            entry("Connection in use: (", "app_bind_in_use"),
            entry("Can't connect to ('", "app_bind_in_use"),
            entry("Listening at: ", "app_listening"),
            entry("Handling signal: term", "app_stopping"),
            entry("Autorestarting worker after current request", "app_worker_recycle"),
            // uvicorn, node, Go and others
            entry("ddress already in use", "app_bind_in_use"),
            entry("EADDRINUSE", "app_bind_in_use"),
            entry("unning on http", "app_listening"),
            entry("istening on ", "app_listening"),
            entry("istening at ", "app_listening"),
            entry("istening to ", "app_listening"),
            entry("Finished server process [", "app_stopping"),
            entry("Shutting down", "app_stopping"),
            entry(", shutting down", "app_stopping"),
            entry("http: Server closed", "app_stopping"),
            entry("connect ECONNREFUSED ", "app_dependency_refused"),
            entry("JavaScript heap out of memory", "app_heap_exhausted"),
            entry("Reached heap limit", "app_heap_exhausted"),
            entry("Ineffective mark-compacts near heap limit", "app_heap_exhausted"),
            entry("fatal error: all goroutines are asleep", "app_crash"),
            entry("fatal error: concurrent map ", "app_crash"),
            entry("fatal error: runtime: out of memory", "app_heap_exhausted"),
            entry("[signal SIGSEGV: segmentation violation", "app_crash"),
            entry("Traceback (most recent call last):", "app_exception"),
            entry("Too many open files", "app_fd_exhausted"),
            // PHP
            entry("server reached pm.max_children setting", "app_pool_exhausted"),
            entry("seems busy (you may need to increase", "app_pool_exhausted"),
            entry("exited on signal ", "app_worker_killed"),
            entry("exited with code 0 after ", "app_worker_exit_normal"),
            entry("execution timed out (", "app_request_timeout"),
            entry("ready to handle connections", "app_started"),
            entry("NOTICE: Terminating ...", "app_stopping"),
            entry("Allowed memory size of ", "app_memory_limit"),
            // Java
            entry("java.lang.OutOfMemoryError", "app_heap_exhausted"),
            entry("A fatal error has been detected by the Java Runtime Environment", "app_crash"),
            entry("#  SIGSEGV (0x", "app_memory_fault"),
            entry("#  SIGBUS (0x", "app_memory_fault"),
            entry("#  SIGILL (0x", "app_memory_fault"),
            entry("#  SIGFPE (0x", "app_memory_fault"),
            entry("was already in use", "app_bind_in_use"),
            entry("Tomcat started on port", "app_listening"),
            entry("Starting ProtocolHandler [\"http", "app_listening"),
            entry("are currently busy, waiting", "app_pool_exhausted"),
            // pools of connections to a database: HikariCP, DBCP, SQLAlchemy, psycopg, Active Record, Knex, ADO.NET
            entry("Connection is not available, request timed out after ", "app_dependency_pool"),
            entry("Cannot get a connection, pool error", "app_dependency_pool"),
            entry("QueuePool limit of size ", "app_dependency_pool"),
            entry("couldn't get a connection after ", "app_dependency_pool"),
            entry("could not obtain a connection from the pool within ", "app_dependency_pool"),
            entry("Knex: Timeout acquiring a connection.", "app_dependency_pool"),
            entry("prior to obtaining a connection from the pool", "app_dependency_pool"),
            // puma, unicorn
            entry("Terminating timed out worker", "app_worker_timeout"),
            entry("s), killing", "app_worker_timeout"),
            entry("reaped #<Process::Status: pid ", "app_worker_killed"),
            entry(") booted", "app_worker_boot"),
            entry("Out-of-sync worker list", "app_worker_killed"),
            // uwsgi
            entry("*** uWSGI listen queue of socket ", "app_pool_exhausted"),
            entry("bound to TCP address ", "app_listening"),
            entry("HARAKIRI ON WORKER ", "app_worker_timeout"),
            entry("died, killed by signal ", "app_worker_killed"),
            entry("invalid request block size: ", "protocol_mismatch"),
            entry("SIGPIPE: writing to a closed pipe", "client_abort"),
            entry("Gracefully killing worker ", "app_stopping"),
            entry("SIGINT/SIGTERM received...killing workers", "app_stopping"),
            entry("goodbye to uWSGI", "app_stopping"),
            entry("spawned uWSGI worker ", "app_worker_boot"),
            entry("Respawned uWSGI worker ", "app_worker_boot"),
            // Apache
            entry("AH00161: ", "app_pool_exhausted"),
            entry("AH00484: ", "app_pool_exhausted"),
            entry("AH00052: child pid ", "app_crash"),
            entry("AH01075: ", "httpd_proxy_timeout"),
            entry("AH00957: ", "httpd_proxy_connect"),
            entry("AH01114: ", "httpd_proxy_connect"),
            entry("AH01102: ", "httpd_proxy_closed"),
            entry("AH00163: ", "app_started"),
            // TLS, in the words of OpenSSL as Python, Node and others print them
            entry("ALERT_CERTIFICATE_EXPIRED", "app_tls_certificate_expired"),
            entry("alert certificate expired", "app_tls_certificate_expired"),
            entry("ALERT_UNKNOWN_CA", "app_tls_unknown_ca"),
            entry("alert unknown ca", "app_tls_unknown_ca"),
            entry("ALERT_BAD_CERTIFICATE", "app_tls_bad_certificate"),
            entry("alert bad certificate", "app_tls_bad_certificate"),
            entry("ALERT_INTERNAL_ERROR", "app_tls_internal_error"),
            entry("alert internal error", "app_tls_internal_error"),
            entry("SSL: HTTP_REQUEST", "app_tls_http_request"),
            entry("ERR_SSL_HTTP_REQUEST", "app_tls_http_request"),
            entry(":http request", "app_tls_http_request"),
            entry("NO_PROTOCOLS_AVAILABLE", "app_tls_protocol"),
            entry("UNSUPPORTED_PROTOCOL", "app_tls_protocol"),
            entry("unsupported protocol", "app_tls_protocol"),
            entry("ALERT_PROTOCOL_VERSION", "app_tls_protocol"),
            entry("alert protocol version", "app_tls_protocol"),
            entry("NO_SHARED_CIPHER", "app_tls_protocol"),
            entry("no shared cipher", "app_tls_protocol"),
            entry("PEER_DID_NOT_RETURN_A_CERTIFICATE", "app_tls_no_client_certificate"),
            entry("peer did not return a certificate", "app_tls_no_client_certificate"),
            entry("Bad HTTP/0.9 request type (", "app_http_got_tls"),
            entry("Bad request version (", "app_http_got_tls"),
            entry("Invalid HTTP request received", "app_http_got_tls"))));

    private AppSignals() {}

    private static Map<String, String> ordered(List<Map.Entry<String, String>> sentences) {
        Map<String, String> map = new LinkedHashMap<>();
        sentences.forEach(sentence -> map.put(sentence.getKey(), sentence.getValue()));
        return map;
    }

    static Reading read(long at, String unit, int pid, Slice message) {
        Slice text = message.sub(0, LONGEST);
        if (text.startsWith("panic: ")) {
            return new Reading.Says(new Signal.AppEvent(
                    "app_crash", at, unit, pid, text.before("\n").brief()));
        }
        Needles.Found<String> found = SENTENCES.find(text, 0);
        while (found != null) {
            Signal signal = signal(at, unit, pid, text, found);
            if (signal != null) {
                return new Reading.Says(signal);
            }
            found = SENTENCES.find(text, found.end());
        }
        return ORDINARY;
    }

    private static @Nullable Signal signal(long at, String unit, int pid, Slice text, Needles.Found<String> found) {
        Slice rest = text.after(found.end());
        return switch (found.value()) {
            case "app_listening" -> {
                if (text.sub(0, found.at()).endsWith("ontrol socket l")) {
                    yield null; // gunicorn's own
                }
                String address = ListeningAddress.in(text.after(found.at()), rest);
                yield address.isEmpty() ? null : new Signal.AppEvent("app_listening", at, unit, pid, address);
            }
            case "app_worker_killed" ->
                new Signal.AppEvent(
                        endOfWorker(rest),
                        at,
                        unit,
                        named(text, found, pid),
                        text.before("\n").brief());
            case "protocol_mismatch" ->
                new Signal.AppEvent(
                        isText(rest.number()) ? "protocol_mismatch" : "app_request_too_big",
                        at,
                        unit,
                        pid,
                        text.before("\n").brief());
            case "app_bind_in_use" ->
                new Signal.AppEvent(
                        "app_bind_in_use", at, unit, pid, text.before("\n").brief());
            default ->
                new Signal.AppEvent(
                        found.value(),
                        at,
                        unit,
                        named(text, found, pid),
                        text.before("\n").brief());
        };
    }

    /// Whether a size that uwsgi read from a request's second and third byte, the lower one first, is two letters
    /// of a method: `ET` of `GET`, `OS` of `POST`. Else it is the size of a request in its own protocol.
    private static boolean isText(int size) {
        return isCapital(size & 0xff) && isCapital(size >> 8);
    }

    private static boolean isCapital(int letter) {
        return letter >= 'A' && letter <= 'Z';
    }

    /// By what follows: `11 (SIGSEGV) after…`, `SEGV!`, `4711 SIGKILL (signal 9)> worker=0` or `4711 exit
    /// 0>`.
    private static String endOfWorker(Slice rest) {
        Slice near = rest.sub(0, 60);
        boolean eleven = rest.startsWith("11") && rest.digitsAt(0) == 2;
        if (eleven || rest.startsWith("SEGV") || near.contains("SIGSEGV")) {
            return "app_worker_segv";
        }
        return near.contains(" exit 0>") ? "app_worker_exit_normal" : "app_worker_killed";
    }

    /// The process that the sentence names, else the one that wrote it.
    private static int named(Slice text, Needles.Found<String> found, int writer) {
        Slice after = text.after(found.end());
        Slice before = text.sub(0, found.at());
        int pid = switch (found.value()) {
            case "app_worker_boot" -> bootedPid(before, after);
            case "app_worker_timeout",
                    "app_worker_killed",
                    "app_crash",
                    "app_memory_fault",
                    "app_worker_exit_normal",
                    "app_request_timeout" -> firstPid(text, before, after);
            default -> -1;
        };
        return pid < 0 ? writer : pid;
    }

    /// `Booting worker with pid: 7`, `- Worker 0 (PID: 7) booted`, `spawned uWSGI worker 1 (pid: 7, cores:
    /// 1)`
    private static int bootedPid(Slice before, Slice after) {
        if (before.endsWith(")") || after.startsWith("in ") || before.contains("(PID: ")) {
            return before.between("(PID: ", ")").number();
        }
        int pid = after.between("pid: ", ",").before(")").number();
        return pid < 0 ? after.number() : pid;
    }

    private static int firstPid(Slice text, Slice before, Slice after) {
        int digits = after.digitsAt(0);
        if (before.endsWith("(pid:")
                || before.endsWith("pid ")
                || text.hasAt(before.length(), "WORKER TIMEOUT (pid:")) {
            return after.number();
        }
        if (text.hasAt(before.length(), "reaped #<") || text.hasAt(before.length(), "AH00052")) {
            return digits > 0 ? after.number() : -1;
        }
        if (text.hasAt(before.length(), "Terminating timed out worker")) {
            return text.after(text.lastIndexOf(": ") + 2).number();
        }
        return pidAmong(text);
    }

    /// `(pid:4711)`, `(pid: 4711, …`, `pid 4711`, `PID:4711`, `child 4711`
    private static int pidAmong(Slice text) {
        for (String label : List.of("(pid:", "(pid: ", "with pid ", "PID:", "child ", ", pid=")) {
            int pid = text.between(label, "\n").trimmed().number();
            if (pid >= 0) {
                return pid;
            }
        }
        return -1;
    }
}
