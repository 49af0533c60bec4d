package io.vertask.bench;

import io.vertask.task.TaskGroup;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;

/** Measures the heap bytes of a waiting task, next to those of a duplicated context with its locals and a promise. */
public final class IdleHeap {
    private static final int COUNT = 1_000_000;

    private IdleHeap() {}

    /** Prints both numbers. */
    public static void main(String[] args) throws Exception {
        List<Object> kept = new ArrayList<>(COUNT);
        BenchLoop loop = new BenchLoop();
        long empty = used();
        loop.run(() -> {
            for (int i = 0; i < COUNT; i++) {
                ContextInternal context = loop.context.duplicate();
                Promise<Void> promise = context.promise();
                kept.add(promise);
            }
            return Future.succeededFuture();
        });
        print("raw", empty);
        kept.clear();
        empty = used();
        TaskGroup[] group = new TaskGroup[1];
        loop.run(() -> {
            group[0] = TaskGroup.open("idle");
            for (int i = 0; i < COUNT; i++) {
                group[0].start(() -> Waiter.<Void>await("for ever", kept::add));
            }
            return Future.succeededFuture();
        });
        loop.run(Future::succeededFuture);
        loop.run(Future::succeededFuture);
        print("task", empty);
        // the list of waits belongs to the benchmark: four bytes for each wait in both numbers
        System.out.println(kept.size() + " waiting");
        System.exit(0);
    }

    private static void print(String what, long empty) throws InterruptedException {
        System.out.printf("%s: %d bytes each%n", what, (used() - empty) / COUNT);
    }

    private static long used() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(100);
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
