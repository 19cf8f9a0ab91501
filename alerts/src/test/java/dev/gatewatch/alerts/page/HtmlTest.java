package dev.gatewatch.alerts.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTest {
    @Test
    void textCannotBecomeMarkup() {
        assertThat(markup(Html.text("<script>alert('1')</script> & \"co\"")))
                .isEqualTo("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;co&quot;");
    }

    @Test
    void anAttributeCannotBeLeft() {
        assertThat(markup(new Element(Tag.SPAN).set(Attr.TITLE, "\" onclick=\"x()\"><b>")))
                .isEqualTo("<span title=\"&quot; onclick=&quot;x()&quot;&gt;&lt;b&gt;\"></span>");
    }

    @Test
    void controlAndReorderingCharactersAreShown() {
        assertThat(markup(Html.text("a\u0000\u001b[31m\u202egnp\ud800z\n\t𝄞")))
                .isEqualTo("a\\u0000\\u001b[31m\\u202egnp\ufffdz\n\t𝄞");
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example", "evil", ""})
    void addressesThatABrowserShouldNotFollowAreRefused(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Element(Tag.A).set(Attr.HREF, address));
    }

    @Test
    void longTextIsCutAndSaysSo() {
        assertThat(Words.cut("x".repeat(1_000_000), 10)).isEqualTo("xxxxxxxxxx… (999\u202f990 more characters)");
        assertThat(Words.cut("𝄞𝄞", 3)).startsWith("𝄞…");
    }

    @ParameterizedTest
    @CsvSource({
        "300, 0.3 s",
        "9999, 10.0 s",
        "12000, 12 s",
        "60000, 1 min",
        "97000, 1 min 37 s",
        "3900000, 1 h 5 min",
        "90000000, 1 d 1 h",
        "-5, 0.0 s"
    })
    void spansAreReadable(long millis, String text) {
        assertThat(Words.span(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void idsAreReadable() {
        assertThat(Words.cause("tls_mismatch", "https_to_http")).isEqualTo("TLS mismatch, HTTPS to HTTP");
        assertThat(Words.cause("unknown", null)).isEqualTo("Unknown");
        assertThat(Words.percent(0.974)).isEqualTo("97\u202f%");
        assertThat(Words.percent(0.021)).isEqualTo("2.1\u202f%");
    }

    private static String markup(Html html) {
        StringBuilder out = new StringBuilder();
        html.write(out);
        return out.toString();
    }
}
