package io.vertask.app.tour;

import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** {@code TaskGroup}: a scope that ends when all its tasks have ended. */
final class TaskGroupProgram extends Program {
    TaskGroupProgram(Printer printer) {
        super(printer);
    }

    private Future<JsonObject> fetchUser(int userId) {
        return Tasks.sleep(Duration.ofMillis(50))
                .map(slept -> new JsonObject().put("id", userId).put("name", "User " + userId));
    }

    @Override
    Future<?> main() {
        List<JsonObject> users = new ArrayList<>();

        return TaskGroup.with(tg -> Future.succeededFuture(IntStream.range(1, 6)
                        .mapToObj(i -> tg.start(() -> fetchUser(i)))
                        .toList()))
                // all tasks are done here
                .onSuccess(tasks -> {
                    for (Task<JsonObject> task : tasks) {
                        users.add(task.resultNow());
                    }
                    print(users);
                });
    }
}
