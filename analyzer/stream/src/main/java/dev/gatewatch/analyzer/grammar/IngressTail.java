package dev.gatewatch.analyzer.grammar;

import dev.gatewatch.analyzer.grammar.AccessFormat.Field;
import java.util.Map;

/// What ingress-nginx writes behind the user agent. Its lists of tries are not quoted, so they are believed
/// only if all of them are as long.
///
/// ```
/// 756 0.284 [default-orders-80] [] 10.0.0.1:80, 10.0.0.2:80 0, 1990 5.000, 0.284 504, 200
/// fe6be479c010011d63bfc5779e575e71
/// ```
/// Up to 0.20 the second name in brackets is missing.
///
/// See [log format](https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/).
final class IngressTail {
    private static final int REQUEST_ID = 32;

    private IngressTail() {}

    /// Takes it if it is there.
    static boolean take(Cursor line, Map<Field, Slice> values) {
        Cursor ahead = line.remaining().cursor();
        Slice length = ahead.word();
        Slice seconds = ahead.word();
        boolean numbers = length.digitsAt(0) == length.length() && !length.isEmpty() && Seconds.millis(seconds) >= 0;
        if (!numbers || !ahead.take('[')) {
            return false;
        }
        Slice name = ahead.until(']');
        ahead.skip(" ");
        if (ahead.take('[')) {
            ahead.until(']');
            ahead.skip(" ");
        }
        Slice addresses = list(ahead);
        Slice lengths = list(ahead);
        Slice times = list(ahead);
        Slice statuses = list(ahead);
        Slice id = ahead.word();
        int tries = TryList.of(addresses).size();
        boolean even = TryList.of(lengths).size() == tries
                && TryList.of(times).size() == tries
                && TryList.of(statuses).size() == tries;
        if (ahead.malformed() || !even || id.length() != REQUEST_ID || !areStatuses(TryList.of(statuses))) {
            return false;
        }
        values.put(Field.REQUEST_TIME, seconds);
        values.put(Field.PROXY_UPSTREAM_NAME, name);
        values.put(Field.UPSTREAM_ADDR, addresses);
        values.put(Field.UPSTREAM_RESPONSE_LENGTH, lengths);
        values.put(Field.UPSTREAM_RESPONSE_TIME, times);
        values.put(Field.UPSTREAM_STATUS, statuses);
        line.moveTo(line.column() + ahead.column());
        return true;
    }

    private static Slice list(Cursor line) {
        Slice list = TryList.take(line);
        line.take(' ');
        return list;
    }

    private static boolean areStatuses(TryList statuses) {
        return statuses.items().stream()
                .allMatch(item -> item.is("-") || (item.length() == 3 && item.digitsAt(0) == 3));
    }
}
