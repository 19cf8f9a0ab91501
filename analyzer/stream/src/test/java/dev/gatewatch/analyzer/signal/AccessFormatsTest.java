package dev.gatewatch.analyzer.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.signal.Signal.Outcome;
import dev.gatewatch.wire.SourceKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Access lines of NGINX whose format is not known, or that are not whole: objects that are no JSON, lines
/// that are cut, and what ingress-nginx writes.
class AccessFormatsTest {
    private static final String INGRESS =
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\""
                    + " \"$http_user_agent\" $request_length $request_time [$proxy_upstream_name]"
                    + " [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length"
                    + " $upstream_response_time $upstream_status $req_id";
    private static final String ID = " fe6be479c010011d63bfc5779e575e71";

    private static Signal.Request request(String line) {
        return (Signal.Request) ((Reading.Says) Lines.read(SourceKind.NGINX_ACCESS, line)).signal();
    }

    private static String ingress(int status, String tail) {
        return "10.0.12.116 - - [02/Jan/2019:14:32:28 +0000] \"GET /report HTTP/1.1\" " + status
                + " 834 \"-\" \"Siege/4.0.4\" 756 5.284 [default-orders-80] [] " + tail + ID;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | 172.20.145.83:80 1990 0.284 200 | status_ok | SERVED | 172.20.145.83:80 | 0",
                "502 | 10.0.0.1:80 0 0.001 502 | status_5xx | FAILED | 10.0.0.1:80 | 0",
                "502 | 10.0.0.1:80 559 0.001 502 | pass_through | PASSED_THROUGH | 10.0.0.1:80 | 0",
                "504 | 10.0.0.1:80, 10.0.0.1:80, 10.0.0.2:80 0, 0, 0 5.000, 5.001, 5.000 504, 504, 504 | status_5xx | FAILED | 10.0.0.2:80 | 2",
                "200 | 10.0.0.1:80, 10.0.0.2:80 0, 12 0.000, 0.010 502, 200 | masked | MASKED | 10.0.0.2:80 | 1",
                "200 | 10.0.0.1:80 : 10.0.0.9:80 0 : 12 0.000 : 0.010 502 : 200 | masked | MASKED | 10.0.0.9:80 | 1",
                "503 | - - - - | no_server | FAILED | '' | 0",
                "404 | - - - - | local_response | ASIDE | '' | 0"
            })
    void ingress_nginx_tells_its_tries_without_quotes(
            int status, String tail, String id, Outcome outcome, String server, int retries) {
        String line = ingress(status, tail);
        Signal.Request request = request(line);
        assertThat(request.id()).isEqualTo(id);
        assertThat(request.outcome()).isEqualTo(outcome);
        assertThat(request.server()).isEqualTo(server);
        assertThat(request.retries()).isEqualTo(retries);
        assertThat(request.totalMillis()).isEqualTo(5_284);
        assertThat(Lines.read(Lines.context(SourceKind.NGINX_ACCESS, INGRESS, "default"), line))
                .isEqualTo(new Reading.Says(request));
    }

    @Test
    void without_endpoints_the_services_name_is_all_there_is() {
        assertThat(request(ingress(503, "- - - -")).upstream()).isEqualTo("default-orders-80");
        assertThat(request(ingress(503, "- - - -").replace("default-orders-80", ""))
                        .id())
                .isEqualTo("limit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.12.116 - [10.0.12.116] - - [02/Jan/2019:14:32:28 +0000] \"GET /r HTTP/1.1\" 502 834 \"-\" \"S\" 756 0.284"
                        + " [default-orders-80] 10.0.0.1:80, 10.0.0.2:80 0, 0 0.1, 0.2 502, 502 fe6be479c010011d63bfc5779e575e71",
                "10.0.12.116 - [10.0.12.116] - - [02/Jan/2019:14:32:28 +0000] \"GET /r HTTP/1.1\" 502 834 \"-\" \"S\" 756 0.284"
                        + " [default-orders-80] [canary] 10.0.0.1:80, 10.0.0.2:80 0, 0 0.100, 0.200 502, 502 fe6be479c010011d63bfc5779e575e71"
            })
    void older_formats_of_ingress_nginx_are_known_too(String line) {
        assertThat(request(line).server()).isEqualTo("10.0.0.2:80");
        assertThat(request(line).retries()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1:80, 10.0.0.2:80 0 0.1, 0.2 502, 502",
                "10.0.0.1:80 0 0.1 502, 502",
                "10.0.0.1:80 0 0.1 x02",
                "10.0.0.1:80 0 0.1"
            })
    void lists_that_do_not_fit_together_name_no_server(String tail) {
        assertThat(request(ingress(502, tail)).server()).isEmpty();
        assertThat(request(ingress(502, tail)).id()).isEqualTo("status_5xx");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"status\":009,\"ua\":\"10.0.0.1:80\",\"us\":\"200\"} | status_5xx | 10.0.0.1:80",
                "{\"time\":\"x\",\"urt\":,\"status\":502,\"ua\":\"10.0.0.1:80\",\"us\":\"502\",\"uht\":} | status_5xx | 10.0.0.1:80",
                "{\"urt\":0.001, 0.002,\"status\":502,\"ua\":10.0.0.1:80, 10.0.0.2:80,\"us\":502, 502} | status_5xx | 10.0.0.2:80",
                "{ \"status\" : 502 , \"upstream_addr\" : \"10.0.0.1:80\" , \"upstream_status\" : \"502\", \"upstream_header_time\": \"0.004\" } | pass_through | 10.0.0.1:80",
                "{\"status\":\"502\",\"upstream_addr\":\"unix:/run/a}b.sock\",\"upstream_status\":\"502\"} | status_5xx | unix:/run/a}b.sock",
                "{\"status\":200,\"agent\":\"a\\\",\\\"status\\\":502,\\\"\",\"upstream_addr\":\"10.0.0.1:80\",\"upstream_status\":\"200\"} | status_ok | 10.0.0.1:80",
                "{\"request\":{\"status\":502,\"ua\":\"10.9.9.9:80\"},\"status\":200,\"upstream_addr\":\"10.0.0.1:80\",\"upstream_status\":\"200\"} | status_ok | 10.0.0.1:80",
                "{\"tags\":[\"a\",{\"status\":502}],\"status\":200,\"upstream_addr\":\"10.0.0.1:80\",\"upstream_status\":\"200\"} | status_ok | 10.0.0.1:80"
            })
    void an_object_that_is_no_json_is_read_all_the_same(String line, String id, String server) {
        assertThat(request(line).id()).isEqualTo(id);
        assertThat(request(line).server()).isEqualTo(server);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"status\":}",
                "{\"status\":5020}",
                "{\"status\":{\"code\":502}}",
                "{\"http\":{\"status\":502}}",
                "{\"status\":502,\"ua\":\"10.0.0.1:80\",\"us\":\"502\",\"uht\":\"0.0",
                "{\"status\":502,\"ua\":\"10.0.0.",
                "{\"status\":502",
                "{\"status\":50",
                "{\"status\":200,\"agent\":\"a\",\"status\":\"502\"}",
                "{\"status\":502,\"upstream_addr\":\"10.0.0.1:80\",\"agent\":\"x\",\"upstream_addr\":\"10.9.9.9:80\"}",
                "{'status':502}",
                "{status:502}",
                "[{\"status\":502}]"
            })
    void an_object_that_could_be_misread_is_refused(String line) {
        assertThat(Lines.read(SourceKind.NGINX_ACCESS, line)).isInstanceOf(Reading.NotUnderstood.class);
    }

    @Test
    void a_cut_object_still_tells_of_a_request_that_was_served() {
        assertThat(request("{\"time\":\"2026-11-22T13:52:29+00:00\",\"status\":200,\"request\":\"GET /a")
                        .id())
                .isEqualTo("status_ok");
    }

    @Test
    void a_value_in_which_a_line_is_cut_is_no_value() {
        String head = "1.2.3.4 - - [22/Nov/2026:13:52:29 +0000] \"GET /a HTTP/1.1\" %d 157 \"-\" \"curl\" rt=0.000 ";
        assertThat(Lines.read(SourceKind.NGINX_ACCESS, head.formatted(502) + "ua=\"10.0.0.1:80\" us=\"502\" uht=\"0.0"))
                .isInstanceOf(Reading.NotUnderstood.class);
        assertThat(Lines.read(SourceKind.NGINX_ACCESS, head.formatted(502) + "ua=\"10.0.0.1:8"))
                .isInstanceOf(Reading.NotUnderstood.class);
        assertThat(request(head.formatted(200) + "ua=\"10.0.0.1:8").server()).isEmpty();
        assertThat(request("1.2.3.4 - - [22/Nov/2026:13:52:29 +0000] \"GET /a HTTP/1.1\" 502 157 \"-\" \"cu")
                        .id())
                .isEqualTo("status_5xx");
    }
}
