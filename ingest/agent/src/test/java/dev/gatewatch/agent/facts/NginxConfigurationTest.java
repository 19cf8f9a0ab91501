package dev.gatewatch.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFactsCodec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NginxConfigurationTest {
    private static NginxConfiguration parse(String text) {
        return NginxConfiguration.parse(text, IncludeResolver.NONE);
    }

    private static HostFacts.Upstream upstream(String name, boolean tls, String... addresses) {
        return new HostFacts.Upstream(
                name,
                tls,
                List.of(addresses).stream()
                        .map(address -> new HostFacts.Server("", address, false, false))
                        .toList());
    }

    @Test
    void a_real_configuration() {
        NginxConfiguration nginx = parse(Resources.text("timed.nginx.conf"));

        assertThat(nginx.upstreams())
                .containsExactly(
                        upstream("orders_api", false, "10.85.0.21:8081"),
                        upstream("catalog_api", false, "10.85.0.22:8082"),
                        upstream("payments_tls", true, "10.85.0.23:8443"),
                        upstream("web_front", false, "10.85.0.23:8083"),
                        upstream("unix:/run/php/php8.2-fpm.sock", false, "unix:/run/php/php8.2-fpm.sock"));
        assertThat(nginx.routes())
                .containsExactly(
                        new HostFacts.Route("shop.lab", "", "/api/orders", "orders_api"),
                        new HostFacts.Route("shop.lab", "", "/api/catalog", "catalog_api"),
                        new HostFacts.Route("shop.lab", "", "/api/payments", "payments_tls"),
                        new HostFacts.Route("shop.lab", "", "/", "web_front"),
                        new HostFacts.Route("shop.lab", "", "/legacy/", "unix:/run/php/php8.2-fpm.sock"));
        assertThat(nginx.accessLogs()).singleElement().satisfies(log -> {
            assertThat(log.path()).isEqualTo("/var/log/nginx/access.log");
            assertThat(log.format()).startsWith("$remote_addr - ").endsWith(" us=\"$upstream_status\"");
            assertThat(log.escape()).isEqualTo("default");
        });
        assertThat(nginx.skipped()).isZero();
    }

    @Test
    void the_format_of_a_log_without_one_is_combined() {
        NginxConfiguration nginx = parse(Resources.text("combined.nginx.conf"));

        assertThat(nginx.accessLogs())
                .containsExactly(new HostFacts.AccessLog("/var/log/nginx/access.log", "combined", "default"));
        assertThat(parse("http { access_log /a; access_log /b buffer=32k; access_log off; }")
                        .accessLogs())
                .extracting(HostFacts.AccessLog::format)
                .containsExactly("combined", "combined");
    }

    @Test
    void log_formats_are_put_together_from_their_parts() {
        NginxConfiguration nginx = parse("""
                http {
                    log_format json escape=json '{"a":"$request",'
                        "\\"b\\":\\"$status\\"}" # a comment
                        ;
                    access_log /var/log/nginx/a.log json if=$loggable;
                    access_log /var/log/nginx/b.log unheard_of;
                    access_log syslog:server=10.0.0.9 json;
                    access_log /var/log/nginx/$host.log json;
                }
                """);

        assertThat(nginx.accessLogs())
                .containsExactly(new HostFacts.AccessLog(
                        "/var/log/nginx/a.log", "{\"a\":\"$request\",\"b\":\"$status\"}", "json"));
        assertThat(nginx.skipped()).isEqualTo(3);
    }

    @Test
    void upstream_servers_have_port_80_unless_they_say_otherwise() {
        NginxConfiguration nginx = parse("""
                upstream app {
                    zone app 64k;
                    server 10.0.0.1 weight=5;
                    server backend.example.org:8080 down;
                    server unix:/run/app.sock backup;
                    server [2001:db8::1];
                    server [2001:db8::2]:81;
                    keepalive 16;
                }
                """);

        assertThat(nginx.upstreams().getFirst().servers())
                .containsExactly(
                        new HostFacts.Server("", "10.0.0.1:80", false, false),
                        new HostFacts.Server("", "backend.example.org:8080", false, true),
                        new HostFacts.Server("", "unix:/run/app.sock", false, false),
                        new HostFacts.Server("", "[2001:db8::1]:80", false, false),
                        new HostFacts.Server("", "[2001:db8::2]:81", false, false));
    }

    @Test
    void direct_targets_are_upstreams_that_bear_their_name() {
        NginxConfiguration nginx = parse("""
                server {
                    location /a { proxy_pass http://10.0.0.5:3000/b/; }
                    location /c { proxy_pass https://backend.example.org; }
                    location /d { proxy_pass http://unix:/run/app.sock:/uri/; }
                    location /e { grpc_pass grpcs://10.0.0.6; }
                    location /f { fastcgi_pass 127.0.0.1:9000; }
                    location /g { uwsgi_pass app.example.org:3031; }
                    location /h { scgi_pass localhost:9001; }
                    location /i { proxy_pass http://10.0.0.5:3000$request_uri; }
                    location /j { proxy_pass http://$backend; }
                    location /k { proxy_pass $scheme://backend; }
                }
                """);

        assertThat(nginx.upstreams())
                .containsExactly(
                        upstream("10.0.0.5:3000", false, "10.0.0.5:3000"),
                        upstream("backend.example.org", true, "backend.example.org:443"),
                        upstream("unix:/run/app.sock", false, "unix:/run/app.sock"),
                        upstream("10.0.0.6", true, "10.0.0.6:443"),
                        upstream("127.0.0.1:9000", false, "127.0.0.1:9000"),
                        upstream("app.example.org:3031", false, "app.example.org:3031"),
                        upstream("localhost:9001", false, "localhost:9001"));
        assertThat(nginx.routes()).hasSize(8);
        assertThat(nginx.skipped()).isEqualTo(2);
    }

    @Test
    void locations_are_found_however_they_are_written_and_nested() {
        NginxConfiguration nginx = parse("""
                http { server {
                    server_name first.example.org *.example.org;
                    location = /exact { proxy_pass http://b; }
                    location ~* "\\.(php|inc){1,2}$" { fastcgi_pass b; }
                    location ^~ /static/ {
                        location ~ \\.jpg$ { proxy_pass http://c; }
                        if ($slow) { proxy_pass http://d; }
                    }
                    location ~\\.cgi$ { limit_except GET { deny all; } proxy_pass http://b; }
                    location @fallback { proxy_pass http://b; }
                } }
                """);

        assertThat(nginx.routes())
                .containsExactly(
                        new HostFacts.Route("first.example.org", "=", "/exact", "b"),
                        new HostFacts.Route("first.example.org", "~*", "\\.(php|inc){1,2}$", "b"),
                        new HostFacts.Route("first.example.org", "~", "\\.jpg$", "c"),
                        new HostFacts.Route("first.example.org", "^~", "/static/", "d"),
                        new HostFacts.Route("first.example.org", "~", "\\.cgi$", "b"),
                        new HostFacts.Route("first.example.org", "", "@fallback", "b"));
    }

    @Test
    void includes_stand_where_they_are_named() {
        IncludeResolver includes = pattern -> switch (pattern) {
            case "conf.d/*.conf" -> List.of("upstream a { server 1.1.1.1; }", "server { include inner; }");
            case "inner" -> List.of("location / { proxy_pass http://a; }");
            case "loop" -> List.of("include loop;");
            default -> List.of();
        };

        NginxConfiguration nginx = NginxConfiguration.parse("http { include conf.d/*.conf; include loop; }", includes);

        assertThat(nginx.upstreams()).containsExactly(upstream("a", false, "1.1.1.1:80"));
        assertThat(nginx.routes()).containsExactly(new HostFacts.Route("", "", "/", "a"));
        assertThat(nginx.skipped()).isEqualTo(1);
    }

    @Test
    void lua_and_maps_are_stepped_over() {
        NginxConfiguration nginx = parse("""
                map $host $backend { default a; b.example.org "b;{"; }
                server { content_by_lua_block {
                    local s = "}" .. x -- it's a comment }
                    local t = { 'it\\'s {' }
                } location / { proxy_pass http://a; } }
                server { location / { proxy_pass http://b; } }
                """);

        assertThat(nginx.routes()).extracting(HostFacts.Route::upstream).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "}",
                "{",
                ";",
                "upstream",
                "upstream {",
                "upstream { server; }",
                "server { location { proxy_pass; } }",
                "log_format;",
                "log_format x;",
                "access_log;",
                "\"",
                "'\\",
                "proxy_pass http://;",
                "location / { proxy_pass http://unix:; }",
                "http { upstream a { server",
                "\0\0\0 { \uffff ; }"
            })
    void odd_text_is_skipped(String text) {
        assertThat(parse(text).accessLogs()).isEmpty();
    }

    @Test
    void hostile_text_neither_fails_nor_takes_long() {
        parse("a{".repeat(200_000));
        parse("server{location /{".repeat(50_000) + "proxy_pass http://x;");
        parse("\"".repeat(100_001));
        Random random = new Random(3);
        String alphabet = "{};\"'\\#$ \n\tupstream server location proxy_pass http://a log_format access_log";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(200); j > 0; j--) {
                int at = random.nextInt(alphabet.length());
                text.append(alphabet, at, Math.min(alphabet.length(), at + 1 + random.nextInt(10)));
            }
            parse(text.toString());
        }
    }

    @Test
    void becomes_facts_that_survive_the_wire() {
        HostFacts.ProxyFacts proxy = parse(Resources.text("timed.nginx.conf"))
                .facts("nginx.service", "abc", Instant.ofEpochMilli(1), Instant.ofEpochMilli(2));
        HostFacts facts = new HostFacts(
                "edge1",
                Instant.EPOCH,
                List.of(),
                Instant.EPOCH,
                ZoneOffset.UTC,
                true,
                List.of(),
                List.of(),
                List.of(proxy),
                List.of());

        assertThat(HostFactsCodec.decode(HostFactsCodec.encode(facts))).isEqualTo(facts);
    }
}
