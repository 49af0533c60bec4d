package io.vertask.app.demo;

/**
 * Counters of the server's requests and timers.
 *
 * <p><b>Threads.</b> Any thread may call.
 */
final class Traffic {
    private long seen;
    private long answered;
    private long abandoned;
    private int open;
    private int peakOpen;
    private int timers;

    synchronized void begun() {
        seen++;
        open++;
        peakOpen = Math.max(peakOpen, open);
    }

    synchronized void answered() {
        open--;
        answered++;
    }

    /** The connection was closed before the answer; {@code byClient} is false when this server closed it. */
    synchronized void dropped(boolean byClient) {
        open--;
        if (byClient) {
            abandoned++;
        }
    }

    synchronized void timerSet() {
        timers++;
    }

    synchronized void timerGone() {
        timers--;
    }

    synchronized int timers() {
        return timers;
    }

    synchronized DemoServer.Stats stats() {
        return new DemoServer.Stats(seen, answered, abandoned, open, peakOpen);
    }
}
