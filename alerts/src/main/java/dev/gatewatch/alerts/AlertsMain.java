package dev.gatewatch.alerts;

import dev.gatewatch.program.AdminServer;
import dev.gatewatch.program.Program;
import dev.gatewatch.program.Service;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The alert service as a program of its own, with its admin port.
public final class AlertsMain implements Service {
    private final AlertsConfig config;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Alerts alerts;
    private @Nullable AdminServer admin;

    private AlertsMain(AlertsConfig config) {
        this.config = config;
        alerts = new Alerts(config, InstantSource.system(), meters);
    }

    /// Runs the program.
    public static void main(String[] args) {
        System.exit(program().run(args));
    }

    /// The command `gatewatch alerts`.
    public static Program<AlertsConfig> program() {
        return new Program<>(
                "gatewatch alerts",
                "tells Alertmanager of incidents and shows them on a page",
                AlertsConfig.class,
                AlertsMain::new);
    }

    @Override
    public void start() throws Exception {
        admin = AdminServer.start(config.admin().listen(), meters, alerts::health);
        alerts.start();
    }

    @Override
    public void awaitStop() throws InterruptedException {
        alerts.awaitStop();
    }

    @Override
    public void close() {
        alerts.close();
        if (admin != null) {
            admin.close();
        }
    }
}
