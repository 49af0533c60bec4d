package io.vertask.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;

/**
 * Fails a test in which something blocked a Vert.x event loop. JUnit finds it by itself, for every test.
 *
 * <p>BlockHound makes the blocking call throw; but whoever called may swallow what is thrown, so each one is also kept,
 * and the test during which it happened fails with it.
 *
 * <p>Vert.x tells Netty which of its threads may block, and Netty tells BlockHound: event loops may not, workers may.
 */
public final class BlockingLoopExtension implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private static final ConcurrentLinkedQueue<BlockingOperationError> SEEN = new ConcurrentLinkedQueue<>();
    private static final Optional<String> MISSING = install();

    @Override
    public void beforeAll(ExtensionContext context) {
        // Being loaded was enough: the watch is set up before the first test starts a loop.
    }

    @Override
    public void afterEach(ExtensionContext context) {
        failIfBlocked();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        failIfBlocked();
    }

    /** Why nothing is watched on this JVM; empty when it is. */
    static Optional<String> missing() {
        return MISSING;
    }

    /** The blocking calls seen since the last look. */
    static List<BlockingOperationError> drain() {
        List<BlockingOperationError> drained = new ArrayList<>();
        for (var error = SEEN.poll(); error != null; error = SEEN.poll()) {
            drained.add(error);
        }
        return drained;
    }

    static void failIfBlocked() {
        List<BlockingOperationError> blocked = drain();
        if (!blocked.isEmpty()) {
            var failure = new AssertionError("an event loop was blocked " + blocked.size() + " times, first by "
                    + blocked.get(0).getMethod());
            blocked.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    private static Optional<String> install() {
        try {
            BlockHound.install(builder -> builder.nonBlockingThreadPredicate(
                            netty -> netty.or(thread -> thread.getName().startsWith("vert.x-eventloop-thread")))
                    .blockingMethodCallback(method -> {
                        var error = new BlockingOperationError(method);
                        SEEN.add(error);
                        throw error;
                    })
                    // a line on the console is not worth a thread
                    .allowBlockingCallsInside("java.util.logging.Logger", "log")
                    // Vert.x reads its version once, when the class is loaded
                    .allowBlockingCallsInside("io.vertx.ext.web.client.WebClientOptions", "<clinit>")
                    // reading the kernel's random numbers never waits; a login by SCRAM does it
                    .allowBlockingCallsInside("sun.security.provider.NativePRNG", "engineNextBytes")
                    // the first TLS connection of a JVM has Vert.x read the JDK's trust store, once
                    .allowBlockingCallsInside("javax.net.ssl.SSLContext", "init")
                    .allowBlockingCallsInside("javax.net.ssl.TrustManagerFactory", "init")
                    // taking a lock for a moment, when the Vertx closes
                    .allowBlockingCallsInside("io.vertx.core.internal.WorkerPool", "close")
                    // the Reactive Streams TCK takes a lock for a moment when it notes a signal
                    .allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Receptacle", "add")
                    .allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Receptacle", "complete")
                    .allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Promise", "complete")
                    .allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Latch", "close")
                    // taking a lock for a moment, in order to hand work to another thread
                    .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "execute")
                    .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "addWorker"));
            return Optional.empty();
        } catch (RuntimeException | LinkageError instrumentationFailed) {
            return Optional.of("BlockHound can't watch Java " + Runtime.version() + ": " + instrumentationFailed);
        }
    }
}
