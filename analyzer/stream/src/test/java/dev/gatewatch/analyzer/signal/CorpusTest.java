package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewatch.analyzer.grammar.AlbGrammar;
import dev.gatewatch.analyzer.grammar.AlbLine;
import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.grammar.Parsed;
import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.wire.SourceKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Lines from public threads and from a laboratory, each with what it says. Every line is read as it should
/// be, or stands in [#EXCEPTIONS] with the reason.
class CorpusTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What is read otherwise than the corpus has it: the beginning of the line, and why.
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "127.0.0.1:39692 [22/Nov/2026:13:54:02.894]", "a denied response and an invalid one look alike (PH--)",
            "<134>1 2026-11-22T13:55:16.881666+00:00", "the corpus calls sH-- a failed connection; it is a timeout");

    private static final Map<String, String> ACCESS_FORMATS = Map.of(
            "combined",
            "combined",
            "combined+upstream",
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\""
                    + " \"$http_user_agent\" rt=$request_time uct=\"$upstream_connect_time\""
                    + " uht=\"$upstream_header_time\" urt=\"$upstream_response_time\" ua=\"$upstream_addr\""
                    + " us=\"$upstream_status\" url=\"$upstream_response_length\"",
            "json",
            "{\"time\":\"$time_iso8601\",\"status\":$status,\"request\":\"$request\",\"ua\":\"$upstream_addr\","
                    + "\"us\":\"$upstream_status\",\"urt\":\"$upstream_response_time\",\"ref\":\"$http_referer\"}",
            "ingress-nginx-old",
            "$remote_addr - [$remote_addr] - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
                    + " \"$http_referer\" \"$http_user_agent\" $request_length $request_time [$proxy_upstream_name]"
                    + " $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id");

    record Sample(String source, String line, JsonNode expect) {
        String expected(String key) {
            return expect.path(key).asText("");
        }

        boolean isException() {
            return EXCEPTIONS.keySet().stream().anyMatch(line::startsWith);
        }

        @Override
        public String toString() {
            return source + " " + expected("cause") + ": " + line;
        }
    }

    private static List<Sample> all() {
        return Lines.resource("corpus.jsonl").stream().map(CorpusTest::sample).toList();
    }

    private static Sample sample(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            return new Sample(node.path("source").asText(), node.path("line").asText(), node.path("expect"));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("corpus: " + line, e);
        }
    }

    static Stream<Sample> samples() {
        return all().stream().filter(sample -> !sample.isException());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_line_says_what_the_corpus_has_it_say(Sample sample) {
        Reading reading = read(sample);
        assertThat(Lines.idOf(reading)).isEqualTo(sample.expected("cause"));
        if (reading instanceof Reading.Says says) {
            assertDetails(sample, says.signal());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void an_access_line_says_the_same_if_its_format_is_not_known(Sample sample) {
        if (sample.source.equals("nginx-access")) {
            Reading reading = Lines.read(Lines.context(SourceKind.NGINX_ACCESS), sample.line);
            assertThat(Lines.idOf(reading)).isEqualTo(sample.expected("cause"));
        }
    }

    @Test
    void a_balancer_tells_its_own_status_from_the_targets() {
        List<Sample> lines =
                all().stream().filter(sample -> sample.source.equals("alb")).toList();
        assertThat(lines).isNotEmpty().allSatisfy(sample -> {
            AlbLine line = ((Parsed.Ok<Optional<AlbLine>>)
                            new AlbGrammar().parse(Slice.of(sample.line).cursor()))
                    .record()
                    .orElseThrow();
            assertThat(line.status()).isEqualTo(sample.expect.path("status").asInt());
            assertThat(line.targetStatus())
                    .isEqualTo(sample.expect.path("target_status").asInt());
        });
    }

    @Test
    void all_lines_but_one_in_forty_are_read_as_they_should_be() {
        List<Sample> exceptions = all().stream().filter(Sample::isException).toList();
        assertThat(exceptions).hasSameSizeAs(EXCEPTIONS.keySet());
        assertThat(exceptions.size()).isLessThan(all().size() / 40);
        assertThat(exceptions.stream().map(Sample::source).collect(Collectors.toSet()))
                .containsExactly("haproxy");
    }

    private static Reading read(Sample sample) {
        if (sample.source.equals("journald-text")) {
            byte[] bytes = sample.line.getBytes(StandardCharsets.UTF_8);
            return new SignalReader().readText(Lines.context(SourceKind.JOURNALD), new Cursor(bytes, 0, bytes.length));
        }
        SourceKind source = SourceKind.ofId(sample.source).orElseThrow();
        String name = sample.expected("format");
        String format = source == SourceKind.NGINX_ACCESS && !sample.expect.has("truncated")
                ? ACCESS_FORMATS.getOrDefault(name, "")
                : "";
        return Lines.read(Lines.context(source, format, name.equals("json") ? "json" : "default"), sample.line);
    }

    private static void assertDetails(Sample sample, Signal signal) {
        switch (signal) {
            case Signal.Trouble trouble -> assertTrouble(sample, trouble);
            case Signal.Request request -> assertRequest(sample, request);
            case Signal.ServerState state -> assertState(sample, state);
            case Signal.KernelEvent event -> assertKernel(sample, event);
            case Signal.Packet packet -> {
                assertThat(packet.prefix()).isEqualTo(sample.expected("prefix"));
                assertThat(packet.destination()).isEqualTo(sample.expected("dst"));
                assertThat(packet.port()).isEqualTo(sample.expect.path("dpt").asInt());
            }
            case Signal.UnitEvent event -> {
                if (sample.expected("unit").contains(".")) {
                    assertThat(event.unit()).isEqualTo(sample.expected("unit"));
                }
            }
            case Signal.AppEvent event -> {
                if (sample.expect.has("pid")) {
                    assertThat(event.pid()).isEqualTo(sample.expect.path("pid").asInt());
                }
            }
            case Signal.ProxyEvent event ->
                assertThat(event.kind()).isEqualTo(sample.source.equals("haproxy") ? "haproxy" : "nginx");
        }
    }

    private static void assertTrouble(Sample sample, Signal.Trouble trouble) {
        if (sample.expect.has("upstream")) {
            String peer = peer(sample.expected("upstream"));
            boolean chosen = !trouble.id().equals("no_live_upstreams");
            assertThat(chosen ? trouble.server() : trouble.upstream()).isEqualTo(peer);
            assertThat(chosen ? trouble.upstream() : trouble.server()).isEmpty();
        }
        if (sample.expect.has("errno") || sample.expect.has("x509")) {
            String code = sample.expect.has("errno") ? "errno" : "x509";
            assertThat(trouble.errno()).isEqualTo(sample.expect.path(code).asInt());
        }
    }

    /// `http://127.0.0.1:18199/path`, without what is not the server.
    private static String peer(String upstream) {
        String peer = upstream.replaceFirst("^[a-z]+://", "");
        return peer.startsWith("unix:") ? peer.replaceFirst("(?<=.{6}):.*", "") : peer.replaceFirst("/.*", "");
    }

    private static void assertRequest(Sample sample, Signal.Request request) {
        if (sample.expect.has("status")) {
            assertThat(request.status()).isEqualTo(sample.expect.path("status").asInt());
        }
        assertThat(request.termination()).isEqualTo(sample.expected("term_state"));
        if (sample.expect.has("target")) {
            assertThat(request.server()).isEqualTo(sample.expected("target"));
        }
        String server = sample.expected("server");
        if (!server.isEmpty() && server.contains("/")) {
            String name = server.replaceFirst(".*/", "");
            assertThat(request.server()).isEqualTo(name.startsWith("<") ? "" : name);
        }
        if (sample.expect.has("upstream")) {
            String last = Objects.requireNonNull(
                    List.of(sample.expected("upstream").split(", | : ")).getLast());
            boolean named = !last.contains(":");
            assertThat(request.server()).isEqualTo(named ? "" : last);
            assertThat(request.upstream()).isEqualTo(named && !last.equals("-") ? last : "");
        }
    }

    private static void assertState(Sample sample, Signal.ServerState state) {
        String server = sample.expected("server");
        if (server.contains("/")) {
            assertThat(state.upstream() + "/" + state.server()).isEqualTo(server);
        }
        if (sample.expect.has("backend")) {
            assertThat(state.upstream()).isEqualTo(sample.expected("backend"));
        }
        String reason = switch (sample.expected("reason")) {
            case "L4CON" -> "Layer4 connection problem";
            case "L4TOUT" -> "Layer4 timeout";
            case "L4OK" -> "Layer4 check passed";
            case "HANA" -> "Health analyze";
            default -> state.reason();
        };
        assertThat(state.reason()).isEqualTo(reason);
    }

    private static void assertKernel(Sample sample, Signal.KernelEvent event) {
        assertThat(event.pid()).isEqualTo(sample.expect.path("pid").asInt(-1));
        assertThat(event.process()).isEqualTo(sample.expected("comm"));
        if (sample.expect.has("port") || sample.expect.has("iface")) {
            assertThat(event.detail()).isEqualTo(sample.expected("port") + sample.expected("iface"));
        }
    }
}
