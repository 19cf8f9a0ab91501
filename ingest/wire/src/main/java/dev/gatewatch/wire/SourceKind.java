package dev.gatewatch.wire;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// What kind of source a stream of lines comes from, and by that which grammar reads it and what its
/// positions count.
public enum SourceKind {
    /// An NGINX access log. Positions are bytes of the file.
    NGINX_ACCESS("nginx-access"),
    /// An NGINX error log. Positions are bytes of the file.
    NGINX_ERROR("nginx-error"),
    /// HAProxy's lines, as its syslog daemon files them or as it sends them. Positions are bytes of the file.
    HAPROXY("haproxy"),
    /// The access log of an AWS Application Load Balancer, as it was fetched and unpacked. Positions are
    /// bytes of the file.
    ALB("alb"),
    /// An Envoy access log. Positions are bytes of the file.
    ENVOY("envoy"),
    /// Traefik's access log and its own log. Positions are bytes of the file.
    TRAEFIK("traefik"),
    /// Caddy's logs. Positions are bytes of the file.
    CADDY("caddy"),
    /// The systemd journal, an entry a line, as `journalctl -o json --all` prints it. Positions are the
    /// sequence number (`i=`) of the entry's cursor.
    JOURNALD("journald"),
    /// The kernel's ring buffer, verbatim records of `/dev/kmsg`. Positions are the record's sequence number.
    KERNEL("kernel");

    private final String id;

    SourceKind(String id) {
        this.id = id;
    }

    /// The id on the wire and in configuration files.
    public String id() {
        return id;
    }

    /// Whether positions count bytes, so that a line's own position follows from its place in the batch.
    public boolean positionsAreBytes() {
        return this != JOURNALD && this != KERNEL;
    }

    /// The kind with this id, empty if there is none.
    public static Optional<SourceKind> ofId(String id) {
        for (SourceKind kind : values()) { // asked for each batch
            if (kind.id.equals(id)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /// All ids, for error messages.
    public static String ids() {
        return Arrays.stream(values()).map(SourceKind::id).collect(Collectors.joining(", "));
    }
}
