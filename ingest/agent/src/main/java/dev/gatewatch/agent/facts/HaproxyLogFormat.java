package dev.gatewatch.agent.facts;

import java.util.Map;

/// The text of a `log-format`, which may refer to HAProxy's own formats by variables of the environment.
///
/// ```
/// log-format "${HAPROXY_HTTP_LOG_FMT} fc_err=%[fc_err]"
/// ```
/// See [environment variables](https://docs.haproxy.org/3.0/configuration.html#2.3) and
/// [default formats](https://docs.haproxy.org/3.0/configuration.html#8.2).
final class HaproxyLogFormat {
    private static final int LONGEST = 8_192;

    private static final String HTTP = "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc"
            + " %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r";

    private static final Map<String, String> OWN = Map.of(
            "HAPROXY_HTTP_LOG_FMT",
            HTTP,
            "HAPROXY_HTTPS_LOG_FMT",
            HTTP
                    + " %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed]"
                    + " %[ssl_fc_sni]/%sslv/%sslc",
            "HAPROXY_HTTP_CLF_LOG_FMT",
            "%{+Q}o %{-Q}ci - - [%trg] %r %ST %B \"\" \"\" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta %tsc"
                    + " %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl",
            "HAPROXY_TCP_LOG_FMT",
            "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq",
            "HAPROXY_TCP_CLF_LOG_FMT",
            "%{+Q}o %{-Q}ci - - [%T] \"TCP \" 000 %B \"\" \"\" %cp %ms %ft %b %s %Th %Tw %Tc %Tt %U %ts--"
                    + " %ac %fc %bc %sc %rc %sq %bq \"\" \"\" ");

    private HaproxyLogFormat() {}

    /// The format without references; empty if it refers to something else, or is too long.
    static String expanded(String format) {
        String text = format;
        for (Map.Entry<String, String> own : OWN.entrySet()) {
            text = text.replace("${" + own.getKey() + "}", own.getValue());
            text = text.equals("$" + own.getKey()) ? own.getValue() : text;
        }
        return text.contains("${") || text.length() > LONGEST ? "" : text;
    }
}
