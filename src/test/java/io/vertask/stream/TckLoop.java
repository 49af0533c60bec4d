package io.vertask.stream;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.tck.TestEnvironment;

/** What the verifications of the Reactive Streams TCK share: an event loop, and patience. */
final class TckLoop {
    /** How long an expected signal may take: it costs nothing unless something is broken. */
    private static final long PATIENCE_MS = 5_000;

    /** How long it looks whether an unexpected signal comes. */
    private static final long QUIET_MS = 50;

    private TckLoop() {}

    static TestEnvironment environment() {
        return new TestEnvironment(PATIENCE_MS, QUIET_MS);
    }

    static Vertx open() {
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setUseDaemonThread(true));
    }

    static void close(Vertx vertx) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(end -> closed.countDown());
        if (!closed.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the Vertx of the TCK does not close");
        }
    }
}
