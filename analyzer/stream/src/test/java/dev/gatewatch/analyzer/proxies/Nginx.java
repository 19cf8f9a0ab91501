package dev.gatewatch.analyzer.proxies;

import dev.gatewatch.analyzer.proxies.Outputs.Output;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A real NGINX whose configuration is made of scenarios. It writes its error log as a file and perhaps to
/// syslog, and an access log in each of several formats.
final class Nginx {
    private static final String COMBINED = "$remote_addr - $remote_user [$time_local] \"$request\" $status"
            + " $body_bytes_sent \"$http_referer\" \"$http_user_agent\"";
    private static final String TIMED = COMBINED + " rt=$request_time uct=\"$upstream_connect_time\""
            + " uht=\"$upstream_header_time\" urt=\"$upstream_response_time\" ua=\"$upstream_addr\""
            + " us=\"$upstream_status\"";
    private static final String JSON = "{\"time\":\"$time_iso8601\",\"status\":$status,\"request\":\"$request\","
            + "\"request_time\":$request_time,\"upstream_addr\":\"$upstream_addr\","
            + "\"upstream_status\":\"$upstream_status\",\"upstream_connect_time\":\"$upstream_connect_time\","
            + "\"upstream_header_time\":\"$upstream_header_time\",\"urt\":$upstream_response_time,"
            + "\"referer\":\"$http_referer\"}";

    /// As ingress-nginx has it, see [log
    /// format](https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/).
    private static final String INGRESS = COMBINED + " $request_length $request_time [$proxy_upstream_name]"
            + " [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length"
            + " $upstream_response_time $upstream_status $req_id";

    /// Formats that tell about the server, by name.
    static final Map<String, String> FORMATS = Map.of("timed", TIMED, "json", JSON, "ingress", INGRESS);

    private final String name;
    private final int connections;
    private final StringBuilder main = new StringBuilder();
    private final StringBuilder http = new StringBuilder();
    private final StringBuilder locations = new StringBuilder();
    private final StringBuilder streams = new StringBuilder();
    private List<String> runner = List.of();

    /// @param name of its folder
    Nginx(String name, int connections) {
        this.name = name;
        this.connections = connections;
        if (System.getProperty("user.name").equals("root")) {
            main.append("user nobody nogroup;\n");
        }
    }

    String name() {
        return name;
    }

    /// Has it run by a command, such as `ip netns exec NAME`.
    Nginx runBy(List<String> command) {
        runner = command;
        return this;
    }

    /// Adds directives of the main level.
    Nginx main(String directives) {
        main.append(directives).append('\n');
        return this;
    }

    /// Adds blocks within `http`.
    Nginx http(String blocks) {
        http.append(blocks).append('\n');
        return this;
    }

    /// Adds a scenario's location, with its names filled in.
    Nginx location(Scenario scenario, Places places) {
        http(places.in(scenario.more()));
        String usual = scenario.servers().isEmpty() ? "return 204;" : "proxy_pass http://{server};";
        String inside = scenario.config().isEmpty() ? usual : scenario.config();
        locations
                .append("location ")
                .append(scenario.path())
                .append(" { ")
                .append(places.in(inside))
                .append(" }\n");
        return this;
    }

    /// Adds a scenario's server of the stream module, with its names filled in.
    Nginx stream(Scenario scenario, Places places) {
        streams.append(places.in(scenario.more()))
                .append("\nserver { ")
                .append(places.in(scenario.config()))
                .append(" }\n");
        return this;
    }

    /// Starts it in a folder, `{dir}`, with its logs followed.
    ProxyProcess start(Path program, Path folder, Places places, Outputs outputs) throws IOException {
        String text = configuration();
        Path config = Files.writeString(folder.resolve("nginx.conf"), places.in(text));
        follow(folder, outputs);
        List<String> command = new ArrayList<>(runner);
        command.addAll(List.of(
                program.toString(), "-p", folder.toString(), "-e", folder + "/error.log", "-c", config.toString()));
        return ProxyProcess.start(command, folder, folder.resolve("console.log"));
    }

    private String stream() {
        return streams.isEmpty() ? "" : "stream {\n" + streams + "}";
    }

    private static void follow(Path folder, Outputs outputs) {
        outputs.follow(folder.resolve("console.log"), new Output("console", SourceKind.NGINX_ERROR));
        outputs.follow(folder.resolve("error.log"), new Output("error", SourceKind.NGINX_ERROR));
        outputs.follow(
                folder.resolve("combined.log"), new Output("combined", SourceKind.NGINX_ACCESS, "combined", "default"));
        FORMATS.forEach((format, text) -> outputs.follow(
                folder.resolve(format + ".log"),
                new Output(format, SourceKind.NGINX_ACCESS, text, format.equals("json") ? "json" : "default"),
                new Output(format + " unknown", SourceKind.NGINX_ACCESS)));
    }

    private String configuration() {
        return """
            daemon off;
            worker_processes 1;
            worker_rlimit_core 0;
            pid {dir}/nginx.pid;
            error_log {dir}/error.log info;
            %s
            events { worker_connections %d; }
            %s
            http {
              client_body_temp_path {dir}/body;
              proxy_temp_path {dir}/proxy;
              fastcgi_temp_path {dir}/fastcgi;
              uwsgi_temp_path {dir}/uwsgi;
              scgi_temp_path {dir}/scgi;
              log_format timed '%s';
              log_format json escape=json '%s';
              log_format ingress '%s';
              access_log {dir}/combined.log combined;
              access_log {dir}/timed.log timed;
              access_log {dir}/json.log json;
              access_log {dir}/ingress.log ingress;
              server_names_hash_bucket_size 128;
              %s
              server {
                listen {listen:web};
                server_name shop.test;
                resolver {names} ipv6=off;
                resolver_timeout 5s;
                set $proxy_upstream_name default-shop-80;
                set $proxy_alternative_upstream_name '';
                set $req_id 4f8a2c;
                proxy_ssl_session_reuse off;
                location = /auth { internal; proxy_pass http://{refuses}; }
                location = /fallback { internal; proxy_pass http://{answers}; }
                %s
              }
            }
            """.formatted(main, connections, stream(), TIMED, JSON, INGRESS, http, locations);
    }
}
