package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.wire.SourceKind;
import java.util.ArrayList;
import java.util.List;

/// What cannot be known, since nothing is shipped from where it would be told, or not yet.
public final class Sources {
    private Sources() {}

    /// The sources that would have been looked at, one clause each: `the journal of app1.lab`.
    public static List<String> missing(Scene scene) {
        List<String> missing = new ArrayList<>();
        for (Backend backend : scene.backends()) {
            HostView host = backend.host();
            if (host == null) {
                missing.add("everything on the host of " + backend.label());
                continue;
            }
            if (host.history().isEmpty()) {
                missing.add("the sockets of " + host.name());
            }
            if (!host.ships(SourceKind.JOURNALD) && scene.events(host).findAny().isEmpty()) {
                missing.add("the journal of " + host.name());
            }
        }
        for (Scene.Proxy proxy : scene.proxies()) {
            if (!proxy.kind().equals("alb") && scene.proxyFacts().findAny().isEmpty()) {
                missing.add("the configuration of " + proxy.kind() + " on " + proxy.host());
            }
        }
        Behind.of(scene).forEach(source -> missing.add(source.told()));
        return missing.stream().distinct().toList();
    }

    /// Hosts that the proxies' configurations name and from which nothing is shipped, by address.
    public static List<String> silentHosts(Scene scene) {
        return scene.proxies().stream()
                .flatMap(p -> scene.hosts().byName(p.host()).stream()
                        .flatMap(h -> h.proxies(p.kind()).stream())
                        .flatMap(facts -> facts.upstreams().stream())
                        .flatMap(u -> u.servers().stream())
                        .filter(s ->
                                scene.hosts().byAddress(s.address(), p.host()).isEmpty())
                        .map(s -> SocketAddressText.host(s.address())))
                .distinct()
                .sorted()
                .toList();
    }
}
