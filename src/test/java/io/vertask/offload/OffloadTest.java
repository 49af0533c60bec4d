package io.vertask.offload;

import static io.vertask.testing.Asserting.asserting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OffloadTest {
    // before the first Vertx is made
    private static final ContextLocal<String> USER = ContextLocal.registerLocal(String.class, value -> value);

    private final Fixture fixture = new Fixture();
    private final Vertx vertx = fixture.vertx;

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    @Tag("semantics-132")
    void theJobRunsOnAThreadOfThePoolAndItsResultComesOnTheCallersContext() {
        Offload pool = Offload.blocking(vertx, "io", 2);
        List<String> seen = Tasks.run(vertx, () -> {
            Thread mine = Thread.currentThread();
            Object context = Vertx.currentContext();
            return pool.call(() -> Thread.currentThread().getName())
                    .map(thread -> List.of(
                            thread, "" + (Thread.currentThread() == mine), "" + (Vertx.currentContext() == context)));
        });
        assertThat(seen).containsExactly("io-0", "true", "true");
    }

    @Test
    @Tag("semantics-132")
    void checkedExceptionsArriveAsTheyAre() {
        Offload pool = Offload.cpu(vertx);
        IOException thrown = new IOException("disk on fire");
        assertThatThrownBy(() -> Tasks.run(
                        vertx,
                        () -> pool.call(() -> {
                            throw thrown;
                        })))
                .isSameAs(thrown);
    }

    @Test
    void aPoolHasAtLeastOneThread() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Offload.blocking(vertx, "io", 0))
                .withMessage("a pool of 0 threads: it takes 1 or more");
    }

    @Test
    @Tag("semantics-138")
    void fourJobsOnFourThreadsRunAtOnce() {
        Offload pool = Offload.blocking(vertx, "io", 4);
        CyclicBarrier all = new CyclicBarrier(4);
        // one after the other, the first would wait for the others in vain
        Coroutine<Integer> job = () -> pool.call(() -> all.await(10, TimeUnit.SECONDS));
        assertThat(Tasks.run(vertx, () -> Tasks.gather(job, job, job, job))).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    @Tag("semantics-141")
    void theJobSeesTheTasksValuesAndItsChangesDoNotComeBack() {
        Offload pool = Offload.blocking(vertx, "io", 1);
        List<String> seen = Tasks.run(vertx, () -> {
            ContextInternal mine = ContextInternal.current();
            mine.putLocal(USER, AccessMode.CONCURRENT, "anna");
            Future<String> job = pool.call(() -> {
                ContextInternal here = ContextInternal.current();
                String before = here.getLocal(USER, AccessMode.CONCURRENT);
                here.putLocal(USER, AccessMode.CONCURRENT, "the job's");
                return before;
            });
            return job.map(before -> List.of(before, mine.getLocal(USER, AccessMode.CONCURRENT)));
        });
        assertThat(seen).containsExactly("anna", "anna");
    }

    @Test
    void aQueuedJobSeesTheValuesOfItsOwnTask() {
        Offload pool = Offload.blocking(vertx, "io", 1);
        List<Coroutine<String>> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String user = "user-" + i;
            tasks.add(() -> Tasks.start(() -> {
                        ContextInternal.current().putLocal(USER, AccessMode.CONCURRENT, user);
                        return pool.call(() -> ContextInternal.current().getLocal(USER, AccessMode.CONCURRENT));
                    })
                    .future());
        }
        assertThat(Tasks.run(vertx, () -> Tasks.gather(tasks)))
                .containsExactly("user-0", "user-1", "user-2", "user-3", "user-4");
    }

    @Test
    void theVerbsOfTasksAreRefusedInAJob() {
        Offload pool = Offload.blocking(vertx, "io", 1);
        assertThatThrownBy(() -> Tasks.run(vertx, () -> pool.call(() -> Tasks.sleep(Duration.ZERO))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("on thread io-0, but task 'main' runs on its own event loop's thread only");
    }

    @Test
    void jobsBeginInTheOrderOfTheirCalls() {
        Offload pool = Offload.blocking(vertx, "io", 1);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Coroutine<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            tasks.add(() -> pool.call(() -> order.add(number)));
        }
        Tasks.run(vertx, () -> Tasks.gather(tasks));
        assertThat(order).hasSize(50).isSorted();
    }

    @Test
    @Tag("semantics-137")
    void thereAreNeverMoreThreadsThanThePoolHas() {
        Offload pool = Offload.blocking(vertx, "bound", 3);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        List<Integer> runningAtOnce = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger inside = new AtomicInteger();
        Semaphore givenUp = new Semaphore(0);
        Coroutine<Void> impatient = () -> Tasks.timeout(
                        Duration.ofMillis(2),
                        () -> pool.<Void>call(
                                "slow",
                                () -> {
                                    runningAtOnce.add(inside.incrementAndGet());
                                    threads.add(Thread.currentThread().getName());
                                    // longer than a caller has patience
                                    assertThat(givenUp.tryAcquire(10, TimeUnit.SECONDS))
                                            .isTrue();
                                    inside.decrementAndGet();
                                    return null;
                                },
                                OnCancel.ABANDON))
                .onFailure(tooLate -> givenUp.release())
                .recover(tooLate -> Future.succeededFuture());
        Coroutine<Void> user = () -> Tasks.forEach(Collections.nCopies(10, impatient), Fixture::called);
        Tasks.run(
                vertx,
                () -> Tasks.gather(Collections.nCopies(10, user))
                        .compose(v -> Fixture.until(() -> pool.running() == 0)));
        assertThat(runningAtOnce).isNotEmpty().allMatch(n -> n <= 3);
        assertThat(threads).hasSizeLessThanOrEqualTo(3);
        assertThat(pool.queued()).isZero();
    }

    /** If one had to wait for another's thread, the barrier would break. */
    @Test
    @Tag("semantics-140")
    void asManyJobsComputeAtTheSameTimeAsThereAreCores() {
        Offload pool = Offload.cpu(vertx);
        int cores = Runtime.getRuntime().availableProcessors();
        CyclicBarrier allInside = new CyclicBarrier(cores);
        List<Coroutine<Long>> jobs = new ArrayList<>();
        for (int i = 1; i <= cores; i++) {
            int n = i * 1_000;
            jobs.add(() -> pool.call("cpu_intensive", () -> {
                allInside.await(20, TimeUnit.SECONDS);
                long sum = cpuIntensive(n);
                allInside.await(20, TimeUnit.SECONDS);
                return sum;
            }));
        }
        List<Long> sums = Tasks.run(vertx, () -> Tasks.gather(jobs));
        assertThat(sums).hasSize(cores).startsWith(cpuIntensive(1_000));
    }

    /** The page's. */
    private static long cpuIntensive(int n) {
        return LongStream.range(0, n).map(i -> i * i).sum();
    }

    @Test
    @Tag("semantics-140")
    void theEventLoopStaysResponsiveWhileEveryCoreComputes() {
        Offload pool = Offload.cpu(vertx);
        int cores = Runtime.getRuntime().availableProcessors();
        AtomicBoolean stop = new AtomicBoolean();
        List<Long> late = new ArrayList<>();
        Tasks.run(vertx, () -> {
            Coroutine<Long> spinning = () -> pool.call(() -> {
                long n = 0;
                while (!stop.get()) {
                    n++;
                }
                return n;
            });
            Coroutine<Void> clock = () -> Fixture.until(() -> pool.running() == cores)
                    .compose(v -> Tasks.forEach(Collections.nCopies(60, 5), ms -> {
                        long due = System.nanoTime() + ms * 1_000_000L;
                        return Tasks.sleep(Duration.ofMillis(ms)).onSuccess(w -> late.add(System.nanoTime() - due));
                    }))
                    .compose(asserting(end -> assertThat(pool.running()).isEqualTo(cores)))
                    .onComplete(end -> stop.set(true));
            return Tasks.gather(
                    () -> Tasks.gather(Collections.nCopies(cores, spinning)).mapEmpty(), clock);
        });
        Collections.sort(late);
        // the median, and a wide bound: the machine may be shared with others
        assertThat(Duration.ofNanos(late.get(late.size() / 2))).isLessThan(Duration.ofMillis(50));
    }

    @Test
    @Tag("semantics-155")
    void whileAThreadWorksTheVirtualClockStandsStill() {
        List<String> order = new ArrayList<>();
        VirtualRun<List<String>> run = VirtualRun.of(() -> {
            Offload pool = Offload.blocking(Vertx.currentContext().owner(), "virtual", 1);
            return Tasks.finallyDo(
                    () -> Tasks.gather(
                            () -> Tasks.sleep(Duration.ofHours(1))
                                    .map("an hour")
                                    .onSuccess(order::add),
                            () -> pool.call(() -> "the thread").onSuccess(order::add)),
                    pool::close);
        });
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(order).containsExactly("the thread", "an hour");
    }
}
