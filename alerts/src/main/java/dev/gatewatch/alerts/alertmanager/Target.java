package dev.gatewatch.alerts.alertmanager;

/// Takes the JSON of alerts.
interface Target {
    /// For meters and log lines.
    String name();

    /// Sends one request. Only an interrupt is thrown.
    Answer post(byte[] alerts) throws InterruptedException;

    /// How a request went.
    sealed interface Answer {
        /// The alerts were taken.
        record Taken() implements Answer {}

        /// At least one of the alerts is invalid; others may have been taken.
        record Invalid(String why) implements Answer {}

        /// Nothing is known to be taken; worth another try.
        record Failed(String why) implements Answer {}
    }
}
