package io.vertask.task;

import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * All unfinished tasks of a Vertx, each event loop seen at one moment of its own. asyncio's {@code all_tasks}.
 *
 * @param tasks what was found, oldest first
 * @param silent the event loops that did not answer in time, being blocked; their tasks are not among those
 */
public record Survey(List<TaskInfo> tasks, List<Silent> silent) {
    /**
     * An event loop that did not answer.
     *
     * @param loop the name of its thread
     * @param stack where that thread was when we gave up, innermost call first
     */
    public record Silent(String loop, List<StackTraceElement> stack) {}

    /** How long {@link #of(Vertx)} waits for a loop that does not answer. */
    public static final Duration PATIENCE = Duration.ofSeconds(1);

    /** A survey; its lists can't be changed. */
    public Survey {
        tasks = tasks.stream().sorted(Comparator.comparingLong(TaskInfo::id)).toList();
        silent = List.copyOf(silent);
    }

    /** {@link #of(Vertx, Duration)}, with a patience of {@link #PATIENCE}. */
    public static Future<Survey> of(Vertx vertx) {
        return of(vertx, PATIENCE);
    }

    /**
     * Asks every event loop of {@code vertx} that has ever had tasks.
     *
     * <p><b>Failure.</b> None: a loop that has not answered after {@code patience} is named in {@link #silent}.
     *
     * <p><b>Threads.</b> Any. The future comes on the caller's context; without one, on a thread of its own choosing,
     * so that a loop which is blocked can't keep it back.
     */
    public static Future<Survey> of(Vertx vertx, Duration patience) {
        List<CompletableFuture<Survey>> answers = new ArrayList<>();
        AllHomes.of(vertx).all().forEach((loop, homes) -> {
            CompletableFuture<Survey> answer = new CompletableFuture<>();
            if (loop.inEventLoop()) {
                answer.complete(on(homes));
            } else {
                ask(loop, homes, answer);
            }
            answers.add(answer.orTimeout(Nanos.of(patience), TimeUnit.NANOSECONDS)
                    .exceptionally(late -> new Survey(List.of(), List.of(homes.silent()))));
        });
        CompletableFuture<Survey> all = CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenApply(v ->
                        joined(answers.stream().map(CompletableFuture::join).toList()));
        ContextInternal here = ContextInternal.current();
        return here == null ? Future.fromCompletionStage(all) : Future.fromCompletionStage(all, here);
    }

    private static void ask(EventLoop loop, LoopHomes homes, CompletableFuture<Survey> answer) {
        try {
            loop.execute(() -> answer.complete(on(homes)));
        } catch (RejectedExecutionException closed) {
            // the loop has ended with its Vertx, and its tasks with it
            answer.complete(new Survey(List.of(), List.of()));
        }
    }

    /** The tasks of the event loop whose code is running, at once; nothing on any other thread. */
    public static Survey here() {
        ContextInternal context = ContextInternal.current();
        if (context == null || !context.nettyEventLoop().inEventLoop()) {
            return new Survey(List.of(), List.of());
        }
        return on(AllHomes.of(context.owner()).on(context.nettyEventLoop()));
    }

    private static Survey on(LoopHomes homes) {
        return new Survey(Looking.at(homes), List.of());
    }

    private static Survey joined(List<Survey> parts) {
        return new Survey(
                parts.stream().flatMap(part -> part.tasks.stream()).toList(),
                parts.stream().flatMap(part -> part.silent.stream()).toList());
    }
}
