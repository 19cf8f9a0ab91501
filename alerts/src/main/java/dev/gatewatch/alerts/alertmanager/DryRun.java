package dev.gatewatch.alerts.alertmanager;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Prints what would be sent.
///
/// @param out where to
record DryRun(PrintStream out) implements Target {
    @Override
    public String name() {
        return "dry-run";
    }

    @Override
    public Answer post(byte[] alerts) {
        out.println(new String(alerts, StandardCharsets.UTF_8));
        return new Answer.Taken();
    }
}
