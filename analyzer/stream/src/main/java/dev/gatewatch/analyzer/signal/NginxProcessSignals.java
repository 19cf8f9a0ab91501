package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.NginxError;
import dev.gatewatch.analyzer.grammar.Slice;
import org.jspecify.annotations.Nullable;

/// What a line of NGINX's error log says about NGINX itself.
final class NginxProcessSignals {
    private static final int OUT_OF_FILES = 24;
    private static final int OUT_OF_FILES_SYSTEM = 23;
    private static final int ADDRESS_IN_USE = 98;
    private static final String NOT_ENOUGH = "worker_connections are not enough";

    private NginxProcessSignals() {}

    /// The event, null if the line is not about the process, or about what its limits did to a try.
    static @Nullable Reading read(long at, NginxError line) {
        String limit = limit(line);
        String id = limit.isEmpty() ? id(line) : limit;
        boolean ofTry = !limit.isEmpty() && !line.upstream().isEmpty();
        return id.isEmpty() || ofTry
                ? null
                : new Reading.Says(
                        new Signal.ProxyEvent(id, at, "nginx", line.message().brief()));
    }

    /// The limit of the process that the line tells of, empty if it tells of none.
    static String limit(NginxError line) {
        Slice message = line.message();
        if (message.after(message.digitsAt(0)).trimmed().startsWith(NOT_ENOUGH)) {
            return message.contains("reusing connections") ? "connections_reused" : "worker_connections";
        }
        boolean outOfFiles = line.errno() == OUT_OF_FILES || line.errno() == OUT_OF_FILES_SYSTEM;
        if (outOfFiles && (message.startsWith("socket() failed") || message.startsWith("accept"))) {
            return "proxy_fd_exhaustion";
        }
        return "";
    }

    private static String id(NginxError line) {
        Slice message = line.message();
        if (message.startsWith("bind(")) {
            return line.errno() == ADDRESS_IN_USE ? "proxy_bind_in_use" : "proxy_bind_failed";
        }
        if (line.client().isEmpty() && message.contains(" process ") && message.contains(" exited on signal ")) {
            int signal = message.between(" exited on signal ", " ").number();
            return signal == 15 || signal == 3 ? "" : "nginx_process_crash";
        }
        boolean reload = message.startsWith("signal process started")
                || message.startsWith("reconfiguring")
                || message.startsWith("gracefully shutting down")
                || message.startsWith("start worker process ");
        return reload ? "nginx_reload" : "";
    }
}
