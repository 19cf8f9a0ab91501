package dev.gatewatch.agent;

import dev.gatewatch.program.AdminServer;
import dev.gatewatch.program.Program;
import dev.gatewatch.program.Service;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The command `gatewatch-agent`.
public final class AgentMain {
    private AgentMain() {}

    /// Runs the command and ends the process with its status.
    public static void main(String[] args) {
        System.exit(new Program<>(
                        "gatewatch-agent",
                        "ships log lines, journal entries and kernel records of this host to Kafka",
                        AgentConfig.class,
                        AgentWithAdminPort::new)
                .run(args));
    }

    /// An agent and its port for metrics and health.
    private static final class AgentWithAdminPort implements Service {
        private final AgentConfig config;
        private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        private final Agent agent;
        private @Nullable AdminServer admin;

        AgentWithAdminPort(AgentConfig config) {
            this.config = config;
            this.agent = new Agent(config, InstantSource.system(), meters);
        }

        @Override
        public void start() throws IOException {
            admin = AdminServer.start(config.admin().listen(), meters, agent::health);
            agent.start();
        }

        @Override
        public void awaitStop() throws InterruptedException {
            agent.awaitStop();
        }

        @Override
        public void close() {
            agent.close();
            AdminServer port = admin;
            if (port != null) {
                port.close();
            }
        }
    }
}
