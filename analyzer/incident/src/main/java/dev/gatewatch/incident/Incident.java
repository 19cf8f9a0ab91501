package dev.gatewatch.incident;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// One revision of an incident: a burst of failed requests of one service, its cause as far as it is known,
/// and what speaks for it.
///
/// An incident's `id` follows from its service and begin, so that a restart or a replay makes no second one.
/// Every revision is complete; the one with the highest number is valid. Times are UTC with milliseconds.
///
/// @param id stable name of the incident
/// @param revision 1 for the first, then rising
/// @param state whether requests still fail
/// @param service what fails, by the name that the operator finds in the proxy's configuration
/// @param cause id of the root cause, such as `backend_down`, or `unknown`
/// @param subCause id of the variant, such as `clean_stop`; null if the cause has none
/// @param confidence probability that `cause` is right, 0 to 1
/// @param verdict how well the cause is proved
/// @param summary one sentence for a person
/// @param startedAt first failed request
/// @param detectedAt when the incident opened
/// @param lastFailureAt newest failed request so far
/// @param resolvedAt when the incident was closed, null while it is open
/// @param culprit where to repair, null if that is not known
/// @param proxies which proxies answered with errors: first those at which requests failed, then those in
///     front of them that passed the errors on
/// @param endpoints which servers could not be used
/// @param requests how many requests were served and failed
/// @param evidence the lines that show what happened, oldest first
/// @param chain how one thing led to another, in that order; empty in incidents of older writers
/// @param alternatives other causes that were examined, likeliest first
/// @param checks the five steps of a diagnosis, answered
/// @param runbook what to run and to read
@JsonPropertyOrder({"schema"})
public record Incident(
        String id,
        int revision,
        State state,
        String service,
        String cause,
        @Nullable String subCause,
        double confidence,
        Verdict verdict,
        String summary,
        Instant startedAt,
        Instant detectedAt,
        Instant lastFailureAt,
        @Nullable Instant resolvedAt,
        @Nullable Culprit culprit,
        List<Proxy> proxies,
        List<Endpoint> endpoints,
        Requests requests,
        List<Evidence> evidence,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Link> chain,
        List<Alternative> alternatives,
        List<Check> checks,
        Runbook runbook) {

    /// Name and version of this layout; the JSON Schema stands beside [IncidentJson].
    public static final String SCHEMA = "gatewatch/incident/1";

    @SuppressWarnings("NullAway") // incidents of older writers have no chain
    public Incident {
        proxies = List.copyOf(proxies);
        endpoints = List.copyOf(endpoints);
        evidence = List.copyOf(evidence);
        chain = chain == null ? List.of() : List.copyOf(chain);
        alternatives = List.copyOf(alternatives);
        checks = List.copyOf(checks);
    }

    /// Always [#SCHEMA].
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public String schema() {
        return SCHEMA;
    }

    /// Whether requests still fail.
    public enum State {
        OPEN,
        RESOLVED
    }

    /// How well the cause is proved.
    public enum Verdict {
        /// A line proves the mechanism and ties it to this service.
        CONFIRMED,
        /// The cause fits, but the tie or a source is missing.
        LIKELY,
        /// The alternatives are as good.
        INCONCLUSIVE
    }

    /// Where to repair: the proxy's host for a wrong configuration, the backend's for a stopped service.
    ///
    /// @param unit the systemd unit, or the container or pod (`orders-1`, `shop/orders-7d9`) where no unit serves;
    ///     null if there is none or it is not known
    public record Culprit(String host, @Nullable String unit) {}

    /// A proxy that answered with errors.
    ///
    /// @param kind `nginx`, `haproxy`, `alb`, `envoy`, `traefik` or `caddy`
    public record Proxy(String host, String kind) {}

    /// A server that a proxy could not use.
    ///
    /// @param address `ip:port`, `unix:/path`, or the name that would not resolve
    /// @param server HAProxy's `backend/server`, or NGINX's upstream name, null if neither is known
    /// @param failures tries that failed
    public record Endpoint(String address, @Nullable String server, long failures) {}

    /// Requests of the service from the incident's start on.
    ///
    /// @param total all of them from the first failure to the last, as far as access logs tell
    /// @param failed by status
    /// @param masked requests that a further try saved
    /// @param perSecond `[second since 1970, requests, failed]`, from shortly before the start to
    ///     shortly after the last failure; the newest 120 of these rows
    public record Requests(long total, SortedMap<String, Long> failed, long masked, List<List<Long>> perSecond) {
        public Requests {
            perSecond = List.copyOf(perSecond);
        }
    }

    /// A line that shows what happened.
    ///
    /// @param at when it happened, which may be before the line was written
    /// @param source kind of log: `nginx-error`, `haproxy`, `journald`, `kernel`, …
    /// @param line the line, verbatim, cut if it is very long
    /// @param says id of the signal that the line gives
    /// @param count how many lines of this kind there were
    public record Evidence(Instant at, String host, String source, String line, String says, long count) {}

    /// A link of the chain from the cause to the failed requests.
    ///
    /// @param at when it happened, as its line is stamped
    /// @param offsetMillis the same in milliseconds from the first failed request on, negative before it; of a
    ///     line that carries whole seconds, no earlier within its second than what led to it
    /// @param source kind of log that tells of it
    /// @param says id of the signal that the log gives
    /// @param text what happened, for a person
    public record Link(Instant at, long offsetMillis, String host, String source, String says, String text) {}

    /// A cause that was examined and found less likely.
    ///
    /// @param against what speaks against it, or for the other one
    public record Alternative(String cause, @Nullable String subCause, double confidence, String against) {}

    /// One step of a diagnosis.
    ///
    /// @param step `service_status`, `backend_connectivity`, `proxy_logs`, `configuration` or `network`
    /// @param command what a person would run to check it, null if there is nothing to run
    public record Check(
            String step,
            String question,
            String answer,
            Result result,
            @Nullable String command) {}

    /// What a check found.
    public enum Result {
        GOOD,
        BAD,
        /// A source that would tell is missing; the answer names it.
        UNKNOWN
    }

    /// What to run and to read.
    ///
    /// @param page page and section of the handbook of causes, `CAUSE.md#SUBCAUSE`
    public record Runbook(List<String> diagnose, List<String> repair, String page) {
        public Runbook {
            diagnose = List.copyOf(diagnose);
            repair = List.copyOf(repair);
        }
    }
}
