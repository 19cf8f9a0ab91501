package dev.gatewatch.analyzer.explain;

import dev.gatewatch.analyzer.grammar.HaproxyGrammar;
import dev.gatewatch.analyzer.grammar.HaproxyLine;
import dev.gatewatch.analyzer.grammar.NginxAccess;
import dev.gatewatch.analyzer.grammar.NginxError;
import dev.gatewatch.analyzer.grammar.NginxErrorGrammar;
import dev.gatewatch.analyzer.grammar.Parsed;
import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.analyzer.grammar.TryList;
import dev.gatewatch.analyzer.signal.Reading;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.wire.SourceKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a proxy's line gives in its own form. Signals hold the same cut down to what incidents need.
record AsWritten(
        @Nullable String upstream,
        @Nullable Integer errno,
        @Nullable Integer status,
        @Nullable String termination) {

    private static final AsWritten NOTHING = new AsWritten(null, null, null, null);

    /// Longer texts are cut: strangers write them.
    private static final int LONGEST = 4_096;

    /// Finds it in lines that have been read.
    static final class Finder {
        private final NginxErrorGrammar nginxError = new NginxErrorGrammar();
        private final HaproxyGrammar haproxy = new HaproxyGrammar();
        private final AccessFormats formats;
        private final SignalCatalogue catalogue;

        Finder(AccessFormats formats, SignalCatalogue catalogue) {
            this.formats = formats;
            this.catalogue = catalogue;
        }

        /// @param text the proxy's own line, without what a journal puts around it
        /// @param format the access log's format, empty if it is not known
        AsWritten find(LineSource source, Slice text, String format, Reading reading) {
            return switch (reading) {
                case Reading.Says says -> find(text, format, says.signal());
                case Reading.Ordinary ordinary ->
                    source.is(SourceKind.NGINX_ERROR) ? ofError(text, ordinary.id()) : NOTHING;
                case Reading.NotUnderstood ignored -> NOTHING;
            };
        }

        private AsWritten find(Slice text, String format, Signal signal) {
            return switch (signal) {
                case Signal.Trouble trouble -> ofError(text, trouble.id());
                case Signal.Request request ->
                    request.proxy().equals("haproxy") ? ofTraffic(text, request) : ofAccess(text, format, request);
                case Signal.ServerState state ->
                    new AsWritten(
                            pair(state.upstream(), state.server()),
                            known(SystemErrors.inText(state.info())),
                            null,
                            null);
                case Signal.ProxyEvent event -> event.kind().equals("nginx") ? ofError(text, event.id()) : NOTHING;
                case Signal.AppEvent ignored ->
                    new AsWritten(null, known(SystemErrors.ofApplication(text)), null, null);
                case Signal.UnitEvent ignored -> NOTHING;
                case Signal.KernelEvent ignored -> NOTHING;
                case Signal.Packet ignored -> NOTHING;
            };
        }

        private AsWritten ofError(Slice text, String id) {
            if (!(nginxError.parse(text.cursor()) instanceof Parsed.Ok<NginxError> ok)) {
                return NOTHING;
            }
            NginxError line = ok.record();
            boolean ofRequest = !line.action().isEmpty() || !line.client().isEmpty();
            int status = ofRequest
                    ? catalogue.entry(id).map(SignalCatalogue.Entry::status).orElse(-1)
                    : -1;
            boolean foreign = id.startsWith("fcgi"); // the application's own text may hold such a number
            return new AsWritten(full(line.upstream()), known(foreign ? -1 : line.errno()), known(status), null);
        }

        private AsWritten ofAccess(Slice text, String format, Signal.Request request) {
            boolean nginx = request.proxy().equals("nginx");
            String upstream = nginx && formats.parse(format, text.cursor()) instanceof Parsed.Ok<NginxAccess> ok
                    ? joined(ok.record().addresses())
                    : full(Slice.of(request.server().isEmpty() ? request.upstream() : request.server()));
            return new AsWritten(upstream, null, known(request.status()), null);
        }

        private AsWritten ofTraffic(Slice text, Signal.Request request) {
            String upstream = haproxy.parse(List.of(), text.cursor()) instanceof Parsed.Ok<HaproxyLine> ok
                            && ok.record() instanceof HaproxyLine.Traffic traffic
                    ? pair(traffic.backend().brief(), traffic.server().brief())
                    : pair(request.upstream(), request.server());
            return new AsWritten(upstream, null, known(request.status()), request.termination());
        }
    }

    /// The value of `$upstream_addr`.
    private static @Nullable String joined(TryList tries) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tries.size(); i++) {
            if (i > 0) {
                text.append(tries.groupEnds().contains(i) ? " : " : ", ");
            }
            text.append(tries.item(i).brief());
        }
        return text.isEmpty() ? null : text.toString();
    }

    /// `backend/server`, as HAProxy writes it.
    private static @Nullable String pair(String backend, String server) {
        if (backend.isEmpty()) {
            return server.isEmpty() ? null : server;
        }
        return server.isEmpty() ? backend : backend + "/" + server;
    }

    private static @Nullable String full(Slice text) {
        return text.isEmpty() ? null : text.sub(0, LONGEST).text();
    }

    private static @Nullable Integer known(int number) {
        return number < 0 ? null : number;
    }
}
