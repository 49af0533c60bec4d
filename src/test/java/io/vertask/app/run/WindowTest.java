package io.vertask.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Tasks;
import io.vertask.testing.Jobs;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get: \"http://h/{item}\"                     | 10  | 1000",
                "get: \"http://h/{item}\"                     | 500 | 2000",
                "pages: \"http://h/{item}\", next: {page: p}  | 1   | 4",
                "pages: \"http://h/{item}\", next: {page: p}  | 10  | 40",
            })
    void fewerItemsMayWaitToBePrintedWhereEachHasAPageOfRows(String step, int concurrency, int places) {
        Window window = Window.of(Jobs.read(
                "x.yaml",
                "job: x\neach: [a]\ndo: {" + step + "}\nlimits: {concurrency: " + concurrency + "}\n",
                Map.of(),
                List.of()));
        AtomicInteger entered = new AtomicInteger();
        VirtualRun.<Void>of(() -> Tasks.loopWhile(() -> {
            Future<Void> place = window.enter();
            boolean free = place.isComplete();
            entered.addAndGet(free ? 1 : 0);
            return Future.succeededFuture(free);
        }));
        assertThat(entered).hasValue(places);
    }
}
