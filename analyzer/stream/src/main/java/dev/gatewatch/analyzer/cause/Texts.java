package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Causes that a proxy's own line names by its text, so that nothing else need be known: names that do not
/// resolve, sockets that may not be opened, answers that are too big or make no sense.
final class Texts implements Cause {
    static final Id NAME_RESOLUTION = new Id("wrong_upstream", "name_resolution");
    private static final Id SOCKET_PERMISSION = new Id("wrong_upstream", "unix_socket_permission");
    static final Id WRONG_PROTOCOL = new Id("wrong_upstream", "wrong_protocol");
    static final Id NO_BACKEND = new Id("wrong_upstream", "no_backend");
    private static final Id HEADER_TOO_BIG = new Id("bad_response", "header_too_big");
    private static final Id INVALID_RESPONSE = new Id("bad_response", "invalid_response");

    /// Who has to repair it.
    private enum Side {
        PROXY,
        BACKEND
    }

    private record Text(Id id, Set<String> signals, Side side, String because) {}

    private static final List<Text> TEXTS = List.of(
            new Text(
                    NAME_RESOLUTION,
                    Set.of(
                            "dns_nxdomain",
                            "dns_servfail",
                            "dns_timeout",
                            "dns_refused",
                            "dns_no_resolver",
                            "dns_host_not_found_startup"),
                    Side.PROXY,
                    "the upstream's name does not resolve"),
            new Text(
                    SOCKET_PERMISSION,
                    Set.of("unix_denied", "connect_denied_policy"),
                    Side.PROXY,
                    "the proxy may not open the server's socket"),
            new Text(
                    WRONG_PROTOCOL,
                    Set.of("h2_protocol_mismatch", "fcgi", "protocol_mismatch"),
                    Side.PROXY,
                    "the server speaks another protocol than the proxy"),
            new Text(
                    NO_BACKEND,
                    Set.of("no_backend"),
                    Side.PROXY,
                    "the proxy's configuration gives no backend for these requests"),
            new Text(
                    HEADER_TOO_BIG,
                    Set.of("header_too_big"),
                    Side.PROXY,
                    "the server's response header is larger than the proxy's buffer"),
            new Text(
                    INVALID_RESPONSE,
                    Set.of(
                            "invalid_response",
                            "invalid_response_header",
                            "invalid_response_http09",
                            "h2_goaway",
                            "h2_rejected"),
                    Side.BACKEND,
                    "the server's answer is no valid response"));

    @Override
    public List<Id> ids() {
        return TEXTS.stream().map(Text::id).toList();
    }

    @Override
    public boolean standsAlone() {
        return true;
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return TEXTS.stream()
                .filter(text -> scene.tries().mostly(text.signals()))
                .findFirst()
                .map(text -> finding(text, scene));
    }

    private static Finding finding(Text text, Scene scene) {
        Finding found = Finding.of(text.id(), Strength.PROVED, text.because());
        return text.side() == Side.PROXY ? Culprits.proxy(found, scene) : Culprits.backend(found, scene);
    }
}
