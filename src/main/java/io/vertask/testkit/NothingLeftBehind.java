package io.vertask.testkit;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A JUnit extension for tests on real event loops: it gives each test a Vertx of its own as a parameter, and fails the
 * test when a task still runs after it, a timer of the library is still set, or an error has reached the exception
 * handler.
 *
 * <pre>{@code
 * @ExtendWith(NothingLeftBehind.class)
 * class FetchTest {
 *     @Test
 *     void fetches(Vertx vertx) {
 *         assertThat(Tasks.run(vertx, () -> fetch())).isNotNull();
 *     }
 * }
 * }</pre>
 *
 * <p>Tasks and timers get two seconds to end after the test. The Vertx has two event loops and is closed after the
 * test.
 */
public final class NothingLeftBehind implements ParameterResolver, AfterEachCallback {
    private static final Namespace HERE = Namespace.create(NothingLeftBehind.class);

    /** For JUnit. */
    public NothingLeftBehind() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Vertx.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // get and put are the same in JUnit 5.9 and 6; the methods that compute a value are not
        Store store = context.getStore(HERE);
        WatchedVertx watched = store.get(WatchedVertx.class, WatchedVertx.class);
        if (watched == null) {
            watched = new WatchedVertx();
            store.put(WatchedVertx.class, watched);
        }
        return watched.vertx();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        WatchedVertx watched = context.getStore(HERE).remove(WatchedVertx.class, WatchedVertx.class);
        if (watched != null) {
            String left = watched.close();
            if (!left.isEmpty() && context.getExecutionException().isEmpty()) {
                throw watched.leftBehind(left);
            }
        }
    }
}
