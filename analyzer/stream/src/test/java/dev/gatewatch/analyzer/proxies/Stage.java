package dev.gatewatch.analyzer.proxies;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;

/// All that a test starts around its proxies, and ends with it: servers, a name server, certificates, the
/// followers of logs.
final class Stage implements AutoCloseable {
    private final Path folder;
    private final Places places = new Places();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Outputs outputs;
    private final Backends backends;

    private Stage(Path folder) {
        this.folder = folder;
        this.outputs = opened(new Outputs());
        this.backends = opened(new Backends());
    }

    /// A scenario and where it is played.
    record Case(String kind, Scenario scenario, Site site) {
        /// Takes the scenario's step, waits for its lines and gives them.
        List<Emitted> play() throws Exception {
            int mark = scenario.sinceStart() ? 0 : site.outputs().mark();
            scenario.step().take(site, scenario.path());
            return site.await(mark, scenario.expected().toArray(String[]::new));
        }

        @Override
        public String toString() {
            return kind + ": " + scenario;
        }
    }

    static Stage open(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        Stage stage = new Stage(folder);
        try {
            stage.build();
        } catch (IOException | InterruptedException | GeneralSecurityException | RuntimeException e) {
            stage.close();
            throw e;
        }
        return stage;
    }

    private void build() throws IOException, InterruptedException, GeneralSecurityException {
        // A proxy's worker is another user.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        places.put("answers", backends.serves(Script.ok()))
                .put("refuses", backends.refuses())
                .put("refusestoo", backends.refuses())
                .put("drops", backends.drops())
                .put("unix:missing", "unix:" + folder.resolve("missing.sock"))
                .put("unix:silent", backends.unixSilent(folder.resolve("silent.sock")))
                .put("socket:silent", folder.resolve("silent.sock"))
                .put("unix:forbidden", backends.unixForbidden(folder.resolve("forbidden.sock")))
                .put("unix:stale", backends.unixStale(folder.resolve("stale.sock")))
                .put("unix:full", backends.unixFull(folder.resolve("full.sock")))
                .put("names", opened(NameServer.start()).address())
                .put("udp:refuses", unusedDatagramPort());
        tlsServers(Certificates.make(folder.resolve("certificates")));
    }

    private void tlsServers(Certificates certificates) throws IOException, GeneralSecurityException {
        places.put("certificates", certificates.file(""));
        for (String name : List.of("good", "expired", "selfsigned", "othername", "stranger")) {
            places.put(
                    "tls:" + name,
                    backends.serves(certificates.server(name + ".pem", false, "TLSv1.2", "TLSv1.3"), Script.ok()));
        }
        places.put("tls:wantsclient", backends.serves(certificates.server("good.pem", true, "TLSv1.3"), Script.ok()))
                .put("tls:thirteen", backends.serves(certificates.server("good.pem", false, "TLSv1.3"), Script.ok()));
        // The first handshake of a JVM takes longer than proxies here wait.
        try (SSLSocket first = certificates.connect(places.in("{tls:good}"))) {
            first.startHandshake();
        }
    }

    private static String unusedDatagramPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    Path folder() {
        return folder;
    }

    Places places() {
        return places;
    }

    Outputs outputs() {
        return outputs;
    }

    /// A scenario whose servers are started, with the names of places that its texts use.
    record Ready(String kind, Scenario scenario, Places places) {}

    /// Starts the servers of scenarios.
    List<Ready> prepare(Map<String, List<Scenario>> kinds, Places around) throws IOException {
        List<Ready> all = new ArrayList<>();
        for (Map.Entry<String, List<Scenario>> kind : kinds.entrySet()) {
            for (Scenario scenario : kind.getValue()) {
                Places its = around.copy();
                int count = 0;
                for (Script script : scenario.servers()) {
                    count++;
                    its.put(count == 1 ? "server" : "server" + count, backends.serves(script));
                }
                all.add(new Ready(kind.getKey(), scenario, its));
            }
        }
        return all;
    }

    /// Scenarios that are played with a proxy.
    List<Case> cases(List<Ready> scenarios, ProxyProcess proxy) {
        return scenarios.stream()
                .map(each -> new Case(each.kind, each.scenario, new Site(each.places, outputs, proxy)))
                .toList();
    }

    @Override
    public void close() throws IOException {
        Exception first = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw new IOException(first);
        }
    }
}
