package io.vertask.app.run;

import io.vertask.app.job.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands results to a {@link Recording} on a thread of its own, so that neither a slow reader of stdout nor a slow disk
 * ever holds up the event loop.
 *
 * <p>The queue is bounded by {@link Window}: a result's place in it is given back once the result is written.
 */
final class Lines {
    private static final ItemResult END = ItemResult.cancelled(new Item(-1, null, ""), 0, Duration.ZERO);
    private static final long LOOK_MILLIS = 50;
    private static final int BATCH = 500;

    /** One without a lock: the event loop puts in. */
    private final LinkedTransferQueue<ItemResult> queue = new LinkedTransferQueue<>();

    private final Recording recording;
    private final Runnable written;
    private final Consumer<Recording.Broken> told;
    private final Thread thread = new Thread(this::write, "vertask-out");
    private volatile Recording.@Nullable Broken broken;
    private boolean closed;

    /**
     * {@code written} is told after each result that is no part of one, {@code told} once when nothing can be written
     * any more.
     */
    Lines(Recording recording, Runnable written, Consumer<Recording.Broken> told) {
        this.recording = recording;
        this.written = written;
        this.told = told;
        thread.setDaemon(true);
        thread.start();
    }

    void add(ItemResult result) {
        queue.add(result);
    }

    /** Why nothing can be written any more; null when all is well. */
    Recording.@Nullable Broken broken() {
        return broken;
    }

    /** Whether the reader of stdout has gone. */
    boolean isReaderGone() {
        Recording.Broken why = broken;
        return why != null && why.words().isEmpty();
    }

    /**
     * Waits until everything is written, however slowly it is read. After {@code patience} {@code slow} is told; from
     * when {@code hurry} says so it waits that long and no longer. False when it is not all written.
     */
    boolean close(Duration patience, BooleanSupplier hurry, Runnable slow) {
        if (!closed) {
            closed = true;
            queue.add(END);
        }
        long waited = 0;
        long hurried = 0;
        try {
            while (thread.isAlive() && hurried < patience.toMillis()) {
                thread.join(LOOK_MILLIS);
                boolean wasPatient = waited < patience.toMillis();
                waited += LOOK_MILLIS;
                if (wasPatient && waited >= patience.toMillis() && thread.isAlive()) {
                    slow.run();
                }
                hurried += hurry.getAsBoolean() ? LOOK_MILLIS : 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private void write() {
        List<ItemResult> batch = new ArrayList<>(BATCH);
        try {
            while (!batch.contains(END)) {
                batch.clear();
                ItemResult first = queue.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH - 1);
                }
                write(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Also when nothing can be written any more the places are given back: the run has to come to its end. */
    private void write(List<ItemResult> batch) {
        if (broken == null) {
            try {
                record(batch);
            } catch (Recording.Broken why) {
                broken(why);
            } catch (RuntimeException | Error bug) {
                broken(Recording.Broken.of(bug));
            }
        }
        batch.forEach(result -> {
            if (result.n() != END.n()) {
                result.part().map(ItemResult.Part::written).orElse(written).run();
            }
        });
    }

    private void broken(Recording.Broken why) {
        broken = why;
        told.accept(why);
    }

    private void record(List<ItemResult> batch) throws Recording.Broken {
        if (batch.isEmpty()) {
            recording.idle();
            return;
        }
        for (ItemResult result : batch) {
            recording.add(result); // the end looks like a cancelled item, which leaves nothing
        }
        recording.flush();
        if (batch.contains(END)) {
            recording.end();
        }
    }
}
