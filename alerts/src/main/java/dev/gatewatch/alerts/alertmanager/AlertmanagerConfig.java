package dev.gatewatch.alerts.alertmanager;

import dev.gatewatch.program.Default;
import dev.gatewatch.program.Require;
import dev.gatewatch.program.Secret;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One Alertmanager; each member of a cluster is listed by itself, never a load balancer before them.
///
/// @param url base address, with the path prefix if there is one
/// @param username for basic authentication
/// @param password for basic authentication
/// @param bearerToken sent as `Authorization: Bearer …`
/// @param timeout of one request
public record AlertmanagerConfig(
        URI url,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable Secret bearerToken,
        @Default("10s") Duration timeout) {
    public AlertmanagerConfig {
        Require.check(
                "http".equals(url.getScheme()) || "https".equals(url.getScheme()),
                "url",
                url.getScheme() + "://…",
                "http or https");
        Require.check(url.getRawUserInfo() == null, "url", "user information", "username and password_file instead");
        Require.check(
                url.getRawQuery() == null && url.getRawFragment() == null, "url", url, "no query and no fragment");
        Require.check(
                (username == null) == (password == null), "username", "alone", "username and password_file together");
        Require.check(
                username == null || bearerToken == null, "bearer_token_file", "given", "one kind of authentication");
        Require.between("timeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(5));
    }
}
