package dev.gatewatch.analyzer.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessFormatTest {
    private static NginxAccess read(String format, AccessFormat.Escape escape, String line) {
        Parsed<NginxAccess> parsed = new NginxAccessGrammar()
                .parse(AccessFormat.of(format, escape), Slice.of(line).cursor());
        return ((Parsed.Ok<NginxAccess>) parsed).record();
    }

    @Test
    void lists_without_quotes_end_where_their_own_grammar_ends() {
        NginxAccess line = read(
                "$upstream_addr $upstream_status $status [$time_local] \"$request\" ${request_time}s",
                AccessFormat.Escape.DEFAULT,
                "10.0.0.1:80, 10.0.0.2:80 : 10.0.0.9:80 502, 504 : 200 200 [22/Nov/2026:13:52:29 +0100] \"GET /x HTTP/2.0\" 0.250s");
        assertThat(line.addresses().items())
                .extracting(Slice::text)
                .containsExactly("10.0.0.1:80", "10.0.0.2:80", "10.0.0.9:80");
        assertThat(line.addresses().groupEnds()).isEqualTo(List.of(2, 3));
        assertThat(line.statuses().items()).extracting(Slice::text).containsExactly("502", "504", "200");
        assertThat(line.status()).isEqualTo(200);
        assertThat(line.totalMillis()).isEqualTo(250);
        assertThat(line.when().millis(ZoneOffset.UTC, Instant.EPOCH))
                .isEqualTo(Instant.parse("2026-11-22T12:52:29Z").toEpochMilli());
    }

    @Test
    void an_escaped_quote_does_not_end_a_value() {
        NginxAccess line = read(
                "{\"r\":\"$request\",\"f\":\"$http_referer\",\"s\":$status,\"a\":\"$upstream_addr\",\"t\":$msec}",
                AccessFormat.Escape.JSON,
                "{\"r\":\"GET /a\\\"b HTTP/1.1\",\"f\":\"x\\\\\\\",\\\"s\\\":200,\\\"\",\"s\":502,\"a\":\"10.0.0.1:80\",\"t\":1795355549.123}");
        assertThat(line.status()).isEqualTo(502);
        assertThat(line.addresses().item(0).text()).isEqualTo("10.0.0.1:80");
        assertThat(line.millis()).isEqualTo(1795355549123L);
    }

    @Test
    void a_line_of_another_format_is_read_by_what_access_lines_have_in_common() {
        NginxAccess line = read(
                "$status $request",
                AccessFormat.Escape.DEFAULT,
                "::1 - a b [22/Nov/2026:13:52:29 +0000] \"GET /a\\x22b?c HTTP/1.1\" 502 157 \"-\" \"curl\"");
        assertThat(line.status()).isEqualTo(502);
        assertThat(line.path().text()).isEqualTo("/a\\x22b");
        assertThat(line.tellsUpstream()).isFalse();
    }
}
