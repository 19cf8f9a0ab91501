package dev.gatewatch.analyzer.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Predicate;

/// What doing something once costs its thread.
///
/// @param bytes allocated
/// @param nanos of processor time
record Cost(long bytes, long nanos) {
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Tries that a cost is given before it counts as too high: a class may be loaded or compiled in one
    /// of them.
    private static final int TRIES = 4;

    /// Bytes that the thread has allocated so far.
    static long allocated() {
        return THREAD.getCurrentThreadAllocatedBytes();
    }

    private static Cost of(Runnable task) {
        long bytes = THREAD.getCurrentThreadAllocatedBytes();
        long nanos = THREAD.getCurrentThreadCpuTime();
        task.run();
        return new Cost(THREAD.getCurrentThreadAllocatedBytes() - bytes, THREAD.getCurrentThreadCpuTime() - nanos);
    }

    /// Tries until the cost is fine, a few times at most.
    static Cost of(Runnable task, Predicate<Cost> fine) {
        Cost cost = of(task);
        for (int i = 1; i < TRIES && !fine.test(cost); i++) {
            cost = of(task);
        }
        return cost;
    }
}
