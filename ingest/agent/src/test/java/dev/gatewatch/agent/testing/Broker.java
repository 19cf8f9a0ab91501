package dev.gatewatch.agent.testing;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.ship.Outlet;
import dev.gatewatch.wire.LineBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An outlet that keeps what it gets and acknowledges it at once, or not at all; and a reader that puts
/// streams together by their positions, as the analyzer does.
public final class Broker implements Outlet {
    private final List<LineBatch> batches = new ArrayList<>();
    private Checkpoints checkpoints;
    private final List<Runnable> unacknowledged = new ArrayList<>();
    private boolean acknowledging = true;
    private boolean room = true;

    /// Whose marks move when a batch is acknowledged.
    public void connect(Checkpoints marks) {
        checkpoints = marks;
    }

    /// Whether batches are acknowledged.
    public void acknowledging(boolean whether) {
        acknowledging = whether;
    }

    /// Whether there is room for more.
    public void room(boolean whether) {
        room = whether;
    }

    @Override
    public boolean hasRoom() {
        return room;
    }

    @Override
    public void put(LineBatch batch, long lines, String bookmark) {
        batches.add(batch);
        Runnable acknowledgement =
                () -> checkpoints.advance(batch.stream(), batch.end(), bookmark, batch.lines().length);
        if (acknowledging) {
            acknowledgement.run();
        } else {
            unacknowledged.add(acknowledgement);
        }
    }

    /// Acknowledges what was not acknowledged when it came.
    public void acknowledge() {
        unacknowledged.forEach(Runnable::run);
        unacknowledged.clear();
    }

    /// All batches so far.
    public List<LineBatch> batches() {
        return batches;
    }

    /// Batches since the last call.
    public List<LineBatch> take() {
        List<LineBatch> taken = List.copyOf(batches);
        batches.clear();
        return taken;
    }

    /// The lines of a batch as text.
    public static String text(LineBatch batch) {
        return new String(batch.lines(), StandardCharsets.ISO_8859_1);
    }

    /// Each stream as a reader has it that drops what it has seen: for streams of bytes.
    public Map<String, String> streams() {
        Map<String, TreeMap<Long, Byte>> bytes = new LinkedHashMap<>();
        for (LineBatch batch : batches) {
            TreeMap<Long, Byte> stream = bytes.computeIfAbsent(batch.stream(), id -> new TreeMap<>());
            for (int i = 0; i < batch.lines().length; i++) {
                Byte before = stream.put(batch.start() + i, batch.lines()[i]);
                if (before != null && before != batch.lines()[i]) {
                    throw new AssertionError(
                            "byte " + (batch.start() + i) + " of " + batch.stream() + " differs between two batches");
                }
            }
        }
        Map<String, String> streams = new LinkedHashMap<>();
        bytes.forEach((id, stream) -> {
            StringBuilder text = new StringBuilder();
            stream.values().forEach(b -> text.append((char) (b & 0xff)));
            streams.put(id, text.toString());
        });
        return streams;
    }
}
