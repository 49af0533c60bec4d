package io.vertask.app.run;

import io.vertask.app.job.Job;
import io.vertask.sync.AsyncSemaphore;
import io.vertx.core.Future;

/** How many items may have begun and not been written: the bound on memory when one slow item holds up the output. */
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

    /** For {@code job}: fewer where each item may hold a page of rows that is not written. */
    static Window of(Job job) {
        return new Window(job.limits().concurrency(), job.step().isPaged() ? 1 : LEAST);
    }

    Future<Void> enter() {
        return places.acquire();
    }

    /** One item's line has been written; from any thread. */
    void leave() {
        places.release();
    }
}
