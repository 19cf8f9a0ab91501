package dev.gatewatch.standalone.site;

import dev.gatewatch.program.Service;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// What runs in this process; closing it stops all of it, the last started first.
public final class Site implements AutoCloseable {
    private final Deque<Runnable> stops = new ArrayDeque<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /// Starts a service.
    public void start(Service service) throws Exception {
        onClose(service::close);
        service.start();
        Thread.ofVirtual().start(() -> watch(service));
    }

    private void watch(Service service) {
        try {
            service.awaitStop();
        } catch (Exception e) {
            ended.completeExceptionally(e);
        }
    }

    /// Blocks until the site is closed, or throws what made one of its services fail.
    public void awaitStop() throws Exception {
        try {
            ended.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception problem ? problem : e;
        }
    }

    /// Adds something that has to be done at the end, before what was started earlier stops.
    public void onClose(Runnable stop) {
        stops.push(stop);
    }

    @Override
    public void close() {
        ended.complete(null);
        while (!stops.isEmpty()) {
            stops.pop().run();
        }
    }
}
