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
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Straight-line coroutines: code that waits with {@code await}, as in Python. For JDK 21 and later.
 *
 * <p>{@code Direct.start("worker", () -> { … await(() -> Tasks.sleep(second)); … })} is a task like any other, and
 * {@link #body} gives a coroutine like any other, for {@code gather}, groups and timeouts. A future of Vert.x is
 * awaited directly: {@code await(client.get("/").send())}. The methods of this library belong on the event loop:
 * {@code await(() -> …)} calls them there, in the scope of the code.
 *
 * <p>In a context (a verticle, a {@code run}) one body runs at a time, straight-line or made of futures, and another
 * gets its turn only at an {@code await}: state shared only by bodies needs no lock. Callbacks that Vert.x calls itself
 * (a request handler, a listener on a future that is not of this library) are not bodies and may run at the same time.
 * Code that blocks without {@code await} holds up all other bodies of its context, but not the event loop.
 *
 * <p><b>Failure.</b> {@code await} throws the exception of the awaited operation unwrapped, even if checked, and adds
 * the awaiting code to its stack trace. On an older JDK, {@link IllegalStateException} before anything starts.
 *
 * <p><b>Cancellation.</b> The {@code await} in progress throws {@link io.vertask.task.CancelledException} once its
 * operation has ended, and so does every later one. In a {@code finally}, put code that waits into {@link #cleanup}.
 *
 * <p><b>Threads.</b> Methods that wait are for straight-line code, on its own thread; elsewhere they are an
 * {@link IllegalStateException}. {@link #body} and {@link #start} may also be called on the event loop.
 */
public final class Direct {
    /** Straight-line code without a result. */
    @FunctionalInterface
    public interface Lines {
        /** Runs the code. */
        void run() throws Exception;
    }

    /**
     * Straight-line code with an argument: a resource or a group.
     *
     * @param <A> the type of the argument
     */
    @FunctionalInterface
    public interface LinesWith<A, T> {
        /** Runs the code. */
        T run(A given) throws Exception;
    }

    /** The code of a block, as the coroutine that the block's method takes. */
    @FunctionalInterface
    public interface Body<T> extends Coroutine<T> {
        @Override
        Future<T> call();
    }

    private Direct() {}

    /** Whether this JDK has virtual threads, which straight-line code needs. */
    public static boolean isAvailable() {
        return VirtualThreads.available();
    }

    // ---- starting

    /** {@link Tasks#run(Coroutine)} for straight-line code. */
    public static <T> @Nullable T run(Callable<T> main) {
        Objects.requireNonNull(main, "Direct.run: main is null");
        return Tasks.run(body(main));
    }

    /** {@link #run(Callable)} for code without a result. */
    public static void run(Lines main) {
        Objects.requireNonNull(main, "Direct.run: main is null");
        run(value(main));
    }

    /** {@link #run(Callable)} on one event loop of the caller's Vertx. */
    public static <T> @Nullable T run(Vertx vertx, Callable<T> main) {
        Objects.requireNonNull(vertx, "Direct.run: vertx is null");
        Objects.requireNonNull(main, "Direct.run: main is null");
        return Tasks.run(vertx, body(main));
    }

    /** A coroutine that runs {@code code}, each time on a thread of its own. */
    public static <T> Coroutine<T> body(Callable<T> code) {
        Objects.requireNonNull(code, "Direct.body: code is null");
        VirtualThreads.check();
        return () -> StraightLine.begin(code);
    }

    /** {@link #body(Callable)} for code without a result. */
    public static Coroutine<Void> body(Lines code) {
        Objects.requireNonNull(code, "Direct.body: code is null");
        return body(value(code));
    }

    /** {@link Tasks#start(Coroutine)} for straight-line code; it may be called from such code, too. */
    public static <T> Task<T> start(Callable<T> code) {
        return start(null, code);
    }

    /** {@link #start(Callable)} for code without a result. */
    public static Task<Void> start(Lines code) {
        Objects.requireNonNull(code, "Direct.start: code is null");
        return start(null, value(code));
    }

    /** {@link #start(Callable)} with a name. */
    public static <T> Task<T> start(@Nullable String name, Callable<T> code) {
        Objects.requireNonNull(code, "Direct.start: code is null");
        Coroutine<T> body = body(code);
        return StraightLine.currentOrNull() == null ? Tasks.start(name, body) : onLoop(() -> Tasks.start(name, body));
    }

    /** {@link #start(String, Callable)} for code without a result. */
    public static Task<Void> start(@Nullable String name, Lines code) {
        Objects.requireNonNull(code, "Direct.start: code is null");
        return start(name, value(code));
    }

    /** {@link TaskGroup#start(String, Coroutine)} for straight-line code; it may be called from such code, too. */
    public static <T> Task<T> start(TaskGroup group, String name, Callable<T> code) {
        Objects.requireNonNull(group, "Direct.start: group is null");
        Objects.requireNonNull(name, "Direct.start: name is null");
        Objects.requireNonNull(code, "Direct.start: code is null");
        Coroutine<T> body = body(code);
        return StraightLine.currentOrNull() == null ? group.start(name, body) : onLoop(() -> group.start(name, body));
    }

    /** {@link #start(TaskGroup, String, Callable)} for code without a result. */
    public static Task<Void> start(TaskGroup group, String name, Lines code) {
        Objects.requireNonNull(code, "Direct.start: code is null");
        return start(group, name, value(code));
    }

    // ---- waiting

    /**
     * Calls {@code operation} on the event loop, in the scope of this code, and waits for its future. asyncio's
     * {@code await}.
     *
     * <p><b>Cancellation.</b> Cancels everything that {@code operation} has started, and waits for its end. A future
     * that is not of this library can't be cancelled: {@link #await(Future)} stops waiting for it at once.
     */
    public static <T> T await(Coroutine<T> operation) {
        Objects.requireNonNull(operation, "Direct.await: operation is null");
        return StraightLine.current("Direct.await").await(operation);
    }

    /** Waits for {@code future}, as {@link Tasks#await(Future)} does. */
    public static <T> T await(Future<T> future) {
        Objects.requireNonNull(future, "Direct.await: future is null");
        return await(() -> Tasks.await(future));
    }

    /** Waits for {@code task}, as {@link Task#future} does. */
    public static <T> T await(Task<T> task) {
        Objects.requireNonNull(task, "Direct.await: task is null");
        return await(task::future);
    }

    /** {@link Tasks#sleep}. */
    public static void sleep(Duration duration) {
        Objects.requireNonNull(duration, "Direct.sleep: duration is null");
        await(() -> Tasks.sleep(duration));
    }

    /**
     * Calls {@code code} on the event loop, in the scope of this code, and gives its value. For calls that belong on
     * the event loop and don't wait, such as {@code onLoop(() -> group.start("child", body))}.
     */
    public static <T> T onLoop(Callable<T> code) {
        Objects.requireNonNull(code, "Direct.onLoop: code is null");
        return StraightLine.current("Direct.onLoop").await(() -> Future.succeededFuture(code.call()));
    }

    // ---- blocks

    /**
     * Runs {@code code} as the body of {@code block}, on this thread: {@code with(limit::withPermit, () -> …)} is
     * asyncio's {@code async with limit}.
     *
     * <p><b>Failure.</b> That of the block; for most blocks, the exception that {@code code} has thrown.
     */
    @SuppressWarnings("NullAway") // this code has no argument
    public static <T> T with(Function<Body<T>, Future<T>> block, Callable<T> code) {
        Objects.requireNonNull(block, "Direct.with: block is null");
        Objects.requireNonNull(code, "Direct.with: code is null");
        return using(body -> block.apply(() -> body.apply(null)), nothing -> code.call());
    }

    /**
     * {@link #with} for a block that gives its body an argument: {@code using(body -> Resources.using(file, body), open
     * -> …)} is asyncio's {@code async with … as}.
     */
    public static <A, T> T using(Function<Function<A, Future<T>>, Future<T>> block, LinesWith<A, T> code) {
        Objects.requireNonNull(block, "Direct.using: block is null");
        Objects.requireNonNull(code, "Direct.using: code is null");
        return StraightLineBlock.run(StraightLine.current("Direct.using"), block, code);
    }

    /** {@link Tasks#timeout} around {@code code}. */
    public static <T> T timeout(Duration limit, Callable<T> code) {
        Objects.requireNonNull(limit, "Direct.timeout: limit is null");
        Objects.requireNonNull(code, "Direct.timeout: code is null");
        return with(body -> Tasks.timeout(limit, body), code);
    }

    /** {@link #timeout(Duration, Callable)} for code without a result. */
    public static void timeout(Duration limit, Lines code) {
        Objects.requireNonNull(code, "Direct.timeout: code is null");
        timeout(limit, value(code));
    }

    /** {@link TaskGroup#with(String, Function)} around {@code code}: its children are started with {@link #start}. */
    public static <T> T group(String name, LinesWith<TaskGroup, T> code) {
        Objects.requireNonNull(name, "Direct.group: name is null");
        Objects.requireNonNull(code, "Direct.group: code is null");
        return using(body -> TaskGroup.with(name, body), code);
    }

    /**
     * Runs {@code code} so that it can wait even though this task was cancelled, for the {@code finally} of
     * straight-line code. Its limit is {@link Tasks#CLEANUP_LIMIT}.
     *
     * <p><b>Cancellation.</b> It runs in a shield, which no cancel cuts short; the limit does, and that is reported.
     */
    public static <T> T cleanup(Callable<T> code) {
        return cleanup(Tasks.CLEANUP_LIMIT, code);
    }

    /** {@link #cleanup(Callable)} for code without a result. */
    public static void cleanup(Lines code) {
        Objects.requireNonNull(code, "Direct.cleanup: code is null");
        cleanup(value(code));
    }

    /** {@link #cleanup(Callable)} with a limit. */
    public static <T> T cleanup(Duration limit, Callable<T> code) {
        Objects.requireNonNull(limit, "Direct.cleanup: limit is null");
        Objects.requireNonNull(code, "Direct.cleanup: code is null");
        return with(body -> shielded(limit, body), code);
    }

    /** {@link #cleanup(Duration, Callable)} for code without a result. */
    public static void cleanup(Duration limit, Lines code) {
        Objects.requireNonNull(code, "Direct.cleanup: code is null");
        cleanup(limit, value(code));
    }

    private static <T> Future<T> shielded(Duration limit, Body<T> code) {
        AtomicReference<T> value = new AtomicReference<>();
        return Tasks.finallyDo(Future::succeededFuture, limit, () -> code.call().onSuccess(value::set))
                .map(done -> value.get())
                // the timeout has been reported; in a cancelled scope, the code around stays cancelled
                .recover(error -> error instanceof TaskTimeoutException
                        ? Waiter.await("the end of a cleanup", wait -> wait.fail(error))
                        : Future.failedFuture(error));
    }

    @SuppressWarnings("NullAway") // null is the only value of Void
    private static Callable<Void> value(Lines code) {
        return () -> {
            code.run();
            return null;
        };
    }
}
