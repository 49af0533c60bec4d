package io.vertask.app.tour;

import static io.vertask.direct.Direct.await;

import io.vertask.direct.Direct;
import io.vertask.task.CancelledException;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;

/** {@code cancel} as straight-line code, line by line as on the page. */
final class DirectProgram extends Program {
    DirectProgram(Printer printer) {
        super(printer);
    }

    private void worker(String name) {
        try {
            print(name + ": starting");
            while (true) {
                await(() -> Tasks.sleep(Duration.ofMillis(500)));
                print(name + ": tick");
            }
        } catch (CancelledException e) {
            print(name + ": cancelled, cleaning up");
            throw e; // to swallow it would not keep the task alive
        } finally {
            print(name + ": done");
        }
    }

    private void straightMain() {
        Task<Void> task = Direct.start("background", () -> worker("background"));

        await(() -> Tasks.sleep(Duration.ofMillis(1800)));
        task.cancel();

        await(task::settled); // its end as a value: nothing to catch
    }

    @Override
    Future<?> main() {
        if (!Direct.isAvailable()) {
            note("direct: skipped, it needs JDK 21 or later and this is " + System.getProperty("java.version"));
            return Future.succeededFuture();
        }
        return Direct.start("main", this::straightMain).future();
    }
}
