package dev.gatewatch.program;

/// Whether a program works, and why or why not.
///
/// @param reason a few words for the operator: `reading gatewatch.incidents`, `no broker answers`
public record Health(boolean ok, String reason) {
    /// It works.
    public static Health ok(String reason) {
        return new Health(true, reason);
    }

    /// It does not.
    public static Health failing(String reason) {
        return new Health(false, reason);
    }
}
