package dev.gatewatch.analyzer.grammar;

import java.util.Optional;

/// A line of the access log of an AWS Application Load Balancer. New fields are appended to it as the years
/// go, so what follows the known ones is passed over.
///
/// ```
/// https 2022-09-06T12:07:54.384610Z app/web/50dc6c495c0c9188 203.0.113.9:37217 10.0.242.250:31130 0.001
/// 0.002 0.000 200
/// 200 49 1010 "GET https://shop.example.net:443/orders HTTP/2.0" "curl/7.86.0" ECDHE-RSA-AES128-GCM-SHA256
/// TLSv1.2
/// arn:aws:elasticloadbalancing:eu-central-1:1234:targetgroup/orders/73e2d6bc24d8a067 "Root=1-…"
/// "shop.example.net" "arn:…"
/// 2 2022-09-06T12:07:54.381000Z "forward" "-" "-" "10.0.242.250:31130" "200" "-" "-"
/// ```
/// See [access log
/// entries](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-entry-format).
public final class AlbGrammar {

    /// Reads a line; nothing for the line that Amazon writes when the log is switched on.
    public Parsed<Optional<AlbLine>> parse(Cursor line) {
        if (line.at("Enable AccessLog for ELB: ")) {
            return new Parsed.Ok<>(Optional.empty());
        }
        skipType(line);
        Stamp ended = Stamp.iso(line);
        line.skip(" ");
        if (line.word().indexOf('/', 0) < 0) {
            line.fail("a load balancer");
        }
        Slice client = withoutPort(line.word());
        Slice target = told(line.word());
        long requestMillis = millis(line);
        long targetMillis = millis(line);
        long responseMillis = millis(line);
        int status = status(line);
        int targetStatus = status(line);
        line.digits();
        line.skip(" ");
        line.digits();
        line.skip(" \"");
        Slice request = AccessFormat.untilQuote(line);
        if (line.malformed()) {
            return line.complaint();
        }
        Rest rest = Rest.of(line);
        return new Parsed.Ok<>(Optional.of(new AlbLine(
                ended,
                rest.created,
                client,
                rest.group,
                target,
                requestMillis,
                targetMillis,
                responseMillis,
                status,
                targetStatus,
                rest.action,
                RequestLine.path(request))));
    }

    private static Slice withoutPort(Slice address) {
        return address.sub(0, Math.max(0, address.lastIndexOf(":")));
    }

    private static void skipType(Cursor line) {
        boolean known = line.take("https ")
                || line.take("http ")
                || line.take("h2 ")
                || line.take("grpcs ")
                || line.take("wss ")
                || line.take("ws ");
        if (!known) {
            line.fail("http, https, h2, grpcs, ws or wss");
        }
    }

    private static long millis(Cursor line) {
        Slice word = line.word();
        long millis = Seconds.millis(word);
        if (millis < 0 && !word.is("-1")) {
            line.fail("seconds or -1");
        }
        return millis;
    }

    private static int status(Cursor line) {
        Slice word = line.word();
        boolean known = word.length() == 3 && word.digitsAt(0) == 3;
        if (!known && !word.is("-")) {
            line.fail("a status or -");
        }
        return known ? word.number() : -1;
    }

    private static Slice told(Slice word) {
        return word.is("-") ? Slice.EMPTY : word;
    }

    /// What stands behind the request. A client's own words are in it, so it is believed only if it has the
    /// right form.
    private record Rest(Slice group, Stamp created, Slice action) {
        private static final Rest NOTHING = new Rest(Slice.EMPTY, Stamp.NONE, Slice.EMPTY);

        static Rest of(Cursor line) {
            line.skip("\" ");
            quoted(line); // user agent
            line.word(); // cipher
            line.word(); // protocol
            Slice arn = line.word();
            quoted(line); // trace
            quoted(line); // domain
            quoted(line); // certificate
            line.word(); // priority of the rule
            Stamp created = Stamp.iso(line);
            line.skip(" ");
            Slice action = quoted(line);
            boolean fits = !line.malformed() && (arn.startsWith("arn:") || arn.is("-"));
            return fits ? new Rest(arn.between(":targetgroup/", "/"), created, action) : NOTHING;
        }

        private static Slice quoted(Cursor line) {
            line.skip("\"");
            Slice text = AccessFormat.untilQuote(line);
            line.skip("\"");
            line.take(' ');
            return text;
        }
    }
}
