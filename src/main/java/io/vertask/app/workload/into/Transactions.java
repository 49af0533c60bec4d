package io.vertask.app.workload.into;

import io.vertask.client.PhaseListener;
import io.vertask.client.SqlCalls;
import io.vertask.client.SqlSession;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * Transactions whose COMMIT, once it has begun, is waited for: a cancel then comes too late, and nobody has to guess.
 */
final class Transactions {
    private Transactions() {}

    /** {@code committed} is told as soon as it is certain, also when the caller has been cancelled meanwhile. */
    static <T> Future<T> run(
            SqlCalls calls, PhaseListener phases, Function<SqlSession, Future<T>> body, Runnable committed) {
        return calls.withConnection(phases, session -> {
            boolean[] whole = {false};
            return Tasks.finallyDo(
                    () -> session.query("BEGIN")
                            .compose(begun -> body.apply(session))
                            .map(value -> {
                                whole[0] = true;
                                return value;
                            }),
                    // what is not whole is rolled back when the session ends
                    () -> whole[0]
                            ? session.query("COMMIT").onSuccess(done -> committed.run())
                            : session.query("ROLLBACK").recover(broken -> Future.succeededFuture()));
        });
    }
}
