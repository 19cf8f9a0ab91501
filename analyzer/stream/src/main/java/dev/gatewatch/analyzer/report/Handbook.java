package dev.gatewatch.analyzer.report;

import dev.gatewatch.analyzer.cause.Cause;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The handbook of causes: how each looks, why it comes about, and the commands to make sure of it and to
/// repair it. Its pages are `causes/*.md` on the class path, and may be read there as well as here.
public final class Handbook {
    private static final String FOLDER = "/dev/gatewatch/analyzer/causes/";

    /// The pages in their order: what operators meet most, first.
    private static final List<String> CAUSES = List.of(
            "backend_down",
            "wrong_upstream",
            "backend_timeout",
            "firewall",
            "tls_mismatch",
            "app_crash",
            "bad_response",
            "host_unreachable",
            "app_error",
            "proxy_exhausted",
            "unknown");

    private static final String PREFACE = """
            Words in {braces} are filled in where an incident shows these commands; words in CAPITALS are yours to fill in.
            A command marked (nginx), (haproxy) or (alb) is for this kind of proxy only.

            """;

    private final List<Page> pages;
    private final Map<String, Section> sections;

    private Handbook(List<Page> pages) {
        this.pages = List.copyOf(pages);
        this.sections = pages.stream()
                .flatMap(page -> page.sections().stream())
                .collect(Collectors.toUnmodifiableMap(
                        Section::name, Function.identity())); // throws IllegalStateException on a second of one name
    }

    /// Reads the pages.
    ///
    /// @throws IllegalStateException if a page is missing or malformed; names page, section and line
    public static Handbook read() {
        return new Handbook(CAUSES.stream()
                .map(cause -> PageReader.read(cause, load(cause)))
                .toList());
    }

    /// What to tell of a cause. The catalogue cannot find one without a section.
    public Section section(Cause.Id id) {
        String name = id.subCause().isEmpty() ? id.cause() : id.toString();
        Section section = sections.get(name);
        if (section == null) {
            throw new IllegalArgumentException(name + " (expected: a cause of the handbook)");
        }
        return section;
    }

    /// All pages, for a terminal.
    public String text() {
        return PREFACE + pages.stream().map(Page::text).collect(Collectors.joining("\n\n"));
    }

    /// One page (`backend_down`) or section (`backend_down/clean_stop`) for a terminal, empty if there is
    /// none.
    public Optional<String> text(String name) {
        Stream<String> page = pages.stream().filter(p -> p.cause().equals(name)).map(Page::text);
        Stream<String> section =
                Optional.ofNullable(sections.get(name)).stream().map(Section::text);
        return Stream.concat(page, section).findFirst();
    }

    private static String load(String cause) {
        try (InputStream page = Handbook.class.getResourceAsStream(FOLDER + cause + ".md")) {
            if (page == null) {
                throw new IllegalStateException(cause + ".md is missing on the class path");
            }
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + cause + ".md", e);
        }
    }
}
