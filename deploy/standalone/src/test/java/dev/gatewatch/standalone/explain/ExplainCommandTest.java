package dev.gatewatch.standalone.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewatch.program.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-22T14:10:00Z"));

    private static final String REFUSED =
            "2026/11/22 13:52:29 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream,"
                    + " client: 10.0.0.9, server: shop, request: \"GET /a HTTP/1.1\", upstream: \"http://10.0.0.1:80/a\","
                    + " host: \"shop\"";
    private static final String SERVED =
            "10.0.0.9 - - [22/Nov/2026:13:52:32 +0000] \"GET / HTTP/1.1\" 200 2 \"-\" \"curl/8\"";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(byte[] input, String... arguments) {
        return new ExplainCommand(new ByteArrayInputStream(input), new Output(out), print(err), CLOCK)
                .run(List.of(arguments));
    }

    private int run(String input, String... arguments) {
        return run(input.getBytes(UTF_8), arguments);
    }

    private static PrintStream print(OutputStream to) {
        return new PrintStream(to, true, UTF_8);
    }

    private static String text(ByteArrayOutputStream from) {
        return from.toString(UTF_8);
    }

    @Test
    void a_line_that_says_something_is_printed_with_what_it_means() {
        assertThat(run(REFUSED + "\n" + SERVED + "\nhello\n")).isZero();

        assertThat(text(out).lines().toList())
                .hasSize(6)
                .startsWith(REFUSED)
                .anyMatch(line -> line.startsWith("  connect_refused (nginx-error, 2026-11-22T13:52:29"))
                .contains(
                        "  upstream http://10.0.0.1:80/a, errno 111, status 502 unless another server is tried, path /a")
                .anyMatch(line -> line.contains("nobody listens"))
                .anyMatch(line -> line.startsWith("  speaks for backend_down/clean_stop, "));
        assertThat(text(err))
                .isEqualTo("gatewatch explain: 3 lines read: 1 say something, 1 are ordinary, 1 were not understood\n");
    }

    @Test
    void json_has_an_object_for_each_line_and_all_keys_in_order() throws IOException {
        assertThat(run(REFUSED + "\n\n" + SERVED + "\nhello", "--json")).isZero();

        List<JsonNode> objects = new ArrayList<>();
        for (String line : text(out).lines().toList()) {
            objects.add(JSON.readTree(line));
        }
        assertThat(objects)
                .hasSize(4)
                .allSatisfy(object -> assertThat(object.fieldNames())
                        .toIterable()
                        .containsExactly(
                                "source", "signal", "upstream", "errno", "status", "termination", "means", "causes"));
        assertThat(text(out).lines().toList().getFirst())
                .startsWith(
                        "{\"source\":\"nginx-error\",\"signal\":\"connect_refused\",\"upstream\":\"http://10.0.0.1:80/a\","
                                + "\"errno\":111,\"status\":502,\"termination\":null,\"means\":\"The server's host answered");
        assertThat(objects.get(0).path("causes")).isNotEmpty();
        assertThat(objects.get(1)).allMatch(JsonNode::isNull);
        assertThat(objects.get(2).path("signal").textValue()).isEqualTo("status_ok");
        assertThat(objects.get(2).path("causes").isNull()).isTrue();
        assertThat(objects.get(3)).allMatch(JsonNode::isNull);
    }

    @Test
    void files_are_read_one_after_the_other_and_named() throws IOException {
        Path one = Files.writeString(folder.resolve("one.log"), "x\n" + REFUSED);
        Path two = Files.writeString(folder.resolve("two.log"), REFUSED + "\r\n");

        assertThat(run("", one.toString(), two.toString())).isZero();

        assertThat(text(out)).contains(one + ":2: " + REFUSED + "\n", two + ":1: " + REFUSED);
        assertThat(text(err)).contains("3 lines read: 2 say something");
    }

    @Test
    void a_dash_is_standard_input() {
        assertThat(run(REFUSED, "--source", "nginx-error", "-")).isZero();
        assertThat(text(out)).startsWith(REFUSED);
    }

    @Test
    void a_source_that_is_told_is_the_only_one() {
        assertThat(run(REFUSED, "--source=haproxy")).isZero();
        assertThat(text(out)).isEmpty();
        assertThat(text(err)).contains("0 say something, 0 are ordinary, 1 were not understood");
    }

    @Test
    void a_hostile_line_cannot_drive_the_terminal() {
        String line = REFUSED.replace("/a", "/\u001b]0;pwned\u0007\u009b2J\u202e");
        assertThat(run(line + "\n" + line + "\u0000")).isZero();
        assertThat(run(line, "--json")).isZero();
        assertThat(text(out))
                .contains("/\\x1b]0;pwned\\x07\\x9b2J\\u{202e}")
                .doesNotContain("\u001b", "\u009b", "\u202e", "\u0007", "\u0000");
    }

    @Test
    void a_line_that_is_too_long_is_cut_and_that_is_said() {
        assertThat(run(REFUSED.replace("host: \"shop\"", "host: \"" + "x".repeat(2 << 20)) + "\n" + REFUSED + "\n"))
                .isZero();
        assertThat(text(out).lines().filter(line -> line.startsWith("  connect_refused ")))
                .hasSize(2);
        assertThat(text(err))
                .contains("gatewatch explain: line 1 has 2097", "the first 1048576 is passed over", "2 lines read");
    }

    @Test
    void noise_is_not_understood_and_does_no_harm() {
        byte[] noise = new byte[300_000];
        new Random(11).nextBytes(noise);
        assertThat(run(noise)).isZero();
        assertThat(run(noise, "--json")).isZero();
        assertThat(text(err)).contains(" 0 say something");
    }

    @Test
    void a_file_that_is_not_there_is_wrong_usage_before_anything_is_read() throws IOException {
        Path there = Files.writeString(folder.resolve("there.log"), REFUSED);
        Path missing = folder.resolve("missing.log");

        assertThat(run("", there.toString(), missing.toString())).isEqualTo(2);
        assertThat(text(out)).isEmpty();
        assertThat(text(err)).isEqualTo("gatewatch explain: " + missing + " does not exist\n");
        assertThat(run("", folder.toString())).isEqualTo(2);
        assertThat(run("", "--corpus", missing.toString())).isEqualTo(2);
        assertThat(run("", "a\u0000b")).isEqualTo(2);
    }

    @Test
    void wrong_usage_is_told() {
        assertThat(run("", "--jsno")).isEqualTo(2);
        assertThat(run("", "--source", "nginx")).isEqualTo(2);
        assertThat(run("", "--source")).isEqualTo(2);
        assertThat(run("", "--corpus", "a", "--json")).isEqualTo(2);
        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines().toList())
                .hasSize(4)
                .allMatch(line -> line.startsWith("gatewatch explain: "))
                .anyMatch(line -> line.contains("unknown option '--jsno' (expected: --json,"))
                .anyMatch(line -> line.contains("no source 'nginx' (expected: nginx-access, nginx-error,"))
                .anyMatch(line -> line.contains("--source needs a value"));
    }

    @Test
    void help_is_printed() {
        assertThat(run("", "--help")).isZero();
        assertThat(text(out))
                .startsWith("usage: gatewatch explain [--json]")
                .contains("journald-text", "--corpus FILE");
    }

    @Test
    void a_corpus_that_agrees_is_a_table() throws IOException {
        Path corpus = corpus("{\"cause\":\"connect_refused\",\"errno\":111}");

        assertThat(run("", "--corpus", corpus.toString())).isZero();

        assertThat(text(out).lines().toList()).hasSize(3);
        assertThat(text(out))
                .containsPattern("nginx-error +1 +1 +0 +0 +0 +0 +0\n")
                .containsPattern("all +1 +1 +0 ");
    }

    @Test
    void each_difference_of_a_corpus_is_printed() throws IOException {
        Path corpus = corpus("{\"cause\":\"no_route\",\"errno\":113}", "{\"cause\":\"connect_refused\"}");

        assertThat(run("", "--corpus", corpus.toString())).isEqualTo(1);

        assertThat(text(out))
                .contains(
                        "1 nginx-error: cause is connect_refused, not no_route\n1 nginx-error: errno is 111, not 113\n  "
                                + REFUSED)
                .containsPattern("nginx-error +2 +1 +1 +0 ");
    }

    @Test
    void a_source_that_nothing_reads_is_not_judged() throws IOException {
        Path corpus = Files.writeString(
                folder.resolve("c.jsonl"), "{\"source\":\"varnish\",\"line\":\"x\",\"expect\":{\"cause\":\"ok\"}}\n");
        assertThat(run("", "--corpus", corpus.toString())).isZero();
        assertThat(text(out)).contains("1 varnish: not judged").containsPattern("varnish +1 +0 +0 +0 +0 +0 +1\n");
    }

    @Test
    void what_is_no_corpus_is_told_by_its_line() throws IOException {
        Path file = Files.writeString(folder.resolve("x.log"), REFUSED);
        assertThat(run("", "--corpus", file.toString())).isEqualTo(2);
        assertThat(text(err)).contains(file + ":1: no JSON: ");
    }

    private Path corpus(String... expectations) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String expect : expectations) {
            String line = JSON.writeValueAsString(REFUSED);
            lines.append("{\"source\":\"nginx-error\",\"line\":%s,\"expect\":%s}\n".formatted(line, expect));
        }
        return Files.writeString(folder.resolve("corpus.jsonl"), lines);
    }

    @Test
    void reading_ends_when_nobody_listens_any_more() {
        Output closed = failing("Broken pipe");
        byte[] lines = (REFUSED + "\n").repeat(10_000).getBytes(UTF_8);
        ByteArrayInputStream input = new ByteArrayInputStream(lines);
        assertThat(new ExplainCommand(input, closed, print(err), CLOCK).run(List.of("--json")))
                .isEqualTo(1);
        assertThat(input.available()).isPositive();
        assertThat(text(err)).contains("nobody reads standard output");
    }

    @Test
    void reading_ends_when_the_disk_is_full() {
        Output full = failing("No space left on device");
        byte[] lines = (REFUSED + "\n").repeat(10_000).getBytes(UTF_8);
        ByteArrayInputStream input = new ByteArrayInputStream(lines);
        assertThat(new ExplainCommand(input, full, print(err), CLOCK).run(List.of("--json")))
                .isEqualTo(1);
        assertThat(input.available()).isPositive();
        assertThat(full.failure()).isPresent();
        assertThat(text(err)).isEmpty();
    }

    private static Output failing(String why) {
        return new Output(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(why);
            }
        });
    }
}
