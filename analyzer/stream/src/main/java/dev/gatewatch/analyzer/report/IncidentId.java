package dev.gatewatch.analyzer.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/// Names of incidents: the second of the begin, and a hash of the service, so that the same burst has the
/// same name whoever finds it and whenever.
public final class IncidentId {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int HASH_BYTES = 5;

    private IncidentId() {}

    /// The name, such as `20261122T140227Z-3f9a1c2e07`.
    ///
    /// @param startedAt milliseconds since 1970
    public static String of(String service, long startedAt) {
        byte[] hash = sha256().digest(service.getBytes(UTF_8));
        return SECOND.format(Instant.ofEpochMilli(startedAt)) + "-"
                + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
