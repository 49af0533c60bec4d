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
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Event bus messages with deadlines: {@link #request} sends the time that the caller has left, and {@link #serve} makes
 * it the limit of the work.
 *
 * <p>The event bus does not report that a requester has gone; the work then ends at the deadline.
 */
public final class Messages {
    /** The time to wait for a deadline that is due to end the wait. */
    private static final long DUE_MS = 1_000;

    /** The deadline is sent in whole milliseconds, so it passes a little earlier at the other end. */
    private static final Duration NEARLY = Duration.ofMillis(10);

    private Messages() {}

    /**
     * Sends a request and waits for the reply, at most until the deadline of the current scope.
     *
     * <p><b>Failure.</b> That of {@link EventBus#request}; the caller's own timeout when that has passed.
     *
     * <p><b>Cancellation.</b> Ends the wait at once. A later reply is dropped; the work at the other end goes on until
     * its deadline.
     *
     * @param options its send timeout is shortened to the time left
     */
    public static <T> Future<Message<T>> request(
            EventBus bus, String address, @Nullable Object body, DeliveryOptions options) {
        Objects.requireNonNull(bus, "Messages.request: bus is null");
        Objects.requireNonNull(address, "Messages.request: address is null");
        Objects.requireNonNull(options, "Messages.request: options is null");
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
                    // the deadline is due: the scope's own timeout should end the wait with its own error
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

    /** {@link #request(EventBus, String, Object, DeliveryOptions)} with the default options. */
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
     * replies with its value if a reply is expected.
     *
     * <p><b>Failure.</b> The requester gets a {@link ReplyException} with the error's message and an HTTP status code:
     * 400 for a malformed deadline, 504 for a timeout, 503 for a cancelled task, 500 for other errors. The code of a
     * {@link ReplyException} is kept. Without a requester the failure is reported to the context's exception handler.
     *
     * <p><b>Cancellation.</b> By the end of the verticle, and by {@link Task#cancel}.
     *
     * <p><b>Threads.</b> In a consumer's handler on an event loop.
     */
    public static <T> Task<T> serve(Message<?> message, Coroutine<T> body) {
        Objects.requireNonNull(message, "Messages.serve: message is null");
        Objects.requireNonNull(body, "Messages.serve: body is null");
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
            // the event bus has no codec for the value
            context.reportException(noCodec);
            message.fail(FailureStatus.BROKEN, String.valueOf(noCodec.getMessage()));
        }
    }

    private static int code(Throwable error) {
        return error instanceof ReplyException reply ? reply.failureCode() : FailureStatus.status(error);
    }
}
