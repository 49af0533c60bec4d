package io.vertask.app.run;

import io.vertask.app.job.Job;
import io.vertask.sync.AsyncSemaphore;
import io.vertx.core.Future;

/**
 * The limit on items that have begun and are not written. It bounds the memory when a slow item holds up the output.
 */
final class Window {
    private static final int LEAST = 1_000;
    private static final int PER_SLOT = 4;

    private final AsyncSemaphore places;

    Window(int concurrency) {
        this(concurrency, LEAST);
    }

    private Window(int concurrency, int least) {
        places = AsyncSemaphore.of(Math.max(least, concurrency * PER_SLOT));
    }

    /** The window for {@code job}; it is smaller when each item may hold an unwritten page of rows. */
    static Window of(Job job) {
        return new Window(job.limits().concurrency(), job.step().isPaged() ? 1 : LEAST);
    }

    Future<Void> enter() {
        return places.acquire();
    }

    /** Frees the place of an item whose result has been written. Any thread may call. */
    void leave() {
        places.release();
    }
}
