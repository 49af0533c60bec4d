package io.vertask.direct;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Straight-line code that waits with {@code await}, as a Python coroutine does: for JDK 21 and later.
 *
 * <p>{@code Direct.start("worker", () -> { … await(() -> Tasks.sleep(second)); … })} is a task like any other, and
 * {@link #body} a coroutine like any other: it goes into {@code gather}, groups and timeouts. What is called on Vert.x
 * itself may be awaited as it is, {@code await(client.get("/").send())}; the verbs of the library belong to the event
 * loop, and are called there by {@code await(() -> …)}, in the scope of the code.
 *
 * <p>One body of a context (a verticle, a {@code run}) runs at a time, straight-line or made of futures, and only at an
 * {@code await} does another get its turn: state that only they share needs no lock. Callbacks that Vert.x calls by
 * itself (a request handler, a listener on a future that is not of this library) are no bodies and may run at the same
 * time. Code that blocks without {@code await} holds up all others of its context, but not the event loop.
 *
 * <p><b>Failure.</b> {@code await} throws the very exception that was awaited, checked ones too, and adds the awaiting
 * code to its stack trace. On an older JDK, {@link IllegalStateException} before anything starts.
 *
 * <p><b>Cancellation.</b> The {@code await} in progress throws {@link io.vertask.task.CancelledException} once what it
 * waited for has ended, and so does every later one: put what has to wait in a {@code finally} into {@link #cleanup}.
 *
 * <p><b>Threads.</b> {@link #body} and {@link #start} on the event loop too; all that waits in straight-line code only,
 * on its own thread; elsewhere {@link IllegalStateException}.
 */
public final class Direct {
    /** Lines that return nothing. */
    @FunctionalInterface
    public interface Lines {
        /** The lines. */
        void run() throws Exception;
    }

    /**
     * Lines that are given something: a resource, a group.
     *
     * @param <A> what they are given
     */
    @FunctionalInterface
    public interface LinesWith<A, T> {
        /** The lines. */
        T run(A given) throws Exception;
    }

    /** The lines of a block, as the coroutine that the block's verb takes. */
    @FunctionalInterface
    public interface Body<T> extends Coroutine<T> {
        @Override
        Future<T> call();
    }

    private Direct() {}

    /** Whether this JDK has what straight-line code needs. */
    public static boolean isAvailable() {
        return VirtualThreads.available();
    }

    // ---- beginning

    /** {@link Tasks#run(Coroutine)} for straight-line code. */
    public static <T> @Nullable T run(Callable<T> main) {
        return Tasks.run(body(main));
    }

    /** {@link #run(Callable)} for code that returns nothing. */
    public static void run(Lines main) {
        run(value(main));
    }

    /** {@link #run(Callable)} on one event loop of a Vertx that you own. */
    public static <T> @Nullable T run(Vertx vertx, Callable<T> main) {
        return Tasks.run(vertx, body(main));
    }

    /** A coroutine that runs {@code code}, each time on a thread of its own. */
    public static <T> Coroutine<T> body(Callable<T> code) {
        VirtualThreads.check();
        return () -> StraightLine.begin(code);
    }

    /** {@link #body(Callable)} for code that returns nothing. */
    public static Coroutine<Void> body(Lines code) {
        return body(value(code));
    }

    /** {@link Tasks#start(Coroutine)} for straight-line code, and in it. */
    public static <T> Task<T> start(Callable<T> code) {
        return start(null, code);
    }

    /** {@link #start(Callable)} for code that returns nothing. */
    public static Task<Void> start(Lines code) {
        return start(null, value(code));
    }

    /** {@link #start(Callable)} with a name. */
    public static <T> Task<T> start(@Nullable String name, Callable<T> code) {
        Coroutine<T> body = body(code);
        return StraightLine.currentOrNull() == null ? Tasks.start(name, body) : onLoop(() -> Tasks.start(name, body));
    }

    /** {@link #start(String, Callable)} for code that returns nothing. */
    public static Task<Void> start(@Nullable String name, Lines code) {
        return start(name, value(code));
    }

    /** {@link TaskGroup#start(String, Coroutine)} for straight-line code, and in it. */
    public static <T> Task<T> start(TaskGroup group, String name, Callable<T> code) {
        Coroutine<T> body = body(code);
        return StraightLine.currentOrNull() == null ? group.start(name, body) : onLoop(() -> group.start(name, body));
    }

    /** {@link #start(TaskGroup, String, Callable)} for code that returns nothing. */
    public static Task<Void> start(TaskGroup group, String name, Lines code) {
        return start(group, name, value(code));
    }

    // ---- waiting

    /**
     * Calls {@code operation} on the event loop, in the scope of this code, and waits for what it returns. asyncio's
     * {@code await}.
     *
     * <p><b>Cancellation.</b> Reaches all that {@code operation} has started; the wait ends when it has ended. A future
     * that is not of this library can't be reached: {@link #await(Future)} leaves it alone at once.
     */
    public static <T> T await(Coroutine<T> operation) {
        return StraightLine.current("Direct.await").await(operation);
    }

    /** Waits for {@code future}, as {@link Tasks#await(Future)} does. */
    public static <T> T await(Future<T> future) {
        return await(() -> Tasks.await(future));
    }

    /** Waits for {@code task}, as {@link Task#future} does. */
    public static <T> T await(Task<T> task) {
        return await(task::future);
    }

    /** {@link Tasks#sleep}. */
    public static void sleep(Duration duration) {
        await(() -> Tasks.sleep(duration));
    }

    /**
     * Calls {@code code} on the event loop, in the scope of this code, and gives its value at once: for what belongs
     * there and does not wait, as {@code onLoop(() -> group.start("child", body))}.
     */
    public static <T> T onLoop(Callable<T> code) {
        return StraightLine.current("Direct.onLoop").await(() -> Future.succeededFuture(code.call()));
    }

    // ---- blocks

    /**
     * Runs {@code code} as the body of {@code block}, on this thread: {@code with(limit::withPermit, () -> …)} is
     * asyncio's {@code async with limit}.
     *
     * <p><b>Failure.</b> That of the block: for most, the very exception that {@code code} has thrown.
     */
    @SuppressWarnings("NullAway") // these lines are given nothing
    public static <T> T with(Function<Body<T>, Future<T>> block, Callable<T> code) {
        return using(body -> block.apply(() -> body.apply(null)), nothing -> code.call());
    }

    /**
     * {@link #with} for a block that gives its body something: {@code using(body -> Resources.using(file, body), open
     * -> …)} is asyncio's {@code async with … as}.
     */
    public static <A, T> T using(Function<Function<A, Future<T>>, Future<T>> block, LinesWith<A, T> code) {
        return StraightLineBlock.run(StraightLine.current("Direct.using"), block, code);
    }

    /** {@link Tasks#timeout} around {@code code}. */
    public static <T> T timeout(Duration limit, Callable<T> code) {
        return with(body -> Tasks.timeout(limit, body), code);
    }

    /** {@link #timeout(Duration, Callable)} for code that returns nothing. */
    public static void timeout(Duration limit, Lines code) {
        timeout(limit, value(code));
    }

    /** {@link TaskGroup#with(String, Function)} around {@code code}: its children are started with {@link #start}. */
    public static <T> T group(String name, LinesWith<TaskGroup, T> code) {
        return using(body -> TaskGroup.with(name, body), code);
    }

    /**
     * Runs {@code code} so that it may wait although this task was cancelled: for the {@code finally} of straight-line
     * code. Its limit is {@link Tasks#CLEANUP_LIMIT}.
     *
     * <p><b>Cancellation.</b> It runs in a shield: neither an earlier cancel nor a second one cuts it short, but the
     * limit does, and that is reported.
     */
    public static <T> T cleanup(Callable<T> code) {
        return cleanup(Tasks.CLEANUP_LIMIT, code);
    }

    /** {@link #cleanup(Callable)} for code that returns nothing. */
    public static void cleanup(Lines code) {
        cleanup(value(code));
    }

    /** {@link #cleanup(Callable)} with a limit. */
    public static <T> T cleanup(Duration limit, Callable<T> code) {
        return with(body -> shielded(limit, body), code);
    }

    /** {@link #cleanup(Duration, Callable)} for code that returns nothing. */
    public static void cleanup(Duration limit, Lines code) {
        cleanup(limit, value(code));
    }

    private static <T> Future<T> shielded(Duration limit, Body<T> code) {
        AtomicReference<T> value = new AtomicReference<>();
        return Tasks.finallyDo(Future::succeededFuture, limit, () -> code.call().onSuccess(value::set))
                .map(done -> value.get())
                // it has been reported; in a cancelled scope, the code around it goes on being cancelled
                .recover(error -> error instanceof TaskTimeoutException
                        ? Waiter.await("the end of a cleanup", wait -> wait.fail(error))
                        : Future.failedFuture(error));
    }

    @SuppressWarnings("NullAway") // the only value a Void has
    private static Callable<Void> value(Lines code) {
        return () -> {
            code.run();
            return null;
        };
    }
}
