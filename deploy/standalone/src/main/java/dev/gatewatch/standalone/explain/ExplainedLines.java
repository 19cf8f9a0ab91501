package dev.gatewatch.standalone.explain;

import dev.gatewatch.analyzer.explain.Explanation;
import java.io.Flushable;
import java.io.IOException;

/// Where explained lines go.
interface ExplainedLines extends Flushable {

    /// Takes a line that has been explained.
    ///
    /// @param place where the line stands, such as `error.log:17: `, empty on standard input
    /// @param line its bytes, of which the first `length` count
    void write(String place, byte[] line, int length, Explanation explanation) throws IOException;
}
