package dev.gatewatch.analyzer.proxies;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

/// Certificates that are made for a test by the `openssl` command, all for one key: an authority (`ca.pem`), and what it
/// signed.
final class Certificates {
    /// The name that a good certificate is for.
    static final String NAME = "shop.test";

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    static Certificates make(Path folder) throws IOException, InterruptedException {
        Certificates made = new Certificates(Files.createDirectories(folder));
        made.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key.pem");
        made.selfSigned("ca.pem", "Test authority");
        made.selfSigned("selfsigned.pem", NAME);
        made.selfSigned("otherca.pem", "Other authority");
        made.signed("good.pem", NAME, "ca.pem", "30");
        made.signed("expired.pem", NAME, "ca.pem", "-1");
        made.signed("othername.pem", "other.test", "ca.pem", "30");
        made.signed("stranger.pem", NAME, "otherca.pem", "30");
        Files.writeString(folder.resolve("both.pem"), Files.readString(made.file("good.pem")) + Files.readString(made.file("key.pem")));
        return made;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /// A server that shows such a certificate, for these versions of TLS.
    SSLServerSocket server(String certificate, boolean wantsClient, String... protocols)
            throws IOException, GeneralSecurityException {
        KeyStore keys = store();
        keys.setKeyEntry("server", key(), new char[0], new Certificate[] {certificate(certificate)});
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, new char[0]);
        KeyStore trusted = store();
        trusted.setCertificateEntry("ca", certificate("ca.pem"));
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(wantsClient);
        server.setEnabledProtocols(protocols);
        return server;
    }

    private static KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        return store;
    }

    private Certificate certificate(String name) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file(name))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private PrivateKey key() throws IOException, GeneralSecurityException {
        String text = Files.readString(file("key.pem")).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
    }

    private void selfSigned(String file, String name) throws IOException, InterruptedException {
        openssl("req", "-new", "-x509", "-key", "key.pem", "-subj", "/CN=" + name, "-days", "30", "-out", file);
    }

    private void signed(String file, String name, String authority, String days) throws IOException, InterruptedException {
        openssl("req", "-new", "-key", "key.pem", "-subj", "/CN=" + name, "-out", "request.pem");
        openssl(
                "x509", "-req", "-in", "request.pem", "-CA", authority, "-CAkey", "key.pem", "-CAcreateserial", "-days",
                days, "-out", file);
    }

    private void openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Path said = folder.resolve("openssl.txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + Files.readString(said));
        }
    }
}
