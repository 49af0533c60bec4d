package io.vertask.client;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Supplier;

/**
 * A transaction on a session that has none open: BEGIN, a body, then COMMIT or ROLLBACK.
 *
 * <pre>
 *  BEGIN ──▶ body ──succeeds──▶ COMMIT ──▶ over
 *              │                  │
 *            fails, throws, is cancelled; the server refuses to commit
 *              ▼
 *            stop what still runs ──▶ ROLLBACK ──▶ over
 *                                        │
 *                                      fails, or takes too long: the connection is closed hard ──▶ over
 * </pre>
 *
 * <p><b>Failure.</b> That of the body or of the COMMIT; {@link IllegalStateException} when a statement had failed and
 * the body succeeded all the same, for the server would call the rollback a success.
 *
 * <p><b>Cancellation.</b> A cancelled body is rolled back. A COMMIT that has begun is waited for, at most for
 * {@link SqlLimits#cancelTimeout}, so that it is known whether it took effect.
 */
final class Transaction {
    private Transaction() {}

    /** Runs {@code body}; {@code committed} is called once the commit is certain, also when the caller is cancelled. */
    static <T> Future<T> run(SqlSession session, Supplier<Future<T>> body, Runnable committed) {
        return Tasks.finallyDo(
                () -> {
                    ContextInternal here = ContextInternal.current();
                    return session.query("BEGIN")
                            .compose(begun -> OnContext.anchored(here, body.get()))
                            .compose(value -> session.commit(committed).map(value));
                },
                session::rollBackIfOpen);
    }
}
