package dev.gatewatch.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PageReaderTest {
    private static final String GOOD = """
            # weather

            It is outside.

            ## rain
            Water falls.

            **What you see.** Drops
            and puddles.

            **Why.** Clouds.

            **What to do.** Wait.

            ```diagnose
            look {host}
            ```

            ```repair
            # edit {unit}
            umbrella open
            ```
            """;

    private static Stream<Arguments> bad() {
        return Stream.of(
                argumentSet("other title", "# weather", "# climate", "# weather"),
                argumentSet("no summary", "Water falls.\n", "", "one sentence on one line"),
                argumentSet("summary of two lines", "Water falls.", "Water\nfalls.", "one sentence on one line"),
                argumentSet("summary without end", "Water falls.", "Water falls", "one sentence on one line"),
                argumentSet("no reason", "**Why.** Clouds.", "", "**Why.**"),
                argumentSet("parts in another order", "**Why.** Clouds.", "**What to do.** Wait.", "**Why.**"),
                argumentSet("no diagnosis", "```diagnose\nlook {host}\n```", "", "```diagnose"),
                argumentSet("empty diagnosis", "look {host}\n", "", "a command in the block diagnose"),
                argumentSet("block without end", "umbrella open\n```", "umbrella open", "end of the block repair"),
                argumentSet("unknown placeholder", "{host}", "{hots}", "instead of {hots}"),
                argumentSet("comment that is no edit", "# edit {unit}", "# look", "# edit"),
                argumentSet("something more", "umbrella open\n```\n", "umbrella open\n```\nmore\n", "## sub_cause"));
    }

    @Test
    void reads_a_page() {
        Page page = PageReader.read("weather", GOOD);

        assertThat(page.about()).isEqualTo("It is outside.");
        assertThat(page.sections())
                .containsExactly(new Section(
                        "weather.md#rain",
                        "weather/rain",
                        "Water falls.",
                        "Drops\nand puddles.",
                        "Clouds.",
                        "Wait.",
                        List.of("look {host}"),
                        List.of("# edit {unit}", "umbrella open")));
    }

    @Test
    void a_page_without_sections_is_one() {
        Page page = PageReader.read("weather", GOOD.replace("\nIt is outside.\n\n## rain\n", ""));

        assertThat(page.sections()).singleElement().satisfies(section -> {
            assertThat(section.page()).isEqualTo("weather.md");
            assertThat(section.name()).isEqualTo("weather");
        });
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refuses_a_malformed_page_and_says_where(String good, String instead, String expected) {
        assertThatThrownBy(() -> PageReader.read("weather", GOOD.replace(good, instead)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("weather.md")
                .hasMessageContaining(expected);
    }
}
