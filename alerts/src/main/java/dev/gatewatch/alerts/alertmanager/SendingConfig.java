package dev.gatewatch.alerts.alertmanager;

import dev.gatewatch.program.Default;
import dev.gatewatch.program.Require;
import java.time.Duration;

/// How alerts are sent.
///
/// @param interval a firing alert is sent again after this time, and expires after four times as long
/// @param resolvedFor a resolved alert is sent again for this time
/// @param severity label of all alerts; it must not follow the cause, since a changed label would be a second
///     alert
public record SendingConfig(
        @Default("60s") Duration interval,
        @Default("15m") Duration resolvedFor,
        @Default("critical") String severity) {
    public SendingConfig {
        Require.between("interval", interval, Duration.ofMillis(10), Duration.ofMinutes(30));
        Require.positive("resolved_for", resolvedFor);
        Require.filled("severity", severity);
    }
}
