package io.vertask.app.tour;

import java.io.PrintStream;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Prints lines to two streams, in the order in which they were given, on a thread of its own.
 *
 * <p><b>Threads.</b> {@link #out} and {@link #err} from any thread, and never wait; {@link #close} waits until all is
 * printed.
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
            // a reader that pauses makes this wait, as it makes any program wait that prints
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
