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
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/// Certificates that are made for a test by the `openssl` command, all for one key: an authority
/// (`ca.pem`), and what it signed.
final class Certificates {
    /// The name that a good certificate is for.
    static final String NAME = "shop.test";

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    /// Those that were made in a folder.
    static Certificates in(Path folder) {
        return new Certificates(folder);
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
        Files.writeString(
                folder.resolve("both.pem"),
                Files.readString(made.file("good.pem")) + Files.readString(made.file("key.pem")));
        return made;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /// A server that shows such a certificate, for these versions of TLS.
    SSLServerSocket server(String certificate, boolean wantsClient, String... protocols)
            throws IOException, GeneralSecurityException {
        KeyStore keys = store();
        keys.setKeyEntry("server", key(), new char[0], new Certificate[] {certificate(file(certificate))});
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trusting(file("ca.pem")), null);
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(wantsClient);
        server.setEnabledProtocols(protocols);
        return server;
    }

    /// A client that trusts the authority, whatever the other side's name.
    SSLSocket connect(String address) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusting(file("ca.pem")), null);
        int colon = address.lastIndexOf(':');
        return (SSLSocket) context.getSocketFactory()
                .createSocket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    private static TrustManager[] trusting(Path authority) throws IOException, GeneralSecurityException {
        KeyStore trusted = store();
        trusted.setCertificateEntry("ca", certificate(authority));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        return managers.getTrustManagers();
    }

    private static KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        return store;
    }

    private static Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
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

    private void signed(String file, String name, String authority, String days)
            throws IOException, InterruptedException {
        openssl("req", "-new", "-key", "key.pem", "-subj", "/CN=" + name, "-out", "request.pem");
        openssl(
                "x509",
                "-req",
                "-in",
                "request.pem",
                "-CA",
                authority,
                "-CAkey",
                "key.pem",
                "-CAcreateserial",
                "-days",
                days,
                "-out",
                file);
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
