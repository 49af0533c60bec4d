package io.vertask.task;

import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All unfinished tasks of a Vertx, each event loop seen at one moment of its own. asyncio's {@code all_tasks}.
 *
 * @param tasks what was found, in the order of their ids
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
        Map<EventLoop, LoopHomes> loops = AllHomes.of(vertx).all();
        Map<LoopHomes, CompletableFuture<Survey>> answers = new LinkedHashMap<>();
        loops.forEach((loop, homes) -> answers.put(homes, ask(loop, homes)));
        CompletableFuture<Survey> all = CompletableFuture.allOf(answers.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(v -> joined(
                        answers.values().stream().map(CompletableFuture::join).toList()));
        ContextInternal here = ContextInternal.current();
        if (!all.isDone()) {
            EventLoop mine = loops.keySet().stream()
                    .filter(EventLoop::inEventLoop)
                    .findFirst()
                    .orElse(here == null ? null : here.nettyEventLoop());
            giveUpLater(mine, Nanos.of(patience), answers, all);
        }
        return here == null ? Future.fromCompletionStage(all) : Future.fromCompletionStage(all, here);
    }

    private static CompletableFuture<Survey> ask(EventLoop loop, LoopHomes homes) {
        if (loop.inEventLoop()) {
            return CompletableFuture.completedFuture(on(homes));
        }
        CompletableFuture<Survey> answer = new CompletableFuture<>();
        try {
            loop.execute(() -> answer.complete(on(homes)));
        } catch (RejectedExecutionException closed) {
            // the loop has ended with its Vertx, and its tasks with it
            answer.complete(new Survey(List.of(), List.of()));
        }
        return answer;
    }

    /**
     * Not {@link CompletableFuture#orTimeout}: its timers are set and taken back under a lock that all share, and here
     * it is event loops that do so.
     *
     * @param mine the loop of the caller, if it is on one
     */
    private static void giveUpLater(
            @Nullable EventLoop mine,
            long nanos,
            Map<LoopHomes, CompletableFuture<Survey>> answers,
            CompletableFuture<Survey> all) {
        Runnable giveUp = () -> answers.forEach((homes, answer) -> {
            if (!answer.isDone()) {
                answer.complete(new Survey(List.of(), List.of(homes.silent())));
            }
        });
        if (mine != null && mine.inEventLoop()) {
            var alarm = mine.schedule(giveUp, nanos, TimeUnit.NANOSECONDS);
            var unused = all.whenComplete((survey, error) -> alarm.cancel(false));
        } else {
            // it goes off in any case, so it must not keep what was found until then
            AtomicReference<@Nullable Runnable> still = new AtomicReference<>(giveUp);
            var unused = all.whenComplete((survey, error) -> still.set(null));
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(() -> {
                Runnable due = still.get();
                if (due != null) {
                    due.run();
                }
            });
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
