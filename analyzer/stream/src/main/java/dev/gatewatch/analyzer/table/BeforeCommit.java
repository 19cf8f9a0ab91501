package dev.gatewatch.analyzer.table;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/// A store without content by which a processor hears of a commit before it, as the caches of Kafka's own stores do:
/// what the processor then forwards and puts belongs to the commit.
///
/// The one place that relies on what Kafka Streams does not promise; see adr 4 of the analyzer.
public final class BeforeCommit extends HeapStore implements CachedStateStore<Object, Object> {

    private @Nullable Runnable step;

    private BeforeCommit(String name) {
        super(name);
    }

    /// Makes the store.
    public static StoreBuilder<BeforeCommit> builder(String name) {
        return new Builder<>(name, () -> new BeforeCommit(name));
    }

    /// Has a processor do a step before each commit of its task, as in a punctuation. To be called when the processor
    /// is initialized, and holds until the task is closed.
    public void each(ProcessorContext<?, ?> processor, Runnable before) {
        if (processor instanceof InternalProcessorContext<?, ?> context) {
            ProcessorNode<?, ?, ?, ?> node = context.currentNode();
            step = () -> asPunctuation(context, node, before);
        } else {
            step = before; // a mock, which has no nodes
        }
    }

    private static void asPunctuation(
            InternalProcessorContext<?, ?> context, ProcessorNode<?, ?, ?, ?> node, Runnable before) {
        ProcessorNode<?, ?, ?, ?> nodeBefore = context.currentNode();
        ProcessorRecordContext recordBefore = context.recordContext();
        context.setRecordContext(
                new ProcessorRecordContext(context.currentSystemTimeMs(), -1, -1, null, new RecordHeaders()));
        context.setCurrentNode(node);
        try {
            before.run();
        } finally {
            context.setCurrentNode(nodeBefore);
            context.setRecordContext(recordBefore);
        }
    }

    @Override
    public void flushCache() {
        if (step != null) {
            step.run();
        }
    }

    @Override
    public void clearCache() {
        clear(); // the task becomes a standby, which has no processors
    }

    @Override
    void clear() {
        step = null;
    }

    @Override
    public boolean setFlushListener(CacheFlushListener<Object, Object> listener, boolean sendOldValues) {
        return false;
    }
}
