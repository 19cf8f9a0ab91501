package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.Burst;
import dev.gatewatch.analyzer.burst.FailedTry;
import dev.gatewatch.analyzer.burst.Seen;
import dev.gatewatch.analyzer.burst.ServiceState;
import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.host.Hosts;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.wire.HostFacts;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A burst and all that is known around it: what the proxies said, which servers failed, what happened on
/// their hosts.
///
/// Times are milliseconds since 1970. Events are looked at from two minutes before trouble began to fifteen
/// seconds after the last failure; what ends a server long after trouble began is hardly its cause ([#judgedByTime]).
public final class Scene {
    private static final long BEFORE_MILLIS = 120_000;
    static final long AFTER_MILLIS = 15_000;

    /// How long requests may fail, since all is slow, before a process is ended for memory, in milliseconds.
    static final long SLOW_BEFORE_MILLIS = 60_000;

    /// How long after the beginning of trouble all of its evidence is still known: a host's events and former
    /// listeners are kept for a quarter of an hour.
    public static final long REMEMBERED_MILLIS = 15 * 60_000 - BEFORE_MILLIS;

    /// How far what two hosts say of the same moment may lie apart: two clocks that are wrong by up to three
    /// seconds each, and a stamp of whole seconds. So late a stop may be logged after its effect, too.
    static final long SKEW_MILLIS = 7_000;

    /// Many lines carry whole seconds only, so what stands in the same second has no order; in milliseconds.
    static final long STAMP_MILLIS = 1_000;

    /// How long before the last failure a server may have come back, in milliseconds.
    private static final long RECOVERY_MILLIS = 3_000;

    private final ServiceState state;
    private final Burst burst;
    private final Hosts hosts;
    private final List<Seen> seen;
    private final Tries tries;
    private final List<Backend> backends;
    private final long troubleAt;

    /// A proxy that answered with errors.
    public record Proxy(String host, String kind) {}

    public Scene(ServiceState state, Burst burst, Hosts hosts) {
        this.state = state;
        this.burst = burst;
        this.hosts = hosts;
        this.seen = state.seen().stream()
                .filter(s -> s.sighting().lastAt() >= burst.startedAt() - BEFORE_MILLIS)
                .toList();
        this.tries = Tries.since(burst.startedAt() - SKEW_MILLIS, seen);
        this.troubleAt = seen.stream()
                .filter(s -> tellsOfFailure(s) && s.sighting().lastAt() >= burst.startedAt() - SKEW_MILLIS)
                .mapToLong(s -> begin(s.sighting()))
                .filter(at -> at >= burst.startedAt() - BEFORE_MILLIS)
                .min()
                .orElse(burst.startedAt());
        this.backends = new FailingServers(this).of(state.endpoints());
    }

    /// When the request began whose failure a signal tells of.
    private static long begin(Sighting first) {
        return first.signal() instanceof Signal.Request request
                ? first.firstAt() - Math.max(0, request.totalMillis())
                : first.firstAt();
    }

    private static boolean tellsOfFailure(Seen seen) {
        return switch (seen.sighting().signal()) {
            case Signal.Request request ->
                request.outcome() == Signal.Outcome.FAILED || request.outcome() == Signal.Outcome.PASSED_THROUGH;
            case Signal.Trouble trouble -> FailedTry.isOne(trouble);
            default -> false;
        };
    }

    /// The burst itself.
    public Burst burst() {
        return burst;
    }

    /// When the first failed request began: a timeout fails long after its cause.
    public long troubleAt() {
        return troubleAt;
    }

    /// Until when what was seen of a host was trouble: what comes later may be the recovery.
    long lastFailureOfTrouble() {
        return burst.lastFailureAt() - RECOVERY_MILLIS;
    }

    /// In which state its runtime said that a container was while requests failed, `exited (137)`; empty if it was not
    /// asked.
    public Optional<String> containerState(Workload workload) {
        return ContainerLife.of(this, workload)
                .during()
                .map(FactsHistory.ContainerSighting::state)
                .map(s -> s.state() + (s.state().equals("exited") ? " (" + s.exitCode() + ")" : ""));
    }

    /// The servers that failed, worst first; empty if no line names one.
    public List<Backend> backends() {
        return backends;
    }

    /// The names of the upstreams that failed.
    Set<String> upstreams() {
        return backends.stream().map(b -> b.endpoint().upstream()).collect(Collectors.toSet());
    }

    /// The server that failed most.
    public Optional<Backend> worst() {
        return backends.stream().findFirst();
    }

    /// The first finding that a server gives, the worst server first.
    Optional<Finding> firstOf(Function<Backend, Optional<Finding>> examination) {
        return backends.stream()
                .flatMap(backend -> examination.apply(backend).stream())
                .findFirst();
    }

    /// The same for the servers whose unit is known.
    Optional<Finding> firstOfUnits(BiFunction<Backend, UnitLife, Optional<Finding>> examination) {
        return firstOf(backend ->
                backend.unit() == null ? Optional.empty() : examination.apply(backend, UnitLife.of(this, backend)));
    }

    /// The proxies at which requests failed, or, where they are silent, those that passed the errors on.
    public List<Proxy> proxies() {
        List<Proxy> own = proxies(Scene::tellsOfFailure);
        return own.isEmpty() ? proxies(Scene::isRelayed) : own;
    }

    /// Whether only proxies in front of the one at which requests failed tell of it.
    boolean isToldByRelaysOnly() {
        return !proxies().isEmpty() && proxies(Scene::tellsOfFailure).isEmpty();
    }

    /// Whether all servers that failed are proxies whose lines are shipped: what they answered with an error
    /// is told there.
    public boolean isBehindProxies() {
        return !backends.isEmpty() && backends.stream().allMatch(Backend::isGateway);
    }

    /// The proxies in front of those at which requests failed: they passed the errors on.
    public List<Proxy> relays() {
        List<Proxy> own = proxies();
        return proxies(Scene::isRelayed).stream().filter(p -> !own.contains(p)).toList();
    }

    private List<Proxy> proxies(Predicate<Seen> which) {
        return seen.stream()
                .filter(s -> which.test(s) && s.sighting().lastAt() >= burst.startedAt() - SKEW_MILLIS)
                .map(s -> new Proxy(s.host(), s.kind()))
                .distinct()
                .sorted(Comparator.comparing(Proxy::host).thenComparing(Proxy::kind))
                .toList();
    }

    private static boolean isRelayed(Seen seen) {
        return seen.sighting().signal() instanceof Signal.Request request
                && request.outcome() == Signal.Outcome.RELAYED;
    }

    /// The hosts.
    public Hosts hosts() {
        return hosts;
    }

    /// The kinds of lines that the proxies wrote about the service.
    public List<Seen> seen() {
        return seen;
    }

    /// What happened on a host in the time in question, oldest first.
    public Stream<HostEvent> events(HostView host) {
        return host.events(troubleAt - BEFORE_MILLIS, burst.lastFailureAt() + AFTER_MILLIS);
    }

    /// What happened to the unit behind a server in the time in question, oldest first.
    public Stream<HostEvent> unitEvents(Backend backend) {
        return backend.host() == null ? Stream.empty() : events(backend.host()).filter(backend::owns);
    }

    /// What happened on the proxies' hosts in the time in question.
    public Stream<Finding.Proof> proxyEvents(Predicate<HostEvent> which) {
        return proxies().stream()
                .map(Proxy::host)
                .distinct()
                .flatMap(name -> hosts.byName(name).stream())
                .flatMap(host -> events(host).filter(which).map(event -> new Finding.Proof(host.name(), event)));
    }

    /// Whether any of the service's requests was served in the seconds from one moment to another, both included.
    boolean isServedWithin(long from, long to) {
        return from <= to
                && state.seconds().totals(from, to).stream().anyMatch(second -> second.requests() > second.failures());
    }

    /// Whether the proxies of a host served any of the service's requests in these seconds.
    boolean isServedBy(String host, long from, long to) {
        List<Proxy> proxies = proxies();
        return from <= to
                && state.seconds()
                        .isServedBy(
                                (kind, name) -> name.equals(host) && proxies.contains(new Proxy(name, kind)), from, to);
    }

    /// Whether proxies on some hosts served any of the service's requests in these seconds, all from one server.
    ///
    /// @param address the server's
    boolean isServedAt(String address, Predicate<String> onHost, long from, long to) {
        return from <= to
                && state.endpoints().stream()
                        .filter(e -> e.lastServedAt() >= from)
                        .allMatch(e -> e.address().equals(address))
                && state.seconds().isServedBy((kind, host) -> onHost.test(host), from, to);
    }

    /// The failed tries, by what they say of the mechanism.
    public Tries tries() {
        return tries;
    }

    /// The proxy's host whose lines first said one of these.
    Optional<String> whoSays(Set<String> ids) {
        return seen.stream()
                .filter(s -> ids.contains(s.sighting().id()))
                .min(Comparator.<Seen>comparingLong(s -> s.sighting().firstAt()).thenComparing(Seen::host))
                .map(Seen::host);
    }

    /// A finding, judged by when its event happened. What comes long after trouble began, when enough
    /// had failed for it to be noticed, is a consequence or what somebody did about it.
    ///
    /// @param within how long after the beginning of trouble its cause may happen, in milliseconds
    Finding judgedByTime(Finding finding, HostEvent event, long within) {
        boolean tooLate = event.at() > troubleAt + within && event.at() > burst.detectedAt() + SKEW_MILLIS;
        return tooLate ? finding.weakenedTo(Finding.Strength.PLAUSIBLE) : finding;
    }

    /// A proxy's change of configuration just before trouble began: the newest reload or start of a proxy
    /// that answered with errors.
    ///
    /// @param within how long before, in milliseconds
    public Optional<Finding.Proof> reload(long within) {
        return proxyEvents(event -> event.at() >= troubleAt - within && event.at() <= troubleAt + SKEW_MILLIS / 2)
                .filter(proof -> isReload(proof.event(), proof.host()))
                .max(Comparator.comparingLong(proof -> proof.event().at()));
    }

    /// What says that the rules of a firewall on the server's host were changed in the time in question.
    List<HostEvent> firewallChanges(Backend backend) {
        HostView host = backend.host();
        return host == null
                ? List.of()
                : events(host)
                        .filter(event -> event.id().equals("firewall_changed"))
                        .toList();
    }

    private boolean isReload(HostEvent event, String host) {
        return switch (event.signal()) {
            case Signal.UnitEvent e ->
                (e.id().equals("unit_reloaded") || e.id().equals("unit_reloading") || e.id().equals("unit_started"))
                        && proxies().stream()
                                .filter(p -> p.host().equals(host))
                                .flatMap(p -> hosts.byName(host).stream().map(h -> h.proxyUnit(p.kind())))
                                .anyMatch(unit -> unit.equals(e.unit()));
            case Signal.ProxyEvent e -> e.id().endsWith("_reload") || e.id().endsWith("_started");
            default -> false;
        };
    }

    /// Whether a firewall tells of a packet to a server from a proxy at which requests fail. Anybody can send packets
    /// that a firewall logs.
    public boolean isBlocked(HostEvent event, Backend backend) {
        return event.signal() instanceof Signal.Packet packet
                && packet.port() == backend.port()
                && packet.destination()
                        .equals(SocketAddressText.host(backend.endpoint().address()))
                && maySend(packet.source());
    }

    /// Whether an address is one of a proxy's host, or those are not known.
    private boolean maySend(String address) {
        List<Optional<FactsHistory>> facts = proxies().stream()
                .map(p -> hosts.byName(p.host()).flatMap(HostView::history))
                .toList();
        return facts.stream()
                .anyMatch(known -> known.isEmpty()
                        || known.get().facts().addresses().isEmpty()
                        || known.get().facts().addresses().contains(address));
    }

    /// The configurations of the proxies that answered with errors.
    public Stream<HostFacts.ProxyFacts> proxyFacts() {
        return proxies().stream()
                .flatMap(p -> hosts.byName(p.host()).stream().flatMap(h -> h.proxies(p.kind()).stream()));
    }
}
