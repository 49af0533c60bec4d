package io.vertask.sync;

import static io.vertask.sync.AsyncSemaphoreTest.turns;
import static io.vertask.testing.Asserting.asserting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AsyncBarrierTest {
    private final AsyncBarrier barrier = AsyncBarrier.named("start", 3);

    private Task<Integer> party() {
        return Tasks.start(barrier::await);
    }

    @Test
    void allGoOnWhenTheLastHasComeAndEachKnowsItsPlace() {
        Tasks.run(() -> {
            Task<Integer> a = party();
            Task<Integer> b = party();
            return turns(2).compose(v -> {
                assertThat(barrier.waiting()).isEqualTo(2);
                assertThat(barrier).hasToString("barrier 'start': 2 of 3 have arrived");
                Future<Integer> last = barrier.await();
                assertThat(last.result()).isEqualTo(2);
                assertThat(barrier.waiting()).isZero();
                return Tasks.gather(a::future, b::future)
                        .compose(asserting(places -> assertThat(places).containsExactly(0, 1)));
            });
        });
    }

    @Test
    void itIsUsedAgainAndAgainWhateverTheSchedule() {
        for (long seed = 0; seed < 200; seed++) {
            AsyncBarrier again = AsyncBarrier.of(3);
            int[] rounds = new int[3];
            Set<String> places = new HashSet<>();
            VirtualRun<?> run = VirtualRun.seeded(seed, () -> {
                List<Coroutine<Void>> parties = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    int party = i;
                    parties.add(() -> Tasks.forEach(
                            List.of(0, 1, 2, 3, 4),
                            round -> turns(party).compose(v -> again.await()).compose(asserting(place -> {
                                places.add(round + "." + place);
                                rounds[party]++;
                                // nobody is a round ahead of those who have not come yet
                                for (int other : rounds) {
                                    assertThat(Math.abs(other - rounds[party])).isLessThanOrEqualTo(1);
                                }
                            }))));
                }
                return Tasks.gather(parties);
            });
            assertThat(run.outcome().isSuccess()).as("seed %s", seed).isTrue();
            assertThat(places).as("seed %s", seed).hasSize(15);
        }
    }

    @Test
    void aCancelledWaitDoesNotCount() {
        Tasks.run(() -> {
            Task<Integer> a = party();
            Task<Integer> gone = party();
            return turns(2).compose(v -> gone.cancelAndJoin()).compose(end -> {
                assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                assertThat(barrier.waiting()).isEqualTo(1);
                Task<Integer> b = party();
                return turns(2).compose(v -> {
                    assertThat(a.state().isDone()).isFalse();
                    return Tasks.gather(a::future, b::future, barrier::await);
                });
            });
        });
        assertThat(barrier.waiting()).isZero();
    }

    @Test
    void onceTheLastHasComeACancelAnAbortAndAResetTakeNothingBack() {
        Tasks.run(() -> {
            Task<Integer> a = party();
            Task<Integer> b = party();
            return turns(2).compose(v -> {
                barrier.await();
                b.cancel();
                barrier.abort();
                barrier.reset();
                return Tasks.gather(a::settled, b::settled).compose(asserting(ends -> {
                    assertThat(ends.get(0)).isEqualTo(new Outcome.Success<>(0));
                    assertThat(ends.get(1)).isInstanceOf(Outcome.Cancelled.class);
                }));
            });
        });
    }

    @Test
    void abortBreaksItUntilItIsReset() {
        Tasks.run(() -> {
            Task<Integer> waiting = party();
            return turns(2).compose(v -> {
                barrier.abort();
                assertThat(barrier.isBroken()).isTrue();
                assertThat(barrier).hasToString("barrier 'start': broken");
                Task<Integer> late = party();
                return Tasks.gather(waiting::settled, late::settled).compose(ends -> {
                    assertThat(ends)
                            .allSatisfy(end -> assertThat(end.errorOrNull())
                                    .isInstanceOf(BarrierBrokenException.class)
                                    .hasMessage("barrier 'start' was aborted"));
                    barrier.reset();
                    assertThat(barrier.isBroken()).isFalse();
                    Coroutine<Integer> again = barrier::await;
                    return Tasks.gather(again, again, again);
                });
            });
        });
    }

    @Test
    void resetFailsThoseWhoWaitAndIsAsNew() {
        Tasks.run(() -> {
            Task<Integer> waiting = party();
            return turns(2).compose(v -> {
                barrier.reset();
                return waiting.settled().compose(asserting(end -> {
                    assertThat(end.errorOrNull())
                            .isInstanceOf(BarrierBrokenException.class)
                            .hasMessage("barrier 'start' was reset");
                    assertThat(barrier.isBroken()).isFalse();
                    assertThat(barrier.waiting()).isZero();
                }));
            });
        });
    }

    @Test
    void aBarrierForNobodyAndAWaitOutsideATaskAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AsyncBarrier.named("start", 0))
                .withMessage("barrier 'start' of 0 parties: it takes 1 or more");
        assertThatIllegalStateException().isThrownBy(barrier::await).withMessageContaining("outside any task");
        assertThat(Tasks.run(() -> AsyncBarrier.of(1).await())).isZero();
    }
}
