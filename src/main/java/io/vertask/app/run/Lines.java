package io.vertask.app.run;

import io.vertask.app.job.Item;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Writes result lines on a thread of its own, so that a slow reader of stdout never holds up the event loop.
 *
 * <p>The queue is bounded by {@link Window}: a line's place in it is given back once the line is written.
 */
final class Lines {
    private static final ItemResult END = ItemResult.cancelled(new Item(-1, null, ""), 0, Duration.ZERO);
    private static final long CLOSE_SECONDS = 10;

    private final LinkedBlockingQueue<ItemResult> queue = new LinkedBlockingQueue<>();
    private final OutputStream out;
    private final Runnable written;
    private final Runnable broken;
    private final Thread thread = new Thread(this::write, "vertask-out");
    private volatile boolean isBroken;

    /**
     * {@code written} is told after each result that is no part of one, {@code broken} once when nobody reads any more.
     */
    Lines(OutputStream out, Runnable written, Runnable broken) {
        this.out = out;
        this.written = written;
        this.broken = broken;
        thread.setDaemon(true);
        thread.start();
    }

    void add(ItemResult result) {
        queue.add(result);
    }

    /** Whether the reader of stdout has gone. */
    boolean isBroken() {
        return isBroken;
    }

    /** Waits, within bounds, until everything is written. */
    void close() {
        queue.add(END);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            for (ItemResult next = queue.take(); next.n() != END.n(); next = queue.take()) {
                if (!isBroken && next.line().isPresent()) {
                    print(next.line().get());
                }
                next.part().map(ItemResult.Part::written).orElse(written).run();
            }
            out.flush();
        } catch (IOException gone) {
            isBroken = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            if (queue.isEmpty()) {
                out.flush();
            }
        } catch (IOException gone) {
            isBroken = true;
            broken.run();
        }
    }
}
