package io.vertask.app.output;

import io.vertask.app.job.Mask;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
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
    /** Without a lock: an event loop puts in. */
    private final ConcurrentLinkedQueue<String> waiting = new ConcurrentLinkedQueue<>();

    /** The room in it. */
    private final Semaphore room = new Semaphore(MOST_WAITING);

    private final AtomicLong leftOut = new AtomicLong();

    private final Thread thread = new Thread(this::serve, "vertask-err");
    private volatile @Nullable Supplier<@Nullable Progress> progress;
    private volatile boolean closed;
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

    /** Writes a line now, after those that wait. */
    public synchronized void say(String line) {
        sayWaiting();
        write(line);
    }

    /** Writes a line soon. When too many wait it is left out, and {@link #close} tells how many were. */
    public void tell(String line) {
        if (room.tryAcquire()) {
            waiting.add(line);
            LockSupport.unpark(thread);
        } else {
            leftOut.incrementAndGet();
        }
    }

    private void sayWaiting() {
        for (String line = waiting.poll(); line != null; line = waiting.poll()) {
            room.release();
            write(line);
        }
    }

    private void write(String line) {
        err.println((barIsUp ? ERASE : "") + mask.message(line));
        barIsUp = false;
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
        long period = TimeUnit.MILLISECONDS.toNanos(every == 0 ? 1_000 : every);
        long due = System.nanoTime() + period;
        while (!closed) {
            long left = due - System.nanoTime();
            if (left > 0 && waiting.isEmpty()) {
                LockSupport.parkNanos(this, left);
            }
            synchronized (this) {
                sayWaiting();
            }
            if (System.nanoTime() - due >= 0) {
                due += period;
                if (every > 0) {
                    show(width);
                }
            }
        }
        synchronized (this) {
            sayWaiting();
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
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (leftOut.get() > 0) {
            say(leftOut.get() + " lines were left out here: too many came at once");
        }
        erase();
    }
}
