package io.vertask.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.journal.ItemEnd;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InOrderTest {
    private final List<Long> out = new ArrayList<>();
    private final InOrder inOrder = new InOrder(new Sink() {
        @Override
        public Future<Void> open(Back back) {
            return Future.succeededFuture();
        }

        @Override
        public void ended(Result result) {
            out.add(result.n());
        }

        @Override
        public void rows(PageRows page) {
            out.add(-page.n());
        }

        @Override
        public Future<Closed> close() {
            return Future.succeededFuture(new Closed(true, 0));
        }
    });

    private void add(long... numbers) {
        for (long n : numbers) {
            ItemEnd end = new ItemEnd(n, "k", ItemEnd.How.OK, 1, Duration.ZERO, Optional.empty(), false);
            inOrder.add(new Result(end, Optional.empty(), null));
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

    private void page(long n) {
        inOrder.add(new PageRows(n, List.of(), Optional.empty(), () -> {}, why -> {}));
    }

    @Test
    void aPageWaitsForTheItemsBeforeItsOwnAndComesBeforeItsEnd() {
        begin(1, 2);
        page(2);
        assertThat(out).isEmpty();
        page(1);
        assertThat(out).containsExactly(-1L);
        add(1);
        assertThat(out).containsExactly(-1L, 1L, -2L);
        page(2);
        add(2);
        assertThat(out).containsExactly(-1L, 1L, -2L, -2L, 2L);
    }
}
