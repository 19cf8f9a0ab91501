package dev.gatewatch.analyzer.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.gatewatch.analyzer.explain.CorpusSample;
import dev.gatewatch.analyzer.read.Traffic;
import dev.gatewatch.analyzer.signal.LineContext;
import dev.gatewatch.analyzer.signal.Lines;
import dev.gatewatch.wire.SourceKind;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Real lines to begin with, and the contexts that lines are read in.
final class Seeds {
    static final List<String> ESCAPES = List.of("default", "json", "none");

    /// HAProxy's formats.
    static final List<String> HAPROXY_FORMATS = List.of(
            "%ci:%cp [%t] %ft %b/%s %Tq/%Tw/%Tc/%Tr/%Tt %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r"
                    + " fc=%[fc_err] id=%ID",
            "{\"ts\":\"%trl\",\"fe\":\"%f\",\"be\":\"%b\",\"srv\":\"%s\",\"status\":%ST,\"term\":\"%tsc\",\"Ta\":%Ta,"
                    + "\"path\":\"%HP\",\"ua\":\"%[capture.req.hdr(0),json]\"}",
            "%{+Q}o %T %{-Q}r %HU %ci:%cp %b %s st=%ST %{+E}tsc %{+X}Ta %rc %hrl");

    private static final ObjectReader JSON = new ObjectMapper().reader();

    private Seeds() {}

    /// Each way in which lines of the source are read.
    static List<LineContext> contexts(SourceKind source) {
        List<LineContext> contexts = new ArrayList<>(List.of(Lines.context(source)));
        if (source == SourceKind.NGINX_ACCESS) {
            for (String format : formats()) {
                ESCAPES.forEach(escape -> contexts.add(Lines.context(source, format, escape)));
            }
        }
        if (source == SourceKind.HAPROXY) {
            HAPROXY_FORMATS.forEach(format -> contexts.add(Lines.haproxy(format)));
            contexts.add(Lines.haproxy(HAPROXY_FORMATS.toArray(String[]::new)));
        }
        return contexts;
    }

    /// Formats of access logs.
    static List<String> formats() {
        Set<String> formats = new LinkedHashSet<>();
        Arrays.stream(Traffic.values()).map(Traffic::format).forEach(formats::add);
        formats.remove("");
        formats.add("$upstream_addr $status [$time_local] \"$request\" $msec$host");
        return List.copyOf(formats);
    }

    /// Recorded lines of the source, and those of the corpus.
    static List<String> lines(SourceKind source) {
        List<String> lines = new ArrayList<>(Lines.recorded(source));
        lines.addAll(corpus(source.id()));
        if (source == SourceKind.HAPROXY) {
            lines.addAll(Lines.resource("lines/haproxy-formats.log"));
        }
        return lines;
    }

    /// The corpus's lines of the source.
    static List<String> corpus(String source) {
        return Lines.resource("corpus.jsonl").stream()
                .map(line -> CorpusSample.parse(JSON, line))
                .filter(sample -> sample.source().equals(source))
                .map(CorpusSample::line)
                .toList();
    }

    /// Bytes that choose something, and a text.
    static byte[] seed(String text, int... choices) {
        ByteArrayOutputStream seed = new ByteArrayOutputStream();
        for (int choice : choices) {
            seed.write(choice);
        }
        seed.writeBytes(text.getBytes(UTF_8));
        return seed.toByteArray();
    }

    /// The item that a byte chooses.
    static <T> T choice(List<T> items, byte choice) {
        return items.get((choice & 0xFF) % items.size());
    }
}
