package io.vertask.app.output;

import io.vertask.app.job.Mask;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stderr: lines for people, secrets masked, and the progress below them.
 *
 * <p><b>Threads.</b> Any thread may call. {@link #say} writes before it returns; {@link #tell} never blocks and leaves
 * the writing to a thread of the console's own, which also moves the bar.
 */
public final class Console implements AutoCloseable {
    private static final int MOST_WAITING = 10_000;
    private static final long CLOSE_MILLIS = 2_000;
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream err;
    private final Mask mask;
    private final Output output;
    private final Terminal terminal;
    private final Paint paint;
    /** An empty one is the end. */
    private final LinkedTransferQueue<Optional<String>> waiting = new LinkedTransferQueue<>();

    /** The room in it; like it, without a lock: an event loop puts in. */
    private final Semaphore room = new Semaphore(MOST_WAITING);

    private final Thread thread = new Thread(this::serve, "vertask-err");
    private volatile @Nullable Supplier<@Nullable Progress> progress;
    private boolean barIsUp;

    public Console(PrintStream err, Mask mask, Output output, Terminal terminal) {
        this.err = err;
        this.mask = mask;
        this.output = output;
        this.terminal = terminal;
        this.paint = terminal.paintErr(output.color());
        thread.setDaemon(true);
        thread.start();
    }

    /** The colours of stderr. */
    public Paint paint() {
        return paint;
    }

    /** The colours of stdout, or of the file in its place. */
    Paint resultsPaint() {
        return output.file().isPresent() && output.color() == Terminal.Color.AUTO
                ? Paint.NONE
                : terminal.paintOut(output.color());
    }

    /** Writes a line now. */
    public synchronized void say(String line) {
        err.println((barIsUp ? ERASE : "") + mask.message(line));
        barIsUp = false;
    }

    /** Writes a line soon; when too many wait it is left out. */
    public void tell(String line) {
        if (room.tryAcquire()) {
            waiting.add(Optional.of(line));
        }
    }

    /** Shows progress from now on, until {@link #close}; {@code source} must not block. */
    public void follow(Supplier<@Nullable Progress> source) {
        progress = source;
    }

    /** A write to stdout. */
    interface Write {
        void run() throws IOException;
    }

    /** Does a write to stdout, out of the bar's way when both are on one terminal. */
    void aside(Write write) throws IOException {
        if (!terminal.out() || !terminal.err()) {
            write.run();
            return;
        }
        synchronized (this) {
            erase();
            write.run();
        }
    }

    private synchronized void erase() {
        if (barIsUp) {
            err.print(ERASE);
            err.flush();
            barIsUp = false;
        }
    }

    private void serve() {
        long every = output.progressMillis(terminal);
        int width = output.shown(terminal) == Progress.Mode.BAR ? terminal.width() - 1 : 0;
        long due = System.nanoTime();
        try {
            while (true) {
                due += TimeUnit.MILLISECONDS.toNanos(every == 0 ? 1_000 : every);
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    Optional<String> line = waiting.poll(left, TimeUnit.NANOSECONDS);
                    if (line != null && line.isEmpty()) {
                        return;
                    }
                    if (line != null) {
                        room.release();
                        say(line.get());
                    }
                }
                if (every > 0) {
                    show(width);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show(int width) {
        Supplier<@Nullable Progress> source = progress;
        Progress now = source == null ? null : source.get();
        if (now == null) {
            return;
        }
        if (width == 0) {
            say(now.plain());
            return;
        }
        synchronized (this) {
            err.print(ERASE + mask.message(now.bar(width)));
            err.flush();
            barIsUp = true;
        }
    }

    /** Writes what waits, takes the bar away and ends the thread. */
    @Override
    public void close() {
        progress = null;
        try {
            waiting.add(Optional.empty());
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        erase();
    }
}
