package dev.gatewatch.agent.ship;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.wire.LineBatchCodec;
import dev.gatewatch.wire.SourceKind;
import dev.gatewatch.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Sends what the lanes hold, one batch from each in turn, and sees to it that every batch is acknowledged.
///
/// Three things can go wrong. The broker does not answer: the producer itself retries for ever, the lanes
/// fill up and the sources stop reading. The producer cannot take a record (no metadata, no memory): the
/// record is tried again and again, in its place. The producer fails (an error that it does not retry, an
/// epoch or sequence out of order): a new one takes its place and sends again everything that was not
/// acknowledged, each stream in its order. Readers know the second copy by its positions.
///
/// [#pump] belongs to one thread; lanes may be used from any.
public final class Shipper implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final AgentEvents events;
    private final InstantSource clock;
    private final InFlight inFlight;
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable HostRecord> hostRecord = new AtomicReference<>();
    private final Semaphore work = new Semaphore(0);

    /// Batches that go before what the lanes hold: tried and not taken, or to be sent again.
    private final Deque<Shipment> first = new ArrayDeque<>();

    private @Nullable Producer<byte[], byte[]> producer;
    private Duration pause = FIRST_PAUSE;
    private Instant notBefore = Instant.MIN;
    private volatile Failure failure = Failure.NONE;
    private volatile int session;
    private volatile boolean troubled;

    /// @param producers makes a producer; called again when one has failed
    public Shipper(
            Supplier<Producer<byte[], byte[]>> producers,
            Checkpoints checkpoints,
            AgentEvents events,
            InstantSource clock) {
        this.producers = producers;
        this.events = events;
        this.clock = clock;
        this.inFlight = new InFlight(checkpoints);
        events.gauge(
                "inflight.bytes",
                "bytes that are read and not acknowledged",
                this,
                s -> s.lanes.stream().mapToLong(Lane::bytes).sum());
        events.gauge("inflight.batches", "batches that are read and not acknowledged", this, Shipper::unacknowledged);
    }

    /// Opens a lane with its own share.
    public Outlet lane(LaneShare share) {
        Lane lane = new Lane(this, share.bytes(), share.batches());
        lanes.add(lane);
        return lane;
    }

    /// Replaces the host facts that wait to be sent; facts have no history, the newest win.
    public void publishFacts(String host, byte[] facts) {
        hostRecord.set(new HostRecord(host, facts));
        work.release();
    }

    /// Batches that were read and are not acknowledged.
    public int unacknowledged() {
        return lanes.stream().mapToInt(Lane::batches).sum();
    }

    /// Whether Kafka takes records at the moment, as far as is known.
    public boolean isHealthy() {
        return !troubled;
    }

    void took(Shipment shipment) {
        SourceKind source = shipment.batch().source();
        events.read(source, shipment.lines(), shipment.batch().lines().length);
        work.release();
    }

    /// Waits until there is something to send, at most `atMost`.
    public void awaitWork(Duration atMost) throws InterruptedException {
        if (work.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            work.drainPermits();
        }
    }

    /// Sends at most one batch of each lane, after putting right what is broken.
    ///
    /// @return whether there may be more to send at once
    public boolean pump() {
        if (clock.instant().isBefore(notBefore)) {
            return false;
        }
        if (failure.error != null && !replaceProducer(failure.error)) {
            return false;
        }
        sendHostRecord();
        while (!first.isEmpty()) {
            if (!send(first.element())) {
                return false;
            }
            first.remove();
        }
        boolean sent = false;
        for (Lane lane : lanes) {
            Shipment shipment = lane.next();
            if (shipment != null) {
                inFlight.add(shipment);
                sent = true;
                if (!send(shipment)) {
                    first.add(shipment);
                    return false;
                }
            }
        }
        return sent;
    }

    private boolean send(Shipment shipment) {
        if (shipment.isDone()) {
            return true;
        }
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.LINES,
                null,
                shipment.batch().readAt().toEpochMilli(),
                shipment.batch().stream().getBytes(UTF_8),
                shipment.batch().lines());
        LineBatchCodec.writeHeaders(shipment.batch(), record.headers());
        Attempt attempt = new Attempt(session, shipment);
        boolean taken = hand(record, attempt);
        attempt.sending = false;
        return taken && attempt.refusal == null;
    }

    private void sendHostRecord() {
        HostRecord facts = hostRecord.getAndSet(null);
        if (facts != null) {
            Attempt attempt = new Attempt(session, null);
            hand(new ProducerRecord<>(Topics.HOSTS, facts.host.getBytes(UTF_8), facts.facts), attempt);
            attempt.sending = false;
        }
    }

    /// @return false if the producer did not take the record
    private boolean hand(ProducerRecord<byte[], byte[]> record, Attempt attempt) {
        try {
            if (producer == null) {
                producer = producers.get();
            }
            var _ = producer.send(record, attempt); // the attempt hears of the outcome
            return true;
        } catch (KafkaException | IllegalStateException e) {
            if (Thread.currentThread().isInterrupted()) {
                return false; // close() ends the wait for memory or metadata
            }
            fail(session, e);
            return false;
        }
    }

    private void fail(int ofSession, Exception error) {
        synchronized (this) {
            if (ofSession != session) {
                return; // of a producer that is gone: everything it had is sent again already
            }
            events.kafkaError(error, !troubled);
            troubled = true;
            failure = new Failure(error);
        }
        work.release();
    }

    private boolean replaceProducer(Exception cause) {
        Producer<byte[], byte[]> broken = producer;
        producer = null;
        synchronized (this) {
            session++;
            failure = Failure.NONE;
        }
        if (broken != null) {
            closeQuietly(broken, Duration.ZERO);
        }
        first.clear();
        first.addAll(inFlight.unacknowledged());
        events.producerReplaced(cause, first.size(), pause.equals(FIRST_PAUSE));
        notBefore = clock.instant().plus(pause);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        return false;
    }

    private void closeQuietly(Producer<byte[], byte[]> broken, Duration within) {
        try {
            broken.close(within);
        } catch (KafkaException | IllegalStateException e) {
            events.kafkaError(e, false);
        }
    }

    private void acknowledged(Shipment shipment) {
        if (inFlight.done(shipment)) {
            shipment.lane().release(shipment);
            events.acknowledged(
                    shipment.batch().source(),
                    shipment.lines(),
                    shipment.batch().lines().length);
        }
    }

    private void recovered() {
        synchronized (this) {
            if (troubled && failure.error == null) {
                troubled = false;
                pause = FIRST_PAUSE;
                events.kafkaRecovered();
            }
        }
    }

    private void refusedForGood(Shipment shipment, Exception cause) {
        if (inFlight.done(shipment)) {
            shipment.lane().release(shipment);
            events.batchRefused(
                    shipment.batch().stream(),
                    shipment.batch().start(),
                    shipment.batch().end(),
                    cause);
        }
    }

    /// Sends what the lanes still hold and waits for acknowledgements, at most `within`; then lets the
    /// producer go.
    public void drain(Duration within) throws InterruptedException {
        Instant end = clock.instant().plus(within);
        while (unacknowledged() > 0 && clock.instant().isBefore(end) && !troubled) {
            if (!pump()) {
                awaitWork(Duration.ofMillis(20));
            }
        }
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> last = producer;
        synchronized (this) {
            session++; // what fails from here on is no news
        }
        if (last != null) {
            closeQuietly(last, Duration.ofSeconds(1));
            producer = null;
        }
    }

    /// One try to send one record; [#onCompletion] may run inside of `send` and on the producer's thread.
    private final class Attempt implements Callback {
        private final int ofSession;
        private final @Nullable Shipment shipment;
        private volatile boolean sending = true;
        private volatile @Nullable Exception refusal;

        Attempt(int ofSession, @Nullable Shipment shipment) {
            this.ofSession = ofSession;
            this.shipment = shipment;
        }

        @Override
        public void onCompletion(
                org.apache.kafka.clients.producer.@Nullable RecordMetadata metadata, @Nullable Exception error) {
            if (error == null) {
                if (shipment != null) {
                    acknowledged(shipment);
                }
                recovered();
            } else if (error instanceof RecordTooLargeException && shipment != null) {
                refusedForGood(shipment, error);
            } else if (sending && error instanceof TimeoutException) {
                refusal = error;
                synchronized (Shipper.this) {
                    events.kafkaError(error, !troubled);
                    troubled = true;
                }
            } else {
                fail(ofSession, error);
            }
        }
    }

    private record Failure(@Nullable Exception error) {
        static final Failure NONE = new Failure(null);
    }

    @SuppressWarnings("ArrayRecordComponent") // bytes on their way, never compared
    private record HostRecord(String host, byte[] facts) {}
}
