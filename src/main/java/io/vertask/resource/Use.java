package io.vertask.resource;

import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One use of a resource, which remembers whether the resource was opened and so must be closed.
 *
 * <p><b>Threads.</b> Those of one task, and so one event loop.
 */
final class Use<R, T> {
    private final AsyncResource<R> resource;
    private final Function<? super R, Future<T>> body;
    private boolean open;
    private @Nullable R opened;

    Use(AsyncResource<R> resource, Function<? super R, Future<T>> body) {
        this.resource = resource;
        this.body = body;
    }

    Future<T> acquireAndUse() {
        return unlessCancelled("opening a resource")
                .compose(go -> Tasks.call(this::acquire, this::releaseLate))
                .compose(r -> {
                    // in the same turn in which the resource came: from here on it must be released
                    opened = r;
                    open = true;
                    return unlessCancelled("a resource that was opened").compose(go -> use(r));
                });
    }

    private Future<T> use(R r) {
        Future<T> used = body.apply(r);
        return used != null ? used : Future.failedFuture(new NullPointerException("the body returned no future"));
    }

    private Future<R> acquire() throws Exception {
        Future<R> acquired = resource.acquire();
        return acquired != null
                ? acquired
                : Future.failedFuture(new NullPointerException("acquire returned no future"));
    }

    /** Releases a resource that has come when the wait for it was over. */
    private void releaseLate(R late) {
        ContextInternal here = ContextInternal.current();
        try {
            resource.release(late).onFailure(here::reportException);
        } catch (Exception thrown) {
            here.reportException(thrown);
        }
    }

    boolean isOpen() {
        return open;
    }

    @SuppressWarnings("NullAway") // null where the resource itself is
    Future<Void> giveBack() throws Exception {
        return open ? resource.release(opened) : Future.succeededFuture();
    }

    /** A future that fails in a cancelled scope and is otherwise already succeeded. */
    private static Future<Void> unlessCancelled(String what) {
        return Waiter.await(what, wait -> wait.completeAtOnce(null));
    }
}
