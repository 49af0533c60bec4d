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

    @Test
    void whatComesEarlyWaitsForWhatIsBeforeIt() {
        add(2, 1);
        assertThat(out).isEmpty();
        add(0);
        assertThat(out).containsExactly(0L, 1L, 2L);
    }

    @Test
    void theEndHandsOutWhatIsLeftPastAGap() {
        add(0, 3, 2);
        inOrder.flush();
        assertThat(out).containsExactly(0L, 2L, 3L);
    }
}
