package io.vertask.app.output;

import io.vertask.app.job.Mask;
import io.vertask.app.job.yaml.MessageText;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The messages on stderr, with secrets masked, and the progress below them.
 *
 * <p><b>Threads.</b> Any thread may call. {@link #say} writes before it returns; {@link #tell} never blocks; the
 * console's own thread writes its lines and moves the bar.
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
    /** A queue without locks, because event loops add to it. */
    private final ConcurrentLinkedQueue<String> waiting = new ConcurrentLinkedQueue<>();

    /** The free places in the queue. */
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

    /** The paint for stderr. */
    public Paint paint() {
        return paint;
    }

    /** Whether results go to a terminal, which obeys the control characters in them. */
    boolean showsResults() {
        return terminal.out() && output.file().isEmpty();
    }

    /** The paint for stdout, or for the file in its place. */
    Paint resultsPaint() {
        return output.file().isPresent() && output.color() == Terminal.Color.AUTO
                ? Paint.NONE
                : terminal.paintOut(output.color());
    }

    /** Writes a line before it returns, after the lines in the queue. */
    public void say(String line) {
        say(line, UnaryOperator.identity());
    }

    /** Writes a line in colours that {@code painter} adds. */
    public synchronized void say(String line, UnaryOperator<String> painter) {
        sayWaiting();
        write(line, painter);
    }

    /**
     * Queues a line to be written soon. It is dropped when the queue is full; {@link #close} reports the number of
     * dropped lines.
     */
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
            write(line, UnaryOperator.identity());
        }
    }

    private void write(String line, UnaryOperator<String> painter) {
        err.println((barIsUp ? ERASE : "") + painter.apply(MessageText.lines(mask.message(line))));
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

    /** Writes to stdout, and hides the bar meanwhile when both are on one terminal. */
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
            err.print(ERASE + MessageText.oneLine(mask.message(now.bar(width))));
            err.flush();
            barIsUp = true;
        }
    }

    /** Writes the queued lines, removes the bar and ends the thread. */
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
            say(leftOut.get() + " lines were dropped here: too many came at once");
        }
        erase();
    }
}
