package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.AccessFormat;
import dev.gatewatch.analyzer.grammar.AlbGrammar;
import dev.gatewatch.analyzer.grammar.CaddyGrammar;
import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.grammar.EnvoyGrammar;
import dev.gatewatch.analyzer.grammar.HaproxyFormat;
import dev.gatewatch.analyzer.grammar.HaproxyGrammar;
import dev.gatewatch.analyzer.grammar.HaproxyTraffic;
import dev.gatewatch.analyzer.grammar.JournalGrammar;
import dev.gatewatch.analyzer.grammar.KernelGrammar;
import dev.gatewatch.analyzer.grammar.NginxAccess;
import dev.gatewatch.analyzer.grammar.NginxAccessGrammar;
import dev.gatewatch.analyzer.grammar.NginxErrorGrammar;
import dev.gatewatch.analyzer.grammar.NginxTraffic;
import dev.gatewatch.analyzer.grammar.Parsed;
import dev.gatewatch.analyzer.grammar.TraefikGrammar;
import dev.gatewatch.analyzer.grammar.TrafficScan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads a line of any source: line in, what it says out. The same line in the same context always reads the
/// same.
///
/// Not safe for several threads at once, since compiled access formats are kept.
public final class SignalReader {
    /// A host has a handful of access formats; more than this are compiled again and again.
    private static final int MOST_FORMATS = 256;

    private final NginxErrorGrammar nginxError = new NginxErrorGrammar();
    private final NginxAccessGrammar nginxAccess = new NginxAccessGrammar();
    private final HaproxyGrammar haproxy = new HaproxyGrammar();
    private final AlbGrammar alb = new AlbGrammar();
    private final EnvoyGrammar envoy = new EnvoyGrammar();
    private final TraefikGrammar traefik = new TraefikGrammar();
    private final CaddyGrammar caddy = new CaddyGrammar();
    private final JournalGrammar journal = new JournalGrammar();
    private final KernelGrammar kernel = new KernelGrammar();
    private final JournalSignals journalSignals = new JournalSignals(this);
    private final JournalText journalText = new JournalText(this);
    private final Map<FormatKey, AccessFormat> formats = new HashMap<>();
    private final Map<String, HaproxyFormat> compiled = new HashMap<>();
    private List<String> haproxyTexts = List.of();
    private List<HaproxyFormat> haproxyFormats = List.of();

    private final HaproxyTraffic haproxyTraffic = new HaproxyTraffic();
    private final Map<FormatKey, Optional<TrafficScan>> nginxTraffic = new HashMap<>();

    private record FormatKey(String format, String escape) {}

    /// Reads the bytes of a line without its newline.
    public Reading read(LineContext context, byte[] line, int from, int to) {
        return read(context, new Cursor(line, from, to));
    }

    /// Reads what is left of a line.
    public Reading read(LineContext context, Cursor cursor) {
        return switch (context.source()) {
            case NGINX_ERROR -> nginxError(context, cursor);
            case NGINX_ACCESS -> nginxAccess(context, cursor);
            case HAPROXY -> haproxy(context, cursor);
            case ALB -> reading(alb.parse(cursor), record -> AlbSignals.read(context, record));
            case ENVOY -> envoy(context, cursor);
            case TRAEFIK -> traefik(context, cursor);
            case CADDY -> caddy(context, cursor);
            case JOURNALD -> reading(journal.parse(cursor), entry -> journalSignals.read(context, entry));
            case KERNEL -> kernel(context, cursor);
        };
    }

    /// Reads a line of the journal in its text form, as `journalctl` prints it by default or a syslog daemon
    /// files it. What the journal itself would vouch for is taken on the line's word, so this is for looking
    /// at lines, never for evidence.
    public Reading readText(LineContext context, Cursor line) {
        return journalText.read(context, line);
    }

    Reading nginxError(LineContext context, Cursor line) {
        return reading(nginxError.parse(line), record -> NginxErrorSignals.read(context, record));
    }

    Reading nginxAccess(LineContext context, Cursor line) {
        Parsed<NginxAccess> parsed =
                context.accessFormat().isEmpty() ? nginxAccess.parse(line) : nginxAccess.parse(format(context), line);
        return reading(parsed, record -> NginxAccessSignals.read(context, record));
    }

    Reading haproxy(LineContext context, Cursor line) {
        if (!context.haproxyFormats().equals(haproxyTexts)) {
            haproxyTexts = context.haproxyFormats();
            haproxyFormats = haproxyTexts.stream().map(this::haproxyFormat).toList();
        }
        return reading(haproxy.parse(haproxyFormats, line), record -> HaproxySignals.read(context, record));
    }

    Reading envoy(LineContext context, Cursor line) {
        return reading(envoy.parse(line), record -> EnvoySignals.read(context, record));
    }

    Reading traefik(LineContext context, Cursor line) {
        return reading(traefik.parse(line), record -> TraefikSignals.read(context, record));
    }

    Reading caddy(LineContext context, Cursor line) {
        return reading(caddy.parse(line), record -> CaddySignals.read(context, record));
    }

    Reading kernel(LineContext context, Cursor line) {
        return reading(kernel.parse(line), record -> KernelSignals.read(context, record));
    }

    /// Recognizes the lines of ordinary traffic in such a source, so that not all of them need be read; null if
    /// there is no such traffic in it, or the format does not tell.
    public @Nullable TrafficScan traffic(LineContext context) {
        TrafficScan scan = switch (context.source()) {
            case HAPROXY -> context.haproxyFormats().isEmpty() ? haproxyTraffic : null;
            case NGINX_ACCESS -> nginxTraffic(context);
            case NGINX_ERROR, ALB, ENVOY, TRAEFIK, CADDY, JOURNALD, KERNEL -> null;
        };
        if (scan != null) {
            scan.use(context.utcOffset());
        }
        return scan;
    }

    private @Nullable TrafficScan nginxTraffic(LineContext context) {
        if (nginxTraffic.size() >= MOST_FORMATS) {
            nginxTraffic.clear();
        }
        boolean guessed = context.accessFormat().isEmpty();
        return nginxTraffic
                .computeIfAbsent(
                        new FormatKey(context.accessFormat(), context.accessEscape()),
                        key -> Optional.ofNullable(NginxTraffic.of(
                                guessed
                                        ? AccessFormat.of(AccessFormat.COMBINED, AccessFormat.Escape.DEFAULT)
                                        : format(context),
                                guessed)))
                .orElse(null);
    }

    private AccessFormat format(LineContext context) {
        if (formats.size() >= MOST_FORMATS) {
            formats.clear();
        }
        return formats.computeIfAbsent(
                new FormatKey(context.accessFormat(), context.accessEscape()),
                key -> AccessFormat.of(key.format, AccessFormat.Escape.of(key.escape)));
    }

    private HaproxyFormat haproxyFormat(String format) {
        if (compiled.size() >= MOST_FORMATS) {
            compiled.clear();
        }
        return compiled.computeIfAbsent(format, HaproxyFormat::of);
    }

    private static <R> Reading reading(Parsed<R> parsed, Function<R, Reading> meaning) {
        return switch (parsed) {
            case Parsed.Ok<R> ok -> meaning.apply(ok.record());
            case Parsed.Malformed<R> no -> new Reading.NotUnderstood(no.column(), no.expected());
        };
    }
}
