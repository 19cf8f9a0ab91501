package dev.gatewatch.analyzer.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A line of a corpus: a log line, and what is known of it.
///
/// ```
/// {"source":"nginx-error","line":"2020/02/02 …","expect":{"cause":"connect_refused","errno":111}}
/// ```
/// Judged are `cause`, `upstream`, `errno`, `x509`, `dns_code`, `status` and `term_state`, as far as
/// `expect` has them.
///
/// @param source id of the line's source
/// @param marked whether something of the line is missing, so that not to understand it is no mistake
public record CorpusSample(String source, String line, boolean marked, JsonNode expect) {
    private static final Set<String> MARKS = Set.of("truncated", "truncated_head", "poster_redacted", "date_redacted");

    /// A thing that is not as it is known to be.
    ///
    /// @param what the name in `expect`
    public record Difference(String what, String expected, String got) {}

    /// Reads a line of the corpus.
    ///
    /// @throws IllegalArgumentException if it is none
    public static CorpusSample parse(ObjectReader json, String text) {
        try {
            JsonNode node = json.readTree(text);
            JsonNode expect = node.path("expect");
            if (!node.path("source").isTextual() || !node.path("line").isTextual() || !expect.isObject()) {
                throw new IllegalArgumentException("no line of a corpus (expected: source, line and expect)");
            }
            boolean marked = MARKS.stream().anyMatch(expect::has);
            return new CorpusSample(
                    node.path("source").textValue(), node.path("line").textValue(), marked, expect);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    public byte[] bytes() {
        return line.getBytes(StandardCharsets.UTF_8);
    }

    /// What differs between what is known and what was found. Of a marked line, what was not found is no
    /// difference.
    public List<Difference> differences(Explanation found) {
        List<Difference> differences = new ArrayList<>();
        compare("cause", found.signal(), differences);
        compare("upstream", found.upstream(), differences);
        compare("errno", found.errno(), differences);
        compare("x509", found.errno(), differences);
        compare("dns_code", found.errno(), differences);
        compare("status", found.status(), differences);
        compare("term_state", found.termination(), differences);
        return differences;
    }

    private void compare(String what, @Nullable Object found, List<Difference> differences) {
        JsonNode expected = expect.path(what);
        boolean known = !expected.isMissingNode();
        boolean excused = marked && found == null;
        if (known && !excused && !expected.asText().equals(String.valueOf(found))) {
            differences.add(new Difference(what, expected.asText(), String.valueOf(found)));
        }
    }
}
