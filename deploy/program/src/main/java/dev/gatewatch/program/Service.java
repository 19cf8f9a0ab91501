package dev.gatewatch.program;

/// What a [Program] runs. A service is made, started and closed once, each from any thread; several may live
/// in one process.
public interface Service extends AutoCloseable {
    /// Begins to work and returns. A message of what it throws is shown to the operator, as are those of
    /// [#awaitStop()].
    void start() throws Exception;

    /// Blocks until the service is closed, or throws what made it fail.
    void awaitStop() throws Exception;

    /// Stops within a few seconds. Does nothing the second time.
    @Override
    void close();

    /// Makes a service from its configuration.
    ///
    /// @param <T> the record of the configuration
    @FunctionalInterface
    interface Factory<T> {
        Service create(T config) throws Exception;
    }
}
