package io.vertask.app.tour;

import java.io.PrintStream;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A printer of lines to two streams, in the order of the calls, on a thread of its own.
 *
 * <p><b>Threads.</b> Any thread may call. {@link #out} and {@link #err} never wait; {@link #close} waits until
 * everything is printed.
 */
final class Printer implements AutoCloseable {
    private final PrintStream out;
    private final PrintStream err;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(printing -> {
        Thread daemon = new Thread(printing, "vertask-printer");
        daemon.setDaemon(true);
        return daemon;
    });

    Printer(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** A line of the result. */
    void out(String line) {
        thread.execute(() -> out.println(line));
    }

    /** A line about the result. */
    void err(String line) {
        thread.execute(() -> err.println(line));
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            // a paused reader makes this wait, as it does with any program that prints
            while (!thread.awaitTermination(1, TimeUnit.MINUTES)) {}
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            out.flush();
            err.flush();
        }
    }
}
