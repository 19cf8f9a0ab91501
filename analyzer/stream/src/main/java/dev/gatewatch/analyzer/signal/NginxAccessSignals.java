package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.NginxAccess;
import dev.gatewatch.analyzer.grammar.NginxAccessGrammar;
import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.analyzer.grammar.Stamp;
import dev.gatewatch.analyzer.grammar.TryList;
import dev.gatewatch.analyzer.signal.Signal.Outcome;
import java.util.Set;

/// How a request through NGINX ended. An answer is the server's own if its header came
/// (`$upstream_header_time`), else NGINX made it.
final class NginxAccessSignals {
    private static final int HTTP_09 = 9;

    /// What NGINX answers to requests that it cannot read, and applications seldom: without a field
    /// that tells the server, such a line does not say that one serves.
    private static final Set<Integer> OFTEN_ITS_OWN = Set.of(400, 408, 414);

    private NginxAccessSignals() {}

    static Reading read(LineContext context, NginxAccess line) {
        int status = line.status();
        if (status == 499) {
            return says(
                    context,
                    line,
                    "client_abort",
                    Outcome.ASIDE,
                    line.addresses().size());
        }
        if ((status >= 494 && status <= 497) || (!line.tellsUpstream() && OFTEN_ITS_OWN.contains(status))) {
            return says(
                    context,
                    line,
                    "client_bad_request",
                    Outcome.ASIDE,
                    line.addresses().size());
        }
        if (isGatewayStatus(status)) {
            return failure(context, line);
        }
        if (status == HTTP_09) {
            return says(
                    context,
                    line,
                    "status_5xx",
                    Outcome.FAILED,
                    line.addresses().size());
        }
        if (hasFailedTry(line)) {
            return says(
                    context, line, "masked", Outcome.MASKED, line.addresses().size());
        }
        if (line.tellsUpstream()
                && !line.addresses().tellsAny()
                && !line.statuses().tellsAny()) {
            return says(context, line, "local_response", Outcome.ASIDE, 0);
        }
        String id = status >= 500 ? "server_error" : "status_ok";
        return says(context, line, id, Outcome.SERVED, line.addresses().size());
    }

    private static Reading failure(LineContext context, NginxAccess line) {
        if (!line.tellsUpstream()) {
            return says(context, line, "status_5xx", Outcome.FAILED, 0);
        }
        if (!line.addresses().tellsAny() && !line.statuses().tellsAny()) {
            if (line.status() == 503 && !line.upstreamName().isEmpty()) { // ingress-nginx knows no endpoint
                return says(context, line, "no_server", Outcome.FAILED, 0);
            }
            boolean refused = line.status() == 503; // limit_req, limit_conn, return 503
            return says(context, line, refused ? "limit" : "status_5xx", refused ? Outcome.ASIDE : Outcome.FAILED, 0);
        }
        int end = endOfFailedGroup(line.statuses());
        if (end < 0) {
            boolean unknown = !line.statuses().tellsAny();
            return says(
                    context,
                    line,
                    unknown ? "status_5xx" : "local_response",
                    unknown ? Outcome.FAILED : Outcome.ASIDE,
                    line.addresses().size());
        }
        boolean answered = isAnswered(line, end - 1);
        return says(
                context,
                line,
                answered ? "pass_through" : "status_5xx",
                answered ? Outcome.PASSED_THROUGH : Outcome.FAILED,
                end);
    }

    /// Whether the answer is the server's own. Without the time of its header, its body tells.
    private static boolean isAnswered(NginxAccess line, int attempt) {
        return line.headerTimes().size() > 0
                ? line.headerTimes().tells(attempt)
                : line.responseLengths().item(attempt).bigNumber() > 0;
    }

    /// The end of the last group of tries that ended in a gateway status, -1 if none did.
    private static int endOfFailedGroup(TryList statuses) {
        int failed = -1;
        for (int end : statuses.groupEnds()) {
            if (isGatewayStatus(statuses.item(end - 1).number())) {
                failed = end;
            }
        }
        return failed;
    }

    private static boolean hasFailedTry(NginxAccess line) {
        for (int i = 0; i < line.statuses().size(); i++) {
            if (isGatewayStatus(line.statuses().item(i).number())) {
                return true;
            }
        }
        return false;
    }

    /// @param tries how many of the tries to look at; the last of these is the server
    private static Reading says(LineContext context, NginxAccess line, String id, Outcome outcome, int tries) {
        Slice server = Slice.EMPTY;
        Slice upstream = id.equals("no_server") ? line.upstreamName() : Slice.EMPTY;
        for (int i = 0; i < tries; i++) {
            Slice tried = line.addresses().item(i);
            if (isAddress(tried)) {
                server = tried;
            } else if (line.addresses().tells(i)) {
                upstream = tried;
            }
        }
        long at = line.millis() >= Stamp.EARLIEST
                ? line.millis()
                : line.when().millis(context.utcOffset(), context.readAt());
        return new Reading.Says(new Signal.Request(
                id,
                "nginx",
                at,
                outcome,
                upstream.brief(),
                server.brief(),
                line.status(),
                line.path().brief(),
                line.client().brief(),
                line.totalMillis(),
                NginxAccessGrammar.millis(line.connectTimes().item(tries - 1)),
                Math.max(0, tries - 1),
                ""));
    }

    /// An address ends in a port or is a socket; what else stands there is the name of an `upstream` block.
    private static boolean isAddress(Slice tried) {
        if (tried.startsWith("unix:") || tried.startsWith("[")) {
            return true;
        }
        int colon = tried.indexOf(':', 0);
        return tried.digitsAt(0) > 0 && colon > 0 && tried.digitsAt(colon + 1) == tried.length() - colon - 1;
    }

    private static boolean isGatewayStatus(int status) {
        return status >= 502 && status <= 504;
    }
}
