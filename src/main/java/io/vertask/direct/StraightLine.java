package io.vertask.direct;

import io.vertask.task.Coroutine;
import io.vertask.task.Strand;
import io.vertask.task.Task;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One running body of straight-line code, with its virtual thread and its current scope. */
final class StraightLine<T> implements Runnable {
    private static final ThreadLocal<@Nullable StraightLine<?>> CURRENT = new ThreadLocal<>();

    private final Callable<T> code;
    private final Promise<T> end;
    /** That of the innermost block around the code. Confined to this body's thread. */
    private Strand strand;

    private StraightLine(Callable<T> code, Strand strand) {
        this.code = code;
        this.strand = strand;
        this.end = strand.context().promise();
    }

    /** Starts {@code code} in the current scope, on the next turn. */
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

    /** The body that this thread runs; null on other threads. */
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

    /** Runs {@code block} in another scope. */
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
        AwaitedResult<R> result = new AwaitedResult<>();
        strand.await(operation, result);
        return result.take();
    }

    boolean takesTurnsWith(Strand other) {
        return strand.takesTurnsWith(other);
    }
}
