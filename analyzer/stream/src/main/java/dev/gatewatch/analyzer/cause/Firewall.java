package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Backend.Listening;
import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Something between proxy and server drops or rejects packets.
final class Firewall implements Cause {
    static final Id CONNTRACK_FULL = new Id("firewall", "conntrack_full");
    static final Id DROP = new Id("firewall", "drop");
    static final Id REJECT = new Id("firewall", "reject");

    /// Share of refusals that makes the rest of the silence a rejection as well: the kernel limits how many
    /// refusals it sends a second (`net.ipv4.icmp_ratelimit`), and drops the rest.
    private static final double SOME_ANSWERED = 0.01;

    private static final Set<String> TABLE_FULL = Set.of("conntrack_full");

    @Override
    public List<Id> ids() {
        return List.of(CONNTRACK_FULL, DROP, REJECT);
    }

    @Override
    public boolean standsAlone() {
        return true;
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        boolean unixSocket = scene.worst()
                .map(worst -> SocketAddressText.isUnix(worst.endpoint().address()))
                .orElse(false);
        if (unixSocket || !scene.tries().mostly(Ids.CONNECT_TIMEOUT, Ids.REFUSED, Ids.NO_ROUTE)) {
            return Optional.empty();
        }
        boolean silent = scene.tries().mostly(Ids.CONNECT_TIMEOUT);
        boolean answered = scene.tries().share(Ids.REFUSED) + scene.tries().share(Ids.NO_ROUTE) >= SOME_ANSWERED
                && !(silent && Reach.of(scene).isRefusedLate() && !isThroughHaproxy(scene));
        Id id = answered ? REJECT : DROP;
        return (silent ? tableFull(scene) : Optional.<Finding>empty())
                .or(() -> scene.worst().flatMap(backend -> logged(scene, backend, id)))
                .or(() -> scene.worst().flatMap(backend -> unlogged(scene, backend, id)));
    }

    private static Optional<Finding> tableFull(Scene scene) {
        List<Finding.Proof> lines = Stream.concat(
                        scene.proxyEvents(e -> TABLE_FULL.contains(e.id())),
                        scene.worst().map(Backend::host).stream()
                                .flatMap(host -> scene.events(host)
                                        .filter(e -> TABLE_FULL.contains(e.id()))
                                        .map(e -> new Finding.Proof(host.name(), e))))
                .toList();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        Finding.Proof first = lines.getFirst();
        String because = "the connection table of " + first.host() + " is full and new connections are dropped";
        return Optional.of(Finding.of(CONNTRACK_FULL, Strength.PROVED, because)
                .at(first.host(), null)
                .provedBy(
                        first.host(),
                        lines.stream()
                                .filter(p -> p.host().equals(first.host()))
                                .map(Finding.Proof::event)
                                .toList()));
    }

    /// A rule logged packets from a proxy to the server.
    private static Optional<Finding> logged(Scene scene, Backend backend, Id id) {
        HostView host = backend.host();
        if (host == null) {
            return loggedByProxy(scene, backend, id);
        }
        List<HostEvent> packets =
                scene.events(host).filter(e -> scene.isBlocked(e, backend)).toList();
        if (packets.isEmpty()) {
            return loggedByProxy(scene, backend, id);
        }
        return Optional.of(Finding.of(id, Strength.PROVED, because(id, backend, host.name(), packets.getFirst()))
                .at(host.name(), null)
                .provedBy(host.name(), packets));
    }

    private static Optional<Finding> loggedByProxy(Scene scene, Backend backend, Id id) {
        return scene.proxyEvents(e -> scene.isBlocked(e, backend))
                .findFirst()
                .map(proof -> Finding.of(id, Strength.PROVED, because(id, backend, proof.host(), proof.event()))
                        .at(proof.host(), null)
                        .provedBy(proof.host(), List.of(proof.event())));
    }

    private static String because(Id id, Backend backend, String host, HostEvent packet) {
        String prefix =
                packet.signal() instanceof Signal.Packet p && !p.prefix().isBlank()
                        ? " (" + p.prefix().trim() + ")"
                        : "";
        return "a firewall rule on " + host + prefix + (id.equals(DROP) ? " drops" : " rejects") + " connections to "
                + backend.label();
    }

    /// No rule logs, but the server is there and listens, and yet it cannot be reached.
    private static Optional<Finding> unlogged(Scene scene, Backend backend, Id id) {
        HostView host = backend.host();
        if (host == null) {
            return Optional.empty();
        }
        Reach reach = Reach.of(scene);
        List<HostEvent> changes = scene.firewallChanges(backend);
        boolean listens = backend.listening() == Listening.YES;
        boolean gone = backend.listening() == Listening.GONE || backend.listening() == Listening.NEVER;
        boolean network =
                (id.equals(DROP) && reach.isPartitioned()) || (changes.isEmpty() && reach.isHostOutOfReach(backend));
        if (gone || network || (!listens && changes.isEmpty())) {
            return Optional.empty();
        }
        String because = backend.who() + " listens on " + backend.label() + ", but connections "
                + (id.equals(DROP) ? "get no answer" : "are refused")
                + (changes.isEmpty()
                        ? ""
                        : "; the firewall's rules were changed "
                                + Wording.beforeTrouble(changes.getFirst().at(), scene));
        return Optional.of(Finding.of(id, strength(scene, backend, id, changes), because)
                .at(host.name(), null)
                .provedBy(host.name(), changes));
    }

    /// How sure that is without a line. A connection that gets no answer may as well have no way to the host, unless
    /// that one is known to answer; one that is refused may as well not have come about for other reasons.
    private static Strength strength(Scene scene, Backend backend, Id id, List<HostEvent> changes) {
        Reach reach = Reach.of(scene);
        if (!changes.isEmpty()) {
            return isOnlyPublished(backend, id) ? Strength.POSSIBLE : Strength.LIKELY;
        }
        if (id.equals(REJECT)) {
            boolean doubtful = TlsMismatch.isHandshakeSuspect(scene) || isOnlyPublished(backend, id);
            Strength undoubted = reach.isRefusedLate() ? Strength.PLAUSIBLE : Strength.LIKELY;
            return doubtful ? Strength.POSSIBLE : undoubted;
        }
        if (reach.isReachedByOthers(backend)) {
            return Strength.POSSIBLE;
        }
        return reach.isHostAnswering(backend) ? Strength.LIKELY : Strength.PLAUSIBLE;
    }

    private static boolean isThroughHaproxy(Scene scene) {
        return scene.proxies().stream().anyMatch(p -> p.kind().equals("haproxy"));
    }

    /// Whether the socket on the host is a runtime's own for a published port: then the container may as well be
    /// the one that refuses.
    private static boolean isOnlyPublished(Backend backend, Id id) {
        return id.equals(REJECT)
                && backend.listener()
                        .map(s -> Workloads.isPortProxy(s.listener()))
                        .orElse(false);
    }
}
