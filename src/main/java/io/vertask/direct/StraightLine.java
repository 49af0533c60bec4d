package io.vertask.direct;

import io.vertask.task.Coroutine;
import io.vertask.task.Strand;
import io.vertask.task.Task;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One body of straight-line code: its virtual thread, and the scope that it is in. */
final class StraightLine<T> implements Runnable {
    private static final ThreadLocal<@Nullable StraightLine<?>> CURRENT = new ThreadLocal<>();

    private final Callable<T> code;
    private final Promise<T> end;
    /** Of the innermost block that the code is in. Only this thread. */
    private Strand strand;

    private StraightLine(Callable<T> code, Strand strand) {
        this.code = code;
        this.strand = strand;
        this.end = strand.context().promise();
    }

    /** In the current scope, from the next turn on. */
    static <T> Future<T> begin(Callable<T> code) {
        Strand strand = Strand.open();
        StraightLine<T> line = new StraightLine<>(code, strand);
        Thread thread = VirtualThreads.named(Task.current().map(Task::name).orElse("straight line"), line);
        strand.begin((go, refused) -> {
            if (refused == null) {
                thread.start();
            } else {
                line.end.fail(refused);
            }
        });
        return line.end.future();
    }

    /** The code that this thread runs; null on one that runs none. */
    static @Nullable StraightLine<?> currentOrNull() {
        return CURRENT.get();
    }

    static StraightLine<?> current(String what) {
        StraightLine<?> line = CURRENT.get();
        if (line == null) {
            throw new IllegalStateException(
                    what + " was called on thread "
                            + Thread.currentThread().getName()
                            + ", which runs no straight-line code and must not be made to wait; start some with Direct.start(…)");
        }
        return line;
    }

    @Override
    public void run() {
        CURRENT.set(this);
        T value = null;
        Throwable error = null;
        try {
            value = in(strand, code);
        } catch (Throwable thrown) {
            error = thrown;
        }
        T result = value;
        Throwable failure = error;
        strand.end(() -> end(result, failure));
    }

    private void end(@Nullable T result, @Nullable Throwable failure) {
        if (failure instanceof VirtualMachineError || failure instanceof LinkageError) {
            strand.context().reportException(failure);
        }
        end.complete(result, failure);
    }

    /** Runs {@code block} as code of another scope. */
    <R> R in(Strand inner, Callable<R> block) throws Exception {
        Strand outer = strand;
        strand = inner;
        ContextInternal before = inner.context().beginDispatch();
        try {
            return block.call();
        } finally {
            inner.context().endDispatch(before);
            strand = outer;
        }
    }

    <R> R await(Coroutine<R> operation) {
        AwaitedResult<R> answer = new AwaitedResult<>();
        strand.await(operation, answer);
        return answer.take();
    }

    boolean takesTurnsWith(Strand other) {
        return strand.takesTurnsWith(other);
    }
}
