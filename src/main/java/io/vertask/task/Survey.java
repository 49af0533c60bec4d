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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All unfinished tasks of a Vertx, each event loop read at one moment of its own. asyncio's {@code all_tasks}.
 *
 * @param tasks the tasks that were found, in the order of their ids
 * @param silent the event loops that were blocked and did not answer in time; their tasks are missing
 * @param left the futures that are not of this library, that a task has given up because of a cancel, and that are not
 *     complete
 */
public record Survey(List<TaskInfo> tasks, List<Silent> silent, List<LeftRunning> left) {
    /**
     * An event loop that did not answer.
     *
     * @param loop the name of its thread
     * @param stack the stack of that thread when the time was up, innermost call first
     */
    public record Silent(String loop, List<StackTraceElement> stack) {
        /** Checks that nothing is null. */
        public Silent {
            Objects.requireNonNull(loop, "Survey.Silent: loop is null");
            Objects.requireNonNull(stack, "Survey.Silent: stack is null");
        }
    }

    /**
     * A future that is not of this library and that nobody waits for any more.
     *
     * @param task the path of the task that waited for it
     * @param since the time since it was given up
     */
    public record LeftRunning(String task, Duration since) {
        /** Refuses null. */
        public LeftRunning {
            Objects.requireNonNull(task, "Survey.LeftRunning: task is null");
            Objects.requireNonNull(since, "Survey.LeftRunning: since is null");
        }
    }

    /** The time that {@link #of(Vertx)} waits for a loop that does not answer. */
    public static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Copies the lists; the copies can't be changed. */
    public Survey {
        Objects.requireNonNull(tasks, "Survey: tasks is null");
        Objects.requireNonNull(silent, "Survey: silent is null");
        tasks = tasks.stream().sorted(Comparator.comparingLong(TaskInfo::id)).toList();
        silent = List.copyOf(silent);
        left = List.copyOf(Objects.requireNonNull(left, "Survey: left is null"));
    }

    /** {@link #of(Vertx, Duration)} with {@link #PATIENCE}. */
    public static Future<Survey> of(Vertx vertx) {
        return of(vertx, PATIENCE);
    }

    /**
     * Asks every event loop of {@code vertx} that has ever had tasks.
     *
     * <p><b>Failure.</b> None: a loop that has not answered after {@code patience} is named in {@link #silent}.
     *
     * <p><b>Threads.</b> Any. The future completes on the caller's context; without one, on some other thread, so that
     * a blocked loop can't delay it.
     */
    public static Future<Survey> of(Vertx vertx, Duration patience) {
        Objects.requireNonNull(vertx, "Survey.of: vertx is null");
        Objects.requireNonNull(patience, "Survey.of: patience is null");
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
            giveUpLater(mine, Durations.nanos(patience), answers, all);
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
            answer.complete(new Survey(List.of(), List.of(), List.of()));
        }
        return answer;
    }

    /**
     * Completes the answers that have not come after {@code nanos}.
     *
     * <p>{@link CompletableFuture#orTimeout} would not do: its timers are set and taken back under one lock for all,
     * and event loops call this.
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
                answer.complete(new Survey(List.of(), List.of(silent(homes)), List.of()));
            }
        });
        if (mine != null && mine.inEventLoop()) {
            var alarm = mine.schedule(giveUp, nanos, TimeUnit.NANOSECONDS);
            var unused = all.whenComplete((survey, error) -> alarm.cancel(false));
        } else {
            // it goes off in any case, so it must not keep alive what was found until then
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
            return new Survey(List.of(), List.of(), List.of());
        }
        return on(AllHomes.of(context.owner()).on(context.nettyEventLoop()));
    }

    private static Survey on(LoopHomes homes) {
        return new Survey(LoopSurvey.of(homes), List.of(), homes.left.infos());
    }

    private static Silent silent(LoopHomes homes) {
        Thread blocked = homes.thread;
        return blocked == null
                ? new Silent("an event loop without tasks", List.of())
                : new Silent(blocked.getName(), List.of(blocked.getStackTrace()));
    }

    private static Survey joined(List<Survey> parts) {
        return new Survey(
                parts.stream().flatMap(part -> part.tasks.stream()).toList(),
                parts.stream().flatMap(part -> part.silent.stream()).toList(),
                parts.stream().flatMap(part -> part.left.stream()).toList());
    }
}
