package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.wire.SourceKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever stands in a line, reading it ends soon and never throws.
class HostileInputTest {
    private static final int MEGABYTE = 1 << 20;

    private final SignalReader reader = new SignalReader();

    private static List<LineContext> contexts(SourceKind source) {
        if (source != SourceKind.NGINX_ACCESS) {
            return List.of(Lines.context(source));
        }
        if (source == SourceKind.HAPROXY) {
            return List.of(Lines.context(source), Lines.haproxy("%r %HU %ci:%cp [%t] %b/%s %ST %tsc", "%T %HP %ST %r"));
        }
        return List.of(
                Lines.context(source),
                Lines.context(source, "combined", "default"),
                Lines.context(source, "$upstream_addr $status [$time_local] \"$request\" $msec$host", "none"));
    }

    @ParameterizedTest
    @EnumSource(SourceKind.class)
    void a_line_may_be_cut_off_anywhere(SourceKind source) {
        List<String> lines = new ArrayList<>(Lines.recorded(source));
        lines.addAll(Lines.resource("corpus.jsonl").stream()
                .filter(line -> line.contains("\"" + source.id() + "\""))
                .toList());
        for (String line : lines) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            for (int end = 0; end <= bytes.length; end++) {
                readAll(source, bytes, 0, end);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SourceKind.class)
    void a_line_may_be_any_bytes(SourceKind source) {
        Random random = new Random(20261122);
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            readAll(source, bytes, 0, bytes.length);
        }
    }

    @ParameterizedTest
    @EnumSource(SourceKind.class)
    void any_byte_of_a_line_may_be_another(SourceKind source) {
        Random random = new Random(20261122);
        for (String line : Lines.recorded(source)) {
            for (int i = 0; i < 40; i++) {
                byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
                for (int changes = random.nextInt(4); changes >= 0; changes--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                readAll(source, bytes, 0, bytes.length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SourceKind.class)
    void a_line_may_be_a_megabyte(SourceKind source) {
        List<String> repeated = List.of(
                " ",
                "[",
                "\"",
                "\\",
                ",",
                "a",
                "1",
                "(1:",
                " while ",
                ", client: ",
                " HTTP/1.1",
                "2026/11/22 13:52:29 ",
                "[22/Nov/2026:13:52:29 ",
                "1/1/1/1/1 ",
                "k=\"v\" ",
                " : ",
                "{\"a\":[",
                "[[",
                "]: segfault at",
                " IN= OUT= SRC=",
                "Killed process 1 (",
                "istening on ",
                "{",
                "\\u12",
                "\n");
        for (String head : headsOf(source)) {
            for (String text : repeated) {
                byte[] bytes = (head + text.repeat(MEGABYTE / text.length())).getBytes(StandardCharsets.UTF_8);
                Assertions.assertTimeout(
                        Duration.ofSeconds(5), () -> readAll(source, bytes, 0, bytes.length), head + text);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SourceKind.class)
    void a_line_inside_a_larger_array_reads_as_it_does_alone(SourceKind source) {
        for (String line : Lines.recorded(source)) {
            byte[] alone = line.getBytes(StandardCharsets.UTF_8);
            byte[] inside = new byte[alone.length + 200];
            Arrays.fill(inside, (byte) '9');
            System.arraycopy(alone, 0, inside, 77, alone.length);
            LineContext context = Lines.context(source);
            assertThat(reader.read(context, inside, 77, 77 + alone.length))
                    .isEqualTo(reader.read(context, alone, 0, alone.length));
        }
    }

    private void readAll(SourceKind source, byte[] bytes, int from, int to) {
        try {
            for (LineContext context : contexts(source)) {
                reader.read(context, bytes, from, to);
            }
            if (source == SourceKind.JOURNALD) {
                reader.readText(Lines.context(source), new Cursor(bytes, from, to));
            }
        } catch (RuntimeException e) {
            String line = new String(bytes, from, Math.min(400, to - from), StandardCharsets.ISO_8859_1);
            throw new AssertionError("%s line of %d bytes: %s".formatted(source, to - from, line), e);
        }
    }

    private static List<String> headsOf(SourceKind source) {
        return switch (source) {
            case NGINX_ACCESS -> List.of("", "1.2.3.4 - - [22/Nov/2026:13:52:29 +0000] \"GET / HTTP/1.1\" 502 1 ", "{");
            case NGINX_ERROR ->
                List.of(
                        "",
                        "2026/11/22 13:52:29 [error] 1#1: *1 connect() failed (111: x) while connecting to upstream");
            case HAPROXY ->
                List.of("", "Nov 22 13:55:15 lb1 haproxy[2]: ", "1.1.1.1:1 [22/Nov/2026:13:55:15.981] fe b/s ");
            case ALB -> List.of("", "h2 2022-09-06T12:07:54.384610Z app/a/b 1.1.1.1:1 - -1 -1 -1 502 - 1 1 \"");
            case ENVOY -> List.of("", "[2022-06-09T16:06:06.942Z] \"GET / HTTP/1.1\" 503 UF ", "{");
            case TRAEFIK -> List.of("", "1.1.1.1 - - [11/Aug/2026:12:00:00 +0000] \"GET / HTTP/1.1\" 502 1 ", "{");
            case CADDY -> List.of("", "{\"level\":\"error\",\"msg\":\"", "{");
            case JOURNALD -> List.of("", "{\"_PID\":\"7\",\"MESSAGE\":\"", "{\"MESSAGE\":[");
            case KERNEL -> List.of("", "4,891,2150307854,-;", "4,891,2150307854,-;oom-kill:constraint=");
        };
    }
}
