package dev.gatewatch.agent.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// `/dev/kmsg`, or a file with the same content. A read of the device waits for the next record, so a thread
/// of its own does the reading; while nobody takes what it has read, records wait in the ring.
final class KmsgDevice implements KmsgFeed {
    /// A read into less than a record fails and loses the record; the kernel's own limit is 8 KiB with all
    /// prefixes.
    private static final int BUFFER = 16 << 10;

    private static final int WAITING = 512;
    private static final long LOOK_AGAIN_MILLIS = 200;

    private final FileChannel channel;
    private final BlockingQueue<byte[]> records = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread;
    private volatile @Nullable IOException failure;

    private KmsgDevice(FileChannel channel) {
        this.channel = channel;
        this.thread = Thread.ofPlatform().daemon().name("kmsg").unstarted(this::readForEver);
    }

    static KmsgDevice open(Path path) throws IOException {
        KmsgDevice device = new KmsgDevice(FileChannel.open(path));
        device.thread.start();
        return device;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        byte[] record = records.poll();
        IOException failed = failure;
        if (record == null && failed != null) {
            throw failed;
        }
        return record;
    }

    private void readForEver() {
        byte[] bytes = new byte[BUFFER];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (channel.isOpen()) {
                readOnce(buffer, bytes);
            }
        } catch (ClosedChannelException | InterruptedException e) {
            // closed on purpose
        } catch (IOException e) {
            failure = e;
        }
    }

    private void readOnce(ByteBuffer buffer, byte[] bytes) throws IOException, InterruptedException {
        try {
            int length = channel.read(buffer);
            if (length <= 0) {
                Thread.sleep(LOOK_AGAIN_MILLIS); // only a file has an end
                return;
            }
        } catch (IOException e) {
            // the ring was overwritten before it was read (EPIPE) or a record was longer than the buffer
            // (EINVAL): the next read goes on, and the sequence numbers tell what is missing
            String message = String.valueOf(e.getMessage());
            if (message.contains("Broken pipe") || message.contains("Invalid argument")) {
                buffer.clear();
                return;
            }
            throw e;
        }
        buffer.position(split(bytes, buffer.position()));
    }

    /// A read of the device gives one record. A read of a file gives any piece of it, so that the last record
    /// may not be whole: it is whole when the next one begins or, there being no more to read, when it ends
    /// with a newline.
    ///
    /// @return how many bytes of a record that is not whole yet stand at the beginning of `bytes` now
    private int split(byte[] bytes, int length) throws InterruptedException {
        int from = 0;
        for (int i = 0; i < length; i++) {
            boolean continues = i + 1 < length && bytes[i + 1] == ' ';
            if (bytes[i] == '\n' && !continues) {
                records.put(Arrays.copyOfRange(bytes, from, i + 1));
                from = i + 1;
            }
        }
        int left = from == 0 && length == bytes.length ? 0 : length - from; // no record is as long as the buffer
        System.arraycopy(bytes, from, bytes, 0, left);
        return left;
    }

    @Override
    public void close() {
        try {
            channel.close(); // wakes the reader
        } catch (IOException e) {
            // nothing more is wanted from it
        }
        thread.interrupt();
    }
}
