package dev.gatewatch.alerts.page;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatewatch.alerts.board.View;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.IncidentJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Incidents as JSON: each as it is on the topic.
final class Api {
    private final IncidentJson incidents = new IncidentJson();
    private final JsonMapper json = new JsonMapper();

    Response list(View view, Filter filter) {
        List<Incident> matching = filter.matching(view);
        return write(200, out -> {
            out.writeNumberField("version", view.version());
            out.writeBooleanField("complete", view.complete());
            out.writeNumberField("total", matching.size());
            out.writeArrayFieldStart("incidents");
            for (Incident incident : matching.subList(0, Math.min(matching.size(), filter.limit()))) {
                out.writeRawValue(encode(incident));
            }
            out.writeEndArray();
        });
    }

    Response one(Incident incident) {
        return Response.json(200, encode(incident));
    }

    Response error(int status, String sentence) {
        return write(status, out -> {
            out.writeNumberField("status", status);
            out.writeStringField("error", sentence);
        });
    }

    @FunctionalInterface
    private interface Members {
        void write(JsonGenerator out) throws IOException;
    }

    private String encode(Incident incident) {
        return new String(incidents.encode(incident), StandardCharsets.UTF_8);
    }

    private Response write(int status, Members members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = json.createGenerator(text)) {
            out.writeStartObject();
            members.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return Response.json(status, text.toString());
    }
}
