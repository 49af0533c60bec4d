package io.vertask.server;

import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the event bus whose deadline goes along: {@link #request} sends what is left of the caller's, and
 * {@link #serve} makes it the limit of the work.
 *
 * <p>The bus tells nobody that a requester has gone; its deadline is what ends the work then.
 */
public final class Messages {
    /** How long a deadline that is due may take to be noticed. */
    private static final long DUE_MS = 1_000;

    /** The work counts whole milliseconds, so its deadline passes a little earlier than the one it was made of. */
    private static final Duration NEARLY = Duration.ofMillis(10);

    private Messages() {}

    /**
     * Sends a request and waits for the reply, not longer than the current scope may.
     *
     * <p><b>Failure.</b> That of {@link EventBus#request}; the caller's own timeout when it was that which passed.
     *
     * <p><b>Cancellation.</b> Ends the wait at once. A reply that comes later is dropped; the work at the other end
     * goes on until its deadline.
     *
     * @param options its send timeout is shortened to what is left
     */
    public static <T> Future<Message<T>> request(
            EventBus bus, String address, @Nullable Object body, DeliveryOptions options) {
        OptionalLong left = Tasks.remaining()
                .map(DeadlineHeader::millis)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
        DeliveryOptions mine = new DeliveryOptions(options);
        left.ifPresent(ms -> mine.addHeader(DeadlineHeader.HEADER, Long.toString(ms)));
        long due = Tasks.nanoTime() + TimeUnit.MILLISECONDS.toNanos(left.orElse(0)) - NEARLY.toNanos();
        boolean ours = left.isPresent() && left.getAsLong() <= options.getSendTimeout();
        if (ours) {
            mine.setSendTimeout(left.getAsLong());
        }
        return Waiter.await("a reply from '" + address + "'", wait -> {
            wait.outside();
            bus.<T>request(address, body, mine).onComplete((reply, error) -> {
                if (error == null) {
                    wait.resume(reply);
                } else if (ours && (isTimeout(error) || (isTooLate(error) && Tasks.nanoTime() >= due))) {
                    // the deadline itself is due: it ends the wait, and its error is the one to be seen
                    ContextInternal here = ContextInternal.current();
                    long late = here.setTimer(DUE_MS, id -> wait.fail(error));
                    wait.onCancel(cause -> {
                        here.owner().cancelTimer(late);
                        return true;
                    });
                } else {
                    wait.fail(error);
                }
            });
        });
    }

    /** {@link #request(EventBus, String, Object, DeliveryOptions)} with the usual options. */
    public static <T> Future<Message<T>> request(EventBus bus, String address, @Nullable Object body) {
        return request(bus, address, body, new DeliveryOptions());
    }

    private static boolean isTimeout(Throwable error) {
        return error instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
    }

    private static boolean isTooLate(Throwable error) {
        return error instanceof ReplyException reply && reply.failureCode() == FailureStatus.TOO_LATE;
    }

    /**
     * Starts {@code body} as a task for {@code message}, named after its address and limited by its deadline, and
     * replies with the value, when a reply is wanted.
     *
     * <p><b>Failure.</b> The requester gets a {@link ReplyException} with the message and a code as HTTP has them: 400
     * for a deadline that can't be read, 504 when the time has passed, 503 when the task was cancelled, 500 for the
     * rest; the code of a {@link ReplyException} stays. Without a requester the failure is reported to the context's
     * exception handler.
     *
     * <p><b>Cancellation.</b> By the end of the verticle, and by {@link Task#cancel}.
     *
     * <p><b>Threads.</b> In a consumer's handler on an event loop.
     */
    public static <T> Task<T> serve(Message<?> message, Coroutine<T> body) {
        ContextInternal context = ContextInternal.current();
        String deadline = message.headers().get(DeadlineHeader.HEADER);
        Task<T> task = Tasks.start(
                "message to " + message.address(), DeadlineHeader.limited(DeadlineHeader.HEADER, deadline, body));
        task.settled().onComplete(end -> answer(message, end.result(), context));
        return task;
    }

    private static void answer(Message<?> message, Outcome<?> end, ContextInternal context) {
        Throwable error = end.errorOrNull();
        if (message.replyAddress() == null) {
            if (error != null) {
                context.reportException(error);
            }
        } else if (error != null) {
            message.fail(code(error), String.valueOf(error.getMessage()));
        } else {
            reply(message, end, context);
        }
    }

    private static void reply(Message<?> message, Outcome<?> end, ContextInternal context) {
        try {
            message.reply(end.orElseThrow());
        } catch (RuntimeException noCodec) {
            // a value that can't be sent
            context.reportException(noCodec);
            message.fail(FailureStatus.BROKEN, String.valueOf(noCodec.getMessage()));
        }
    }

    private static int code(Throwable error) {
        return error instanceof ReplyException reply ? reply.failureCode() : FailureStatus.status(error);
    }
}
