package dev.gatewatch.analyzer.proxies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.signal.LineContext;
import dev.gatewatch.analyzer.signal.SignalReader;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Lines that NGINX 1.22 and HAProxy 2.6 wrote for [NginxLinesIT] and [HaproxyLinesIT] say what they said then.
class EmittedLinesTest {
    private static final Instant READ_AT = Instant.parse("2026-11-22T21:00:00Z");

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("nginx-error", SourceKind.NGINX_ERROR, ""),
                Arguments.of("nginx-console", SourceKind.NGINX_ERROR, ""),
                Arguments.of("nginx-timed", SourceKind.NGINX_ACCESS, Nginx.FORMATS.get("timed")),
                Arguments.of("nginx-json", SourceKind.NGINX_ACCESS, Nginx.FORMATS.get("json")),
                Arguments.of("nginx-ingress", SourceKind.NGINX_ACCESS, Nginx.FORMATS.get("ingress")),
                Arguments.of("haproxy-haproxy", SourceKind.HAPROXY, ""),
                Arguments.of("haproxy-console", SourceKind.HAPROXY, ""));
    }

    @ParameterizedTest
    @MethodSource("files")
    void a_line_says_what_it_said(String file, SourceKind source, String format) throws IOException {
        String escape = file.endsWith("json") ? "json" : "default";
        LineContext context = new LineContext(source, ZoneOffset.UTC, READ_AT, null, format, escape);
        SignalReader reader = new SignalReader();
        assertThat(lines(file)).hasSizeGreaterThan(1).allSatisfy(line -> {
            int tab = line.indexOf('\t');
            byte[] bytes = line.substring(tab + 1).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(String.join(" ", Words.of(reader.read(context, bytes, 0, bytes.length))))
                    .isEqualTo(line.substring(0, tab));
        });
    }

    private static List<String> lines(String file) throws IOException {
        try (InputStream in = EmittedLinesTest.class.getResourceAsStream("emitted/" + file + ".tsv")) {
            return List.of(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).split("\n"));
        }
    }
}
