package dev.gatewatch.analyzer.grammar;

import dev.gatewatch.analyzer.grammar.HaproxyLine.Traffic;
import java.util.Map;

/// The values that a line of HAProxy has for the variables of its format.
record HaproxyValues(Map<HaproxyVariable, Slice> found) {

    Slice value(HaproxyVariable variable) {
        return found.getOrDefault(variable, Slice.EMPTY);
    }

    /// Whether these are the same values, as far as they are looked at.
    boolean same(HaproxyValues other) {
        for (HaproxyVariable variable : HaproxyVariable.values()) {
            if (variable.isUsed() && !value(variable).sameBytes(other.value(variable))) {
                return false;
            }
        }
        return true;
    }

    /// @param logged when a syslog daemon says that the line was written
    Traffic traffic(Stamp logged) {
        Stamp begun = begun();
        Slice frontend = first(HaproxyVariable.FRONTEND_TLS, HaproxyVariable.FRONTEND);
        Slice request = value(HaproxyVariable.REQUEST);
        Slice path = first(HaproxyVariable.PATH_ONLY, HaproxyVariable.PATH, HaproxyVariable.URI);
        Slice retries = value(HaproxyVariable.RETRIES);
        Slice requestTime = first(HaproxyVariable.REQUEST_TIME, HaproxyVariable.REQUEST_IDLE_AND_ALL);
        return new Traffic(
                begun,
                logged,
                value(HaproxyVariable.CLIENT),
                frontend.endsWith("~") ? frontend.sub(0, frontend.length() - 1) : frontend,
                value(HaproxyVariable.BACKEND),
                value(HaproxyVariable.SERVER),
                requestTime.isEmpty() ? 0 : number(requestTime),
                number(value(HaproxyVariable.QUEUE_TIME)),
                number(value(HaproxyVariable.CONNECT_TIME)),
                number(value(HaproxyVariable.RESPONSE_TIME)),
                Math.max(0, total(isAccepted())),
                number(value(HaproxyVariable.STATUS)),
                first(HaproxyVariable.STATE_AND_COOKIE, HaproxyVariable.STATE),
                number(retries.startsWith("+") ? retries.after(1) : retries),
                retries.startsWith("+"),
                request.isEmpty() ? RequestLine.pathOf(path) : RequestLine.path(request),
                request.startsWith("<BADREQ>") || path.startsWith("<BADREQ>"));
    }

    private Stamp begun() {
        Slice date = first(HaproxyVariable.BEGUN, HaproxyVariable.BEGUN_GMT, HaproxyVariable.BEGUN_LOCAL);
        if (!date.isEmpty()) {
            return Stamp.common(date.cursor());
        }
        Slice accepted = first(HaproxyVariable.ACCEPTED, HaproxyVariable.ACCEPTED_GMT, HaproxyVariable.ACCEPTED_LOCAL);
        Slice seconds = value(HaproxyVariable.ACCEPTED_SECONDS);
        Stamp whole = !accepted.isEmpty() ? Stamp.common(accepted.cursor()) : Stamp.ofEpochSecond(seconds.bigNumber());
        return value(HaproxyVariable.ACCEPTED).isEmpty()
                ? whole.plusMillis(Math.max(0, number(value(HaproxyVariable.ACCEPTED_MILLIS))))
                : whole;
    }

    private boolean isAccepted() {
        return first(HaproxyVariable.BEGUN, HaproxyVariable.BEGUN_GMT, HaproxyVariable.BEGUN_LOCAL)
                .isEmpty();
    }

    /// From accepting a connection to its end, or from a request's first byte.
    private int total(boolean sinceAccepted) {
        return number(
                sinceAccepted
                        ? first(HaproxyVariable.TOTAL_TIME, HaproxyVariable.USER_TIME, HaproxyVariable.ACTIVE_TIME)
                        : first(HaproxyVariable.ACTIVE_TIME, HaproxyVariable.USER_TIME, HaproxyVariable.TOTAL_TIME));
    }

    private Slice first(HaproxyVariable... variables) {
        for (HaproxyVariable variable : variables) {
            if (!value(variable).isEmpty()) {
                return value(variable);
            }
        }
        return Slice.EMPTY;
    }

    /// The number, -1 if the line has none.
    private static int number(Slice text) {
        return text.startsWith("+") ? text.after(1).number() : text.number();
    }
}
