package dev.gatewatch.alerts;

import dev.gatewatch.alerts.alertmanager.Alertmanagers;
import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.events.AlertsEvents;
import dev.gatewatch.alerts.intake.IncidentReader;
import dev.gatewatch.alerts.page.PageServer;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.program.Health;
import dev.gatewatch.program.Service;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// The alert service: keeps a board of incidents, tells every Alertmanager, serves the page and the API.
/// Several may run in one process.
public final class Alerts implements Service {
    private final AlertsConfig config;
    private final InstantSource clock;
    private final AlertsEvents events;
    private final Board board;
    private final IncidentReader reader;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable PageServer page;
    private @Nullable Alertmanagers alertmanagers;

    /// An alert service that has not begun to work.
    ///
    /// @param meters where its meters are registered
    public Alerts(AlertsConfig config, InstantSource clock, MeterRegistry meters) {
        this.config = config;
        this.clock = clock;
        events = new AlertsEvents(meters);
        board = new Board(config.retention(), clock);
        reader = new IncidentReader(config.kafka(), board, events);
        for (Incident.State state : Incident.State.values()) {
            events.measureIncidents(
                    state.name().toLowerCase(Locale.ROOT),
                    () -> board.view().in(state).size());
        }
    }

    @Override
    public void start() throws IOException {
        PageServer server = PageServer.start(config.listen(), config.cluster(), board, reader::health, events, clock);
        page = server;
        alertmanagers =
                Alertmanagers.start(settings(server), board, events, clock, config.dryRun() ? System.out : null);
        reader.start();
        events.started(server.address(), config.alertmanagers().size());
    }

    /// The address of the page and the API, with the real port.
    ///
    /// @throws IllegalStateException before the start
    public InetSocketAddress pageAddress() {
        if (page == null) {
            throw new IllegalStateException("the alert service has not been started");
        }
        return page.address();
    }

    /// Whether the board is in step with the topic.
    public Health health() {
        return reader.health();
    }

    @Override
    public void awaitStop() throws InterruptedException {
        closed.await();
    }

    @Override
    public void close() {
        reader.close();
        if (alertmanagers != null) {
            alertmanagers.close();
        }
        if (page != null) {
            page.close();
        }
        closed.countDown();
    }

    private Alertmanagers.Settings settings(PageServer server) {
        URI external = config.externalUrl();
        return new Alertmanagers.Settings(
                config.alertmanagers(),
                config.sending(),
                config.cluster(),
                external == null ? local(server.address()) : external,
                config.runbookUrl());
    }

    private URI local(InetSocketAddress bound) {
        String host = config.listen().host();
        return URI.create("http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + bound.getPort());
    }
}
