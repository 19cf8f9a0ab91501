package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Backend.Listening;
import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.wire.HostFacts;
import java.util.List;
import java.util.Optional;

/// The proxy connects to a place where the service is not: after a change of its configuration, or since the
/// service listens elsewhere.
final class WrongUpstream implements Cause {
    static final Id WRONG_PORT = new Id("wrong_upstream", "wrong_port");
    static final Id WRONG_HOST = new Id("wrong_upstream", "wrong_host");

    /// How long before trouble a reload makes its configuration the first suspect, in milliseconds.
    private static final long JUST_BEFORE_MILLIS = 15_000;

    /// How long before trouble a reload still supports the suspicion, in milliseconds.
    private static final long BEFORE_MILLIS = 120_000;

    @Override
    public List<Id> ids() {
        return List.of(WRONG_PORT, WRONG_HOST, Texts.WRONG_PROTOCOL);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return scene.worst()
                .flatMap(backend -> port(scene, backend)
                        .or(() -> host(scene, backend))
                        .or(() -> refusedProtocol(scene, backend))
                        .or(() -> protocol(scene, backend)));
    }

    private static Optional<Finding> port(Scene scene, Backend backend) {
        boolean unixSocket = SocketAddressText.isUnix(backend.endpoint().address());
        if (unixSocket || !scene.tries().mostly(Ids.REFUSED)) {
            return Optional.empty();
        }
        Optional<Finding.Proof> justBefore = scene.reload(JUST_BEFORE_MILLIS);
        Optional<Finding.Proof> before = scene.reload(BEFORE_MILLIS);
        boolean nothingThere = backend.listening() == Listening.NEVER;
        boolean stillThere = isAddressUnseen(scene)
                && (backend.listening() == Listening.YES || backend.listening() == Listening.BEFORE);
        boolean neverServed = backend.endpoint().lastServedAt() == 0;
        if (nothingThere && (neverServed || justBefore.isPresent())) {
            return Optional.of(finding(
                    isOnAnotherHost(scene, backend) ? WRONG_HOST : WRONG_PORT,
                    before.isPresent() ? Strength.PROVED : Strength.LIKELY,
                    scene,
                    before,
                    "nothing listens on " + backend.label() + instead(backend)));
        }
        if (justBefore.isPresent() && (stillThere || backend.listening() == Listening.UNKNOWN)) {
            String but = stillThere
                    ? "; what listens on " + backend.label() + " by the configuration known before did not change"
                    : "";
            return Optional.of(
                    finding(WRONG_PORT, Strength.LIKELY, scene, justBefore, "connections are refused" + but));
        }
        boolean unheardOf = !backend.endpoint().configured()
                && neverServed
                && scene.proxyFacts().findAny().isPresent();
        return unheardOf
                ? Optional.of(finding(
                        WRONG_PORT,
                        Strength.LIKELY,
                        scene,
                        before,
                        backend.label() + ", which the configuration known before does not have, refuses connections"))
                : Optional.empty();
    }

    /// Whether the upstream had, by the configuration known before, a server with this port on another host, and none
    /// on this one.
    private static boolean isOnAnotherHost(Scene scene, Backend backend) {
        String host = SocketAddressText.host(backend.endpoint().address());
        List<String> known = scene.proxyFacts()
                .flatMap(proxy -> proxy.upstreams().stream())
                .filter(upstream -> upstream.name().equals(backend.endpoint().upstream()))
                .flatMap(upstream -> upstream.servers().stream())
                .map(HostFacts.Server::address)
                .toList();
        return known.stream().anyMatch(server -> SocketAddressText.port(server) == backend.port())
                && known.stream()
                        .noneMatch(server -> SocketAddressText.host(server).equals(host));
    }

    /// Where the service listens instead, if one unit of the host does.
    private static String instead(Backend backend) {
        return backend.host() == null
                ? ""
                : backend.host().history().stream()
                        .flatMap(h -> h.facts().listeners().stream())
                        .filter(l -> !l.unit().isEmpty() && SocketAddressText.port(l.address()) > 0)
                        .map(l -> l.unit() + " on port " + SocketAddressText.port(l.address()))
                        .sorted()
                        .limit(3)
                        .reduce((a, b) -> a + ", " + b)
                        .map(others -> "; on " + backend.hostName() + " listen " + others)
                        .orElse("");
    }

    private static Optional<Finding> host(Scene scene, Backend backend) {
        boolean noSuchHost = backend.host() == null && scene.tries().mostly(Ids.CONNECT_TIMEOUT, Ids.NO_ROUTE);
        boolean newAddress =
                !backend.endpoint().configured() && backend.endpoint().lastServedAt() == 0;
        Optional<Finding.Proof> before = scene.reload(BEFORE_MILLIS);
        if (isMovedUnseen(scene, backend)) {
            return Optional.of(finding(
                    WRONG_HOST,
                    Strength.LIKELY,
                    scene,
                    before,
                    "nothing answers, though " + backend.label()
                            + ", where the server was by the configuration known before, listens"));
        }
        if (!noSuchHost
                || !newAddress
                || before.isEmpty()
                || scene.hosts().all().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(finding(
                WRONG_HOST,
                Strength.LIKELY,
                scene,
                before,
                "no known host has the address " + backend.label() + ", and nothing answers there"));
    }

    /// The server hangs up on requests, and says itself that these are none of its protocol.
    private static Optional<Finding> refusedProtocol(Scene scene, Backend backend) {
        List<HostEvent> complaints = scene.unitEvents(backend)
                .filter(e -> Ids.NOT_UNDERSTOOD.contains(e.id()))
                .toList();
        return scene.tries().mostly(Ids.CUT_OFF) && !complaints.isEmpty()
                ? Optional.of(finding(
                                Texts.WRONG_PROTOCOL,
                                backend.tied() ? Strength.PROVED : Strength.LIKELY,
                                scene,
                                scene.reload(BEFORE_MILLIS),
                                backend.who() + " is sent another protocol than it speaks")
                        .provedBy(String.valueOf(backend.hostName()), List.of(complaints.getFirst())))
                : Optional.empty();
    }

    /// The server hangs up on every request of a proxy since that one loaded another configuration, and nothing
    /// happened to it: it does not understand what it is sent. Other proxies may be understood.
    private static Optional<Finding> protocol(Scene scene, Backend backend) {
        Optional<Finding.Proof> reload = scene.reload(JUST_BEFORE_MILLIS);
        boolean servedSince = reload.map(r -> scene.isServedBy(
                        r.host(),
                        r.event().at() + Scene.STAMP_MILLIS,
                        scene.burst().lastFailureAt() - Scene.STAMP_MILLIS))
                .orElse(false);
        boolean quiet = scene.unitEvents(backend).findAny().isEmpty();
        return reload.isPresent() && scene.tries().mostly(Ids.CUT_OFF) && !servedSince && quiet && !backend.isGateway()
                ? Optional.of(finding(
                        Texts.WRONG_PROTOCOL,
                        Strength.LIKELY,
                        scene,
                        reload,
                        backend.label() + " hangs up on every request, as if it spoke another protocol"))
                : Optional.empty();
    }

    /// A proxy that does not log addresses has just loaded another configuration, and since then nothing
    /// answers it, though the server is where it was and no firewall was changed.
    private static boolean isMovedUnseen(Scene scene, Backend backend) {
        boolean reloaded = scene.reload(JUST_BEFORE_MILLIS).isPresent();
        return reloaded
                && isAddressUnseen(scene)
                && scene.tries().mostly(Ids.CONNECT_TIMEOUT, Ids.NO_ROUTE)
                && backend.listening() == Listening.YES
                && scene.firewallChanges(backend).isEmpty();
    }

    /// Whether no line tells to which address the proxy connects, so that it may be another one than before.
    private static boolean isAddressUnseen(Scene scene) {
        return scene.proxies().stream().allMatch(p -> p.kind().equals("haproxy"));
    }

    private static Finding finding(Id id, Strength strength, Scene scene, Optional<Finding.Proof> reload, String what) {
        String because = what
                + reload.map(r -> "; the proxy on " + r.host() + " loaded its configuration "
                                + Wording.beforeTrouble(r.event().at(), scene))
                        .orElse("");
        Finding finding = Finding.of(id, strength, because);
        return reload.map(r -> Culprits.proxyOn(r.host(), finding, scene).provedBy(r.host(), List.of(r.event())))
                .orElseGet(() -> Culprits.proxy(finding, scene));
    }
}
