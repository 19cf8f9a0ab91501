package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.HaproxyLine;
import dev.gatewatch.analyzer.grammar.HaproxyLine.ClientError;
import dev.gatewatch.analyzer.grammar.HaproxyLine.Exhausted;
import dev.gatewatch.analyzer.grammar.HaproxyLine.HealthCheck;
import dev.gatewatch.analyzer.grammar.HaproxyLine.Notice;
import dev.gatewatch.analyzer.grammar.HaproxyLine.ServerChange;
import dev.gatewatch.analyzer.grammar.HaproxyLine.Traffic;
import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.analyzer.grammar.Stamp;

/// What a line of HAProxy says.
final class HaproxySignals {
    private static final Reading ORDINARY = Reading.Ordinary.NOISE;
    private static final Reading CLIENT_TLS = new Reading.Ordinary("client_tls_noise");

    private HaproxySignals() {}

    static Reading read(LineContext context, HaproxyLine line) {
        return switch (line) {
            case Traffic traffic -> says(HaproxyTermination.request(traffic, ended(context, traffic)));
            case ServerChange change -> serverChange(at(context, change.when()), change);
            case HealthCheck check ->
                says(new Signal.ServerState(
                        check.failed() ? "health_check_failed" : "health_check_ok",
                        at(context, check.when()),
                        check.backend().brief(),
                        check.server().brief(),
                        check.reason().brief(),
                        check.info().brief()));
            case Exhausted backend ->
                says(new Signal.ServerState(
                        "backend_no_server",
                        at(context, backend.when()),
                        backend.backend().brief(),
                        "",
                        "",
                        ""));
            case ClientError error -> error.message().contains("SSL") ? CLIENT_TLS : ORDINARY;
            case Notice notice -> notice(at(context, notice.when()), notice.message());
        };
    }

    private static Reading serverChange(long at, ServerChange line) {
        String id = stateId(line.change());
        return id.isEmpty()
                ? ORDINARY
                : says(new Signal.ServerState(
                        id,
                        at,
                        line.backend().brief(),
                        line.server().brief(),
                        reason(line),
                        line.info().brief()));
    }

    /// Why, which stands in brackets where it is no health check: `is going DOWN for maintenance (DNS NX status)`.
    private static String reason(ServerChange line) {
        return line.reason().isEmpty()
                ? line.change().between("maintenance (", ")").brief()
                : line.reason().brief();
    }

    private static String stateId(Slice change) {
        if (change.startsWith("is going DOWN for maintenance")
                || change.startsWith("was DOWN and now enters maintenance")) {
            return "server_maint";
        }
        if (change.startsWith("enters drain") || change.startsWith("is stopping") || change.contains("/DRAIN")) {
            return "server_drain";
        }
        if (change.startsWith("is UP") || change.startsWith("administratively READY")) {
            return "server_up";
        }
        return change.startsWith("is DOWN") ? "server_down" : "";
    }

    private static Reading notice(long at, Slice message) {
        if (message.startsWith("Cannot bind to source address before connect() for backend ")) {
            return event("proxy_port_exhaustion", at, message.between(" backend ", ". Aborting"));
        }
        if (message.startsWith("Connect() failed for ")) {
            return connectFailure(at, message);
        }
        if (message.startsWith("Current worker ") || message.startsWith("Former worker ")) {
            return endsWell(message) ? ORDINARY : event("haproxy_process_crash", at, message);
        }
        if (message.startsWith("Reloading HAProxy") || message.startsWith("[haproxy.main()] Reloading")) {
            return event("haproxy_reload", at, message);
        }
        if (message.startsWith("New worker ") || (message.startsWith("Proxy ") && message.endsWith(" started."))) {
            return event("haproxy_started", at, message);
        }
        if (message.contains("reached process FD limit")) {
            return event("proxy_fd_exhaustion", at, message);
        }
        return addressChange(at, message.before(" "), message.after(message.indexOf(' ', 0) + 1));
    }

    /// By itself, or told to by its master, as at every stop of the service: 143 is SIGTERM, 130 SIGINT.
    private static boolean endsWell(Slice message) {
        int code = message.between(" exited with code ", " ").number();
        return code == 0 || code == 143 || code == 130;
    }

    /// `Connect() failed for backend ports: no free ports.`
    private static Reading connectFailure(long at, Slice message) {
        boolean ports = message.contains("no free ports") || message.contains("address already in use");
        boolean files = message.contains("file descriptor") || message.contains("server socket");
        Slice backend = message.between(" backend ", ":");
        if (ports) {
            return event("proxy_port_exhaustion", at, backend);
        }
        return files ? event("proxy_fd_exhaustion", at, backend) : ORDINARY;
    }

    /// `b/s: IP changed from '127.0.0.1' to …` or, up to 2.9, `b/s changed its IP from 127.0.0.1 to …`
    private static Reading addressChange(long at, Slice word, Slice detail) {
        Slice name = word.endsWith(":") ? word.sub(0, word.length() - 1) : word;
        int slash = name.indexOf('/', 0);
        boolean changed = detail.startsWith("IP changed from ") || detail.startsWith("changed its IP from ");
        if (slash < 0 || !changed) {
            return ORDINARY;
        }
        return says(new Signal.ServerState(
                "server_ip_changed",
                at,
                name.sub(0, slash).brief(),
                name.after(slash + 1).brief(),
                "",
                detail.brief()));
    }

    private static Reading event(String id, long at, Slice detail) {
        return says(new Signal.ProxyEvent(id, at, "haproxy", detail.brief()));
    }

    /// A date in the line is when the request began; one of a syslog daemon is when the line was written,
    /// as it is when a request ends.
    private static long ended(LineContext context, Traffic line) {
        return line.begun().equals(Stamp.NONE)
                ? at(context, line.logged())
                : at(context, line.begun()) + line.totalMillis();
    }

    private static Reading says(Signal signal) {
        return new Reading.Says(signal);
    }

    private static long at(LineContext context, Stamp when) {
        return when.millis(context.utcOffset(), context.readAt());
    }
}
