package dev.gatewatch.analyzer.signal;

/// What came of one line. Every line ends as exactly one of these, and each is counted.
public sealed interface Reading {

    /// The line says something.
    record Says(Signal signal) implements Reading {}

    /// The line is understood, or of a kind that is not looked at, and says nothing about a gateway.
    ///
    /// @param id stable name of what the line is, empty if it has none
    record Ordinary(String id) implements Reading {
        /// Has no name.
        static final Ordinary UNNAMED = new Ordinary("");

        /// A program's own line about something else.
        static final Ordinary NOISE = new Ordinary("noise");
    }

    /// No grammar of the line's source reads it.
    ///
    /// @param column byte of the line at which reading stopped, from 0
    /// @param expected what should have stood there
    record NotUnderstood(int column, String expected) implements Reading {}
}
