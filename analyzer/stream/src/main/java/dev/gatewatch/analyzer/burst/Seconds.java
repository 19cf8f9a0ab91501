package dev.gatewatch.analyzer.burst;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.gatewatch.analyzer.service.Askers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/// What was counted within each second of a few minutes, by proxy. A change copies the list of seconds and those
/// that it touches, and shares the others.
///
/// @param all those in which anything was counted, oldest first
/// @param lastLogged by proxy, number of the last second in which its access lines told of the service
@JsonSerialize(using = SecondsCodec.Writer.class)
@JsonDeserialize(using = SecondsCodec.Reader.class)
public record Seconds(List<Second> all, Map<String, Long> lastLogged) {
    static final Seconds NONE = new Seconds(List.of());

    /// So many proxies are told apart within a second.
    static final int MOST_PROXIES = 64;

    private static final String RELAY = " relay";

    public Seconds {
        all = List.copyOf(all);
        lastLogged = Map.copyOf(lastLogged);
    }

    Seconds(List<Second> all) {
        this(all, lastLogged(all));
    }

    private static Map<String, Long> lastLogged(List<Second> all) {
        Map<String, Long> last = new HashMap<>();
        for (Second second : all) {
            for (Proxy proxy : second.proxies) {
                if (proxy.counts.isAccessLogged()) {
                    last.put(proxy.name, second.number);
                }
            }
        }
        return last;
    }

    /// One second.
    ///
    /// @param number seconds since 1970
    /// @param proxies in the order of their names
    public record Second(long number, List<Proxy> proxies) {
        public Second {
            proxies = List.copyOf(proxies);
        }

        private Second with(Proxy proxy) {
            int at = place(proxy.name);
            List<Proxy> more = new ArrayList<>(proxies);
            if (at < 0) {
                more.add(-at - 1, proxy);
            } else {
                more.set(at, proxy);
            }
            return new Second(number, more);
        }

        /// The proxy, or that of all further ones if there are too many.
        private Proxy proxy(String name) {
            int at = place(name);
            if (at < 0 && proxies.size() >= MOST_PROXIES && !isOthers(name)) {
                return proxy(others(name));
            }
            return at < 0 ? new Proxy(name, Counts.NONE) : proxies.get(at);
        }

        /// The same name, as the object that is here if it is here: one for all seconds.
        private String nameOf(String name) {
            int at = place(name);
            return at < 0 ? name : proxies.get(at).name;
        }

        /// Where the proxy stands; if it is not there, minus the place where it would, less one.
        private int place(String name) {
            for (int i = 0; i < proxies.size(); i++) {
                int order = proxies.get(i).name.compareTo(name);
                if (order >= 0) {
                    return order == 0 ? i : -i - 1;
                }
            }
            return -proxies.size() - 1;
        }

        private Counts settled(Set<String> accessLogged) {
            Counts sum = Counts.NONE;
            for (Proxy proxy : proxies) {
                sum = sum.and(proxy.counts.settled(accessLogged.contains(proxy.name)));
            }
            return sum;
        }

        /// As those of [#settled].
        private Askers askers(Set<String> accessLogged) {
            List<Askers> all = new ArrayList<>(proxies.size());
            for (Proxy proxy : proxies) {
                Counts counts = proxy.counts;
                Askers askers = accessLogged.contains(proxy.name) ? counts.askers() : counts.triers();
                if (!askers.hashes().isEmpty()) {
                    all.add(askers);
                }
            }
            return all.isEmpty() ? Askers.NONE : Askers.sum(all);
        }

        /// As [Total#of] of [#settled], without adding up what nobody asks for.
        private Total total(Set<String> accessLogged) {
            long requests = 0;
            long failures = 0;
            for (Proxy proxy : proxies) {
                Counts counts = proxy.counts;
                boolean logged = accessLogged.contains(proxy.name);
                long tries = logged ? 0 : Counts.sum(counts.tries());
                requests += logged ? counts.requests() : tries;
                failures += logged ? counts.failures() : tries;
            }
            return new Total(number, requests, failures, 0);
        }
    }

    /// What one proxy said.
    ///
    /// @param name `kind@host`, and ` relay` behind it for what it passed on from another proxy; where there are
    ///     too many, `others` is the host
    public record Proxy(String name, Counts counts) {}

    /// Requests and failures within one second, over all proxies.
    ///
    /// @param fresh failures that did not repeat one of the same asker
    public record Total(long second, long requests, long failures, long fresh) {
        static Total of(long second, Counts settled, long fresh) {
            return new Total(second, settled.requests(), settled.failures(), fresh);
        }

        Total withFresh(long count) {
            return new Total(second, requests, failures, count);
        }
    }

    /// Name of a proxy.
    static String proxy(String kind, String host) {
        return kind + "@" + host;
    }

    /// Name for what a proxy passed on from another proxy.
    static String relay(String proxy) {
        return proxy + RELAY;
    }

    private static boolean isRelay(String proxy) {
        return proxy.endsWith(RELAY);
    }

    /// Name for all proxies of a kind of which there are too many.
    private static String others(String proxy) {
        String others = proxy(proxy.substring(0, proxy.indexOf('@')), "others");
        return isRelay(proxy) ? relay(others) : others;
    }

    private static boolean isOthers(String proxy) {
        return proxy.equals(others(proxy));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /// Number of the first second, the largest number if there is none.
    long first() {
        return all.isEmpty() ? Long.MAX_VALUE : all.getFirst().number;
    }

    /// Number of the last second, the smallest number if there is none.
    long last() {
        return all.isEmpty() ? Long.MIN_VALUE : all.getLast().number;
    }

    boolean contains(long number) {
        int place = place(all, number);
        return place < all.size() && all.get(place).number == number;
    }

    /// Those from one number on to before another one.
    List<Second> between(long from, long before) {
        int first = place(all, from);
        return all.subList(first, Math.max(first, place(all, before)));
    }

    /// Those from a number on.
    Seconds from(long number) {
        if (number <= first()) {
            return this;
        }
        Map<String, Long> logged = new HashMap<>(lastLogged);
        logged.values().removeIf(last -> last < number);
        return new Seconds(all.subList(place(all, number), all.size()), logged);
    }

    /// Where the first one stands that has this number or a higher one.
    private static int place(List<Second> all, long number) {
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean before = all.get(middle).number < number;
            low = before ? middle + 1 : low;
            high = before ? high : middle;
        }
        return low;
    }

    /// How many counts there are, of all seconds and proxies.
    public int size() {
        int size = 0;
        for (Second second : all) {
            size += second.proxies.size();
        }
        return size;
    }

    /// Changes of some seconds.
    static final class Edit {
        private final List<Second> all;
        private final Map<String, Long> lastLogged;

        Edit(Seconds before) {
            all = new ArrayList<>(before.all);
            lastLogged = new HashMap<>(before.lastLogged);
        }

        /// Changes what a proxy said within a second.
        ///
        /// @param change takes no requests away
        void change(long number, String proxy, UnaryOperator<Counts> change) {
            String name = all.isEmpty() ? proxy : all.getLast().nameOf(proxy);
            int place = place(all, number);
            if (place == all.size() || all.get(place).number != number) {
                all.add(place, new Second(number, List.of()));
            }
            Proxy before = all.get(place).proxy(name);
            Proxy after = new Proxy(before.name, change.apply(before.counts));
            all.set(place, all.get(place).with(after));
            if (after.counts.isAccessLogged()) {
                lastLogged.merge(after.name, number, Math::max);
            }
        }

        Seconds seconds() {
            return new Seconds(all, lastLogged);
        }
    }

    /// Whether any of some proxies served a request in the seconds from that of one moment to that of
    /// another, in milliseconds since 1970.
    ///
    /// @param which by kind and host; never asked for what is passed on from another proxy, nor for
    ///     proxies that are not told apart
    public boolean isServedBy(BiPredicate<String, String> which, long from, long to) {
        return between(Math.floorDiv(from, 1_000), Math.floorDiv(to, 1_000) + 1).stream()
                .flatMap(second -> second.proxies.stream())
                .filter(proxy -> proxy.counts.requests() > proxy.counts.failures())
                .map(Proxy::name)
                .filter(name -> !isRelay(name) && !isOthers(name))
                .anyMatch(name ->
                        which.test(name.substring(0, name.indexOf('@')), name.substring(name.indexOf('@') + 1)));
    }

    /// Whether the proxies are heard at which requests fail, and not just those that passed their answers on.
    boolean isHeard() {
        for (Second second : all) {
            for (Proxy proxy : second.proxies) {
                if (!isRelay(proxy.name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The proxies whose access lines about this service are at hand. What further proxies passed on are the
    /// same requests once more, and counts only where the proxy behind them is silent.
    Set<String> accessLogged() {
        Set<String> proxies = new HashSet<>(lastLogged.keySet());
        if (isHeard()) {
            proxies.removeIf(Seconds::isRelay);
        }
        return proxies;
    }

    /// What became of the requests of the seconds from one number on to before another one, over all proxies.
    List<Counts> settled(long from, long before, Set<String> accessLogged) {
        return between(from, before).stream()
                .map(second -> second.settled(accessLogged))
                .toList();
    }

    /// Whose requests failed in each of the seconds from one number on to before another one.
    List<Askers> askers(long from, long before, Set<String> accessLogged) {
        List<Askers> all = new ArrayList<>();
        for (Second second : between(from, before)) {
            all.add(second.askers(accessLogged));
        }
        return all;
    }

    /// How many requests there were and how many failed, over all proxies, in the seconds from that of `from` to
    /// that of `to` in which anything happened; times in milliseconds since 1970.
    public List<Total> totals(long from, long to) {
        Set<String> accessLogged = accessLogged();
        Repeats repeats = new Repeats();
        List<Total> totals = new ArrayList<>();
        for (Second second : between(Math.floorDiv(from, 1_000), Math.floorDiv(to, 1_000) + 1)) {
            Total total = second.total(accessLogged);
            totals.add(
                    total.failures() == 0
                            ? total
                            : total.withFresh(
                                    repeats.fresh(second.number, total.failures(), second.askers(accessLogged))));
        }
        return totals;
    }
}
