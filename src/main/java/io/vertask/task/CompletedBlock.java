package io.vertask.task;

import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;

/**
 * The block behind {@code asCompleted}. Either tasks that have ended stand in {@link #ended}, or takers of the next one
 * stand in {@link #takers}; never both, except for a taker whose turn is coming.
 */
final class CompletedBlock<T, R> extends BodyBlock<R> implements Completed<T>, AwaitedTasks {
    private final List<Task<T>> tasks = new ArrayList<>();
    private final ArrayDeque<RunningTask<?>> ended = new ArrayDeque<>();
    private final ArrayDeque<Waiter<Task<T>>> takers = new ArrayDeque<>();
    private int asked;

    CompletedBlock(Scope outer) {
        super(outer);
    }

    Future<R> open(List<? extends Coroutine<T>> bodies, Function<Completed<T>, Future<R>> consumer) {
        Coroutine<R> run = () -> {
            bodies.forEach(body -> tasks.add(RunningTask.start(this, context, null, body)));
            return consumer.apply(this);
        };
        return open(run);
    }

    @Override
    public List<Task<T>> tasks() {
        return Collections.unmodifiableList(tasks);
    }

    @Override
    public boolean hasNext() {
        return asked < tasks.size();
    }

    @Override
    public Future<T> next() {
        return nextTask().compose(Task::future);
    }

    @Override
    public Future<Task<T>> nextTask() {
        checkThread("Completed.next");
        if (!hasNext()) {
            return Future.failedFuture(
                    new NoSuchElementException("all " + tasks.size() + " have been asked for already"));
        }
        return Waiter.await(this, this::take);
    }

    @SuppressWarnings("unchecked")
    private void take(Waiter<Task<T>> taker) {
        asked++;
        RunningTask<?> first = ended.poll();
        if (first != null) {
            taker.completeAtOnce((Task<T>) first);
            return;
        }
        takers.add(taker);
        taker.onCancel(cause -> {
            takers.remove(taker);
            asked--;
            return true;
        });
        taker.onUndelivered(late -> {
            asked--;
            ended.addFirst((RunningTask<?>) late);
            serve();
        });
        AwaitCycle.lookLater(Scope.current("Completed.next"), cycle -> {
            if (takers.remove(taker)) {
                asked--;
                taker.fail(cycle);
            }
        });
    }

    @Override
    public List<RunningTask<?>> awaitedOn(EventLoop loop) {
        List<RunningTask<?>> running = new ArrayList<>();
        for (Task<T> task : tasks) {
            if (!task.state().isDone()) {
                running.add((RunningTask<T>) task);
            }
        }
        return running;
    }

    @Override
    public String toString() {
        return "the next of " + tasks.size() + " to end";
    }

    @Override
    void childOver(RunningTask<?> child) {
        ended.add(child);
        serve();
    }

    @SuppressWarnings("unchecked")
    private void serve() {
        while (!ended.isEmpty() && !takers.isEmpty()) {
            takers.remove().resume((Task<T>) ended.remove());
        }
    }

    @Override
    public Future<Void> forEach(Function<? super T, ? extends Future<?>> step) {
        Objects.requireNonNull(step, "Completed.forEach: step is null");
        return StepLoop.whileTrue(
                Scope.current("Completed.forEach"),
                () -> hasNext()
                        ? next().<Object>compose(value -> step.apply(value).mapEmpty())
                                .map(true)
                        : Future.succeededFuture(false));
    }

    /** Not counted there: each failure is kept until the body looks at it, however many there are. */
    @Override
    void failedUnseen(RunningTask<?> child) {}

    @Override
    void conclude() {
        tasks.forEach(task -> ((RunningTask<T>) task).reportUnlessSeen(outer.context, path() + "/" + task.name()));
    }

    @Override
    String kind() {
        return "asCompleted";
    }
}
