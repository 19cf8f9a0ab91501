package dev.gatewatch.alerts.board;

import dev.gatewatch.program.Default;
import dev.gatewatch.program.Require;
import java.time.Duration;

/// How much the board keeps.
///
/// @param age incidents whose last failure is older are dropped
/// @param incidents the most that are kept; resolved ones go first, the oldest first
public record Retention(
        @Default("7d") Duration age, @Default("10000") int incidents) {
    public Retention {
        Require.positive("age", age);
        Require.between("incidents", incidents, 1, 1_000_000);
    }
}
