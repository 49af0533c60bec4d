package io.vertask.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InOrderTest {
    private final List<Long> out = new ArrayList<>();
    private final InOrder inOrder = new InOrder(result -> out.add(result.n()));

    private void add(long... numbers) {
        for (long n : numbers) {
            inOrder.add(ItemResult.ok(new Item(n, n, "k"), Optional.empty(), null, 1, Duration.ZERO));
        }
    }

    private void begin(long... numbers) {
        for (long n : numbers) {
            inOrder.begin(n);
        }
    }

    @Test
    void whatComesEarlyWaitsForWhatIsBeforeIt() {
        begin(0, 1, 2);
        add(2, 1);
        assertThat(out).isEmpty();
        add(0);
        assertThat(out).containsExactly(0L, 1L, 2L);
    }

    @Test
    void theEndHandsOutWhatIsLeftPastAGap() {
        begin(0, 1, 2, 3);
        add(0, 3, 2);
        inOrder.flush();
        assertThat(out).containsExactly(0L, 2L, 3L);
    }

    @Test
    void itemsThatNeverBeginAreNotWaitedFor() {
        begin(3, 7);
        add(7);
        assertThat(out).isEmpty();
        add(3);
        assertThat(out).containsExactly(3L, 7L);
    }
}
