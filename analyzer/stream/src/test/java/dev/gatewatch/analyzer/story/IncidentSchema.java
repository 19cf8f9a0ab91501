package dev.gatewatch.analyzer.story;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.gatewatch.incident.IncidentJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/// The published schema of incidents.
final class IncidentSchema {
    private static final Schema SCHEMA = read();

    private IncidentSchema() {}

    private static Schema read() {
        try (InputStream schema = IncidentJson.schema()) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema, InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Error> errors(byte[] incident) {
        return SCHEMA.validate(new String(incident, UTF_8), InputFormat.JSON);
    }
}
