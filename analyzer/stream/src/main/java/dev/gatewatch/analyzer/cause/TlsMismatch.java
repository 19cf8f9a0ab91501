package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Proxy and server do not agree on TLS: the proxy's error line or the server's complaint names how.
final class TlsMismatch implements Cause {
    static final Id HTTPS_TO_HTTP = new Id("tls_mismatch", "https_to_http");
    static final Id HTTP_TO_HTTPS = new Id("tls_mismatch", "http_to_https");
    static final Id EXPIRED = new Id("tls_mismatch", "certificate_expired");
    static final Id UNTRUSTED = new Id("tls_mismatch", "certificate_untrusted");
    static final Id NAME = new Id("tls_mismatch", "certificate_name");
    static final Id PROTOCOL = new Id("tls_mismatch", "protocol_version");
    static final Id CLIENT_CERTIFICATE = new Id("tls_mismatch", "client_certificate_required");

    /// X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED.
    ///
    /// Source: <https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/>
    private static final Set<Integer> NOT_VALID_NOW = Set.of(9, 10);

    private static final Set<String> VERIFY_FAILED = Set.of("tls_verify_failed");
    private static final Set<String> CHECK_FAILED = Set.of("tls_check_failed");
    private static final Set<String> SPOKEN_TO_PLAIN =
            Set.of("upstream_timeout_tls", "tls_peer_closed", "tls_check_timeout");

    private static final Set<String> HAPROXY_NO_CONNECTION = Set.of("connect_failed");

    private static final Set<String> INVALID = Set.of("invalid_response_http09", "invalid_response");

    /// A server that refuses a handshake says little to the client and more to its own log.
    private static final Set<String> UNCLEAR =
            Set.of("tls_alert_handshake_failure", "tls_alert_internal_error", "tls_peer_closed", "tls_alert_other");

    /// Alerts that servers send for several reasons: 40 where they have no cipher in common with the
    /// client, want another name or a certificate.
    private static final Set<String> OF_SEVERAL_REASONS = Set.of("tls_alert_handshake_failure");

    private static final Map<String, Id> BY_TEXT = Map.of(
            "tls_not_tls", HTTPS_TO_HTTP,
            "tls_name_mismatch", NAME,
            "tls_alert_unrecognized_name", NAME,
            "tls_alert_protocol_version", PROTOCOL,
            "tls_protocol", PROTOCOL,
            "tls_alert_handshake_failure", PROTOCOL,
            "tls_alert_certificate_expired", EXPIRED,
            "tls_alert_certificate_required", CLIENT_CERTIFICATE,
            "tls_alert_bad_certificate", CLIENT_CERTIFICATE,
            "tls_alert_unknown_ca", CLIENT_CERTIFICATE);

    private static final Map<String, Id> BY_COMPLAINT = Map.of(
            "app_tls_certificate_expired", EXPIRED,
            "app_tls_unknown_ca", UNTRUSTED,
            "app_tls_http_request", HTTP_TO_HTTPS,
            "app_tls_protocol", PROTOCOL,
            "app_tls_no_client_certificate", CLIENT_CERTIFICATE,
            "app_tls_bad_certificate", NAME,
            "app_http_got_tls", HTTPS_TO_HTTP);

    /// OpenSSL has no alert for a certificate that HAProxy's own check refuses, that of the name
    /// (`verifyhost`), and sends an internal error. Of other clients that says nothing. What is left
    /// for the alert of a bad certificate is one that is not valid yet.
    ///
    /// Source: HAProxy, src/ssl_sock.c, `ssl_sock_srv_verifycbk`; OpenSSL, crypto/x509/x509_vfy.c,
    /// "Safety-net"; ssl/statem/statem_lib.c, `x509table`
    private static final Map<String, Id> BY_COMPLAINT_OF_HAPROXY =
            Map.of("app_tls_internal_error", NAME, "app_tls_bad_certificate", EXPIRED);

    /// OpenSSL sends it for a name that does not match, for a certificate that is not valid yet, and
    /// for some other reasons.
    private static final Set<String> OFTEN_THAT = Set.of("app_tls_bad_certificate");

    @Override
    public List<Id> ids() {
        return List.of(HTTPS_TO_HTTP, HTTP_TO_HTTPS, EXPIRED, UNTRUSTED, NAME, PROTOCOL, CLIENT_CERTIFICATE);
    }

    @Override
    public boolean standsAlone() {
        return true;
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return byVerification(scene)
                .or(() -> byServersComplaint(scene))
                .or(() -> byText(scene))
                .or(() -> bySilence(scene))
                .or(() -> plainToTls(scene));
    }

    private static Optional<Finding> byVerification(Scene scene) {
        if (!scene.tries().mostly(VERIFY_FAILED)) {
            return Optional.empty();
        }
        boolean expired = scene.seen().stream()
                .map(s -> s.sighting().signal())
                .anyMatch(s -> s instanceof Signal.Trouble t
                        && t.id().equals("tls_verify_failed")
                        && NOT_VALID_NOW.contains(t.errno()));
        return Optional.of(
                expired
                        ? Culprits.backend(
                                Finding.of(
                                        EXPIRED,
                                        Strength.PROVED,
                                        "the certificate of " + label(scene) + " is not valid at this time"),
                                scene)
                        : Culprits.whoChanged(
                                Finding.of(
                                        UNTRUSTED,
                                        Strength.PROVED,
                                        "the proxy does not trust the certificate of " + label(scene)),
                                scene,
                                false));
    }

    private static Optional<Finding> byText(Scene scene) {
        return BY_TEXT.entrySet().stream()
                .filter(text -> scene.tries().mostly(Set.of(text.getKey())))
                .max(Comparator.comparingLong(
                                (Map.Entry<String, Id> text) -> scene.tries().count(Set.of(text.getKey())))
                        .thenComparing(Map.Entry::getKey)) // two of equal share must not depend on the map's order
                .map(text -> {
                    String because = text.getValue().equals(HTTPS_TO_HTTP)
                            ? "the proxy speaks TLS to " + label(scene) + ", which answers without"
                            : "TLS between the proxy and " + label(scene) + " fails ("
                                    + text.getKey().replace('_', ' ') + ")";
                    boolean proxyFirst = text.getValue().equals(HTTPS_TO_HTTP)
                            || text.getValue().equals(NAME)
                            || text.getValue().equals(CLIENT_CERTIFICATE);
                    Strength strength =
                            OF_SEVERAL_REASONS.contains(text.getKey()) ? Strength.PLAUSIBLE : Strength.PROVED;
                    return Culprits.whoChanged(Finding.of(text.getValue(), strength, because), scene, proxyFirst);
                });
    }

    /// HAProxy says of a failed handshake only that there is no connection; the server's own log may say why.
    private static Optional<Finding> byServersComplaint(Scene scene) {
        if (!scene.tries().mostly(Ids.REFUSED, Ids.CUT_OFF, CHECK_FAILED, Ids.CONNECT_TIMEOUT, UNCLEAR)
                && scene.tries().count(Ids.NO_SERVER) == 0) {
            return Optional.empty();
        }
        boolean haproxy = scene.proxies().stream().allMatch(p -> p.kind().equals("haproxy"));
        return (haproxy ? byComplaint(scene, BY_COMPLAINT_OF_HAPROXY) : Optional.<Finding>empty())
                .or(() -> byComplaint(scene, BY_COMPLAINT));
    }

    private static Optional<Finding> byComplaint(Scene scene, Map<String, Id> ids) {
        return scene.backends().stream()
                .flatMap(backend -> scene.unitEvents(backend)
                        .flatMap(e -> Stream.ofNullable(ids.get(e.id())).map(id -> complaint(scene, backend, e, id)))
                        .limit(1))
                .findFirst();
    }

    private static Finding complaint(Scene scene, Backend backend, HostEvent line, Id id) {
        Finding finding = Finding.of(
                id,
                backend.tied() && !OFTEN_THAT.contains(line.id()) ? Strength.PROVED : Strength.LIKELY,
                backend.who() + " complains of the proxy's handshake");
        boolean backendsOwn = id.equals(EXPIRED);
        return (backendsOwn
                        ? Culprits.backend(finding, scene)
                        : Culprits.whoChanged(finding, scene, !id.equals(UNTRUSTED) && !id.equals(PROTOCOL)))
                .provedBy(String.valueOf(backend.hostName()), List.of(line));
    }

    /// A plain server that waits for more bytes, or that closes, when it is sent a TLS greeting.
    private static Optional<Finding> bySilence(Scene scene) {
        if (scene.tries().mostly(CHECK_FAILED) && isKnownAsPlain(scene)) {
            String because = "TLS fails with " + label(scene) + ", to which the configuration known before spoke plain";
            return Optional.of(Culprits.whoChanged(Finding.of(HTTPS_TO_HTTP, Strength.LIKELY, because), scene, true));
        }
        if (scene.tries().mostly(CHECK_FAILED)) {
            return Optional.of(Culprits.whoChanged(
                    Finding.of(UNTRUSTED, Strength.LIKELY, "the TLS handshake with " + label(scene) + " fails"),
                    scene,
                    false));
        }
        if (!scene.tries().mostly(SPOKEN_TO_PLAIN)) {
            return handshakeByConfiguration(scene);
        }
        String because =
                "the TLS handshake with " + label(scene) + " never completes, as with a server that speaks plain HTTP";
        return Optional.of(Culprits.whoChanged(Finding.of(HTTPS_TO_HTTP, Strength.LIKELY, because), scene, true));
    }

    /// HAProxy cannot connect to a server that listens, and speaks TLS to it: then TLS is the first suspect, and if
    /// neither was changed, a certificate whose time is over.
    private static Optional<Finding> handshakeByConfiguration(Scene scene) {
        if (!isHandshakeSuspect(scene)) {
            return Optional.empty();
        }
        String because = label(scene) + " listens, and HAProxy speaks TLS to it, but makes no connection";
        return Optional.of(
                Culprits.isOneChanged(scene)
                        ? Culprits.whoChanged(Finding.of(UNTRUSTED, Strength.LIKELY, because), scene, false)
                        : Culprits.backend(Finding.of(EXPIRED, Strength.POSSIBLE, because), scene));
    }

    /// Whether HAProxy may as well fail to agree on TLS with a server as to connect to it, which it tells in one way.
    static boolean isHandshakeSuspect(Scene scene) {
        return scene.tries().mostly(HAPROXY_NO_CONNECTION)
                && scene.worst()
                        .filter(b ->
                                b.listening() == Backend.Listening.YES || b.listening() == Backend.Listening.BEFORE)
                        .filter(b -> scene.proxyFacts()
                                .flatMap(p -> p.upstreams().stream())
                                .anyMatch(u -> u.name().equals(b.endpoint().upstream()) && u.tls()))
                        .isPresent();
    }

    private static boolean isKnownAsPlain(Scene scene) {
        return scene.worst()
                .map(backend -> backend.endpoint().upstream())
                .filter(upstream -> scene.proxyFacts()
                        .flatMap(p -> p.upstreams().stream())
                        .anyMatch(u -> u.name().equals(upstream) && !u.tls()))
                .isPresent();
    }

    /// The proxy speaks plain HTTP to a port that its own configuration, or another proxy's, knows as TLS.
    private static Optional<Finding> plainToTls(Scene scene) {
        if (!scene.tries().mostly(Ids.CUT_OFF, INVALID)) {
            return Optional.empty();
        }
        return scene.worst()
                .filter(backend -> isKnownAsTls(scene, backend) && !speaksTls(scene))
                .map(backend -> Culprits.whoChanged(
                        Finding.of(
                                HTTP_TO_HTTPS,
                                Strength.LIKELY,
                                "the proxy speaks plain HTTP to " + backend.label() + ", which expects TLS"),
                        scene,
                        true));
    }

    private static boolean isKnownAsTls(Scene scene, Backend backend) {
        return scene.hosts().all().stream()
                .flatMap(h -> h.facts().proxies().stream())
                .flatMap(p -> p.upstreams().stream())
                .anyMatch(u -> u.tls()
                        && u.servers().stream()
                                .anyMatch(s ->
                                        s.address().equals(backend.endpoint().address())));
    }

    private static boolean speaksTls(Scene scene) {
        return scene.seen().stream()
                .filter(s -> Ids.CUT_OFF.contains(s.sighting().id()))
                .anyMatch(s -> s.sighting().signal() instanceof Signal.Trouble t && t.tls());
    }

    private static String label(Scene scene) {
        return scene.worst().map(Backend::label).orElse("the server");
    }
}
