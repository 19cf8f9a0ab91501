package dev.gatewatch.standalone.site;

import dev.gatewatch.program.Service;
import java.util.ArrayDeque;
import java.util.Deque;

/// What runs in this process; closing it stops all of it, the last started first.
public final class Site implements AutoCloseable {
    private final Deque<Runnable> stops = new ArrayDeque<>();

    /// Starts a service.
    public void start(Service service) throws Exception {
        onClose(service::close);
        service.start();
    }

    /// Adds something that has to be done at the end, before what was started earlier stops.
    public void onClose(Runnable stop) {
        stops.push(stop);
    }

    @Override
    public void close() {
        while (!stops.isEmpty()) {
            stops.pop().run();
        }
    }
}
