package dev.gatewatch.standalone.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.gatewatch.analyzer.explain.Explanation;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Explained lines as JSON, an object a line, all keys in each:
///
/// ```
/// {"source":"nginx-error","signal":"connect_refused","upstream":"http://…","errno":111,"status":502,"termination":null,"means":"…","causes":["backend_down/clean_stop"]}
/// ```
/// Whatever is not ASCII is escaped, so that it cannot drive a terminal either.
final class ExplainedJson implements ExplainedLines {
    private final JsonGenerator json;

    ExplainedJson(OutputStream out) throws IOException {
        json = JsonFactory.builder()
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .build()
                .createGenerator(out)
                .setRootValueSeparator(null);
    }

    @Override
    public void write(String place, byte[] line, int length, Explanation explanation) throws IOException {
        json.writeStartObject();
        text(
                "source",
                explanation.source() == null ? null : explanation.source().id());
        text("signal", explanation.signal());
        text("upstream", explanation.upstream());
        number("errno", explanation.errno());
        number("status", explanation.status());
        text("termination", explanation.termination());
        text("means", explanation.means());
        causes(explanation);
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private void causes(Explanation explanation) throws IOException {
        json.writeFieldName("causes");
        if (explanation.causes().isEmpty()) {
            json.writeNull();
            return;
        }
        json.writeStartArray();
        for (String cause : explanation.causes()) {
            json.writeString(cause);
        }
        json.writeEndArray();
    }

    private void text(String key, @Nullable String value) throws IOException {
        json.writeFieldName(key);
        json.writeString(value);
    }

    private void number(String key, @Nullable Integer value) throws IOException {
        json.writeFieldName(key);
        if (value == null) {
            json.writeNull();
        } else {
            json.writeNumber(value);
        }
    }

    @Override
    public void flush() throws IOException {
        json.flush();
    }
}
