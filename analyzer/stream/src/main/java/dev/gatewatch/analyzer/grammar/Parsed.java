package dev.gatewatch.analyzer.grammar;

/// What a grammar makes of a line. A line that does not fit is ordinary, so it is a value and never an
/// exception.
public sealed interface Parsed<R> {

    /// The line fits.
    record Ok<R>(R record) implements Parsed<R> {}

    /// The line does not fit.
    ///
    /// @param column byte of the line at which reading stopped, from 0
    /// @param expected what should have stood there
    record Malformed<R>(int column, String expected) implements Parsed<R> {}
}
