package io.vertask.app.tour;

import io.vertask.resource.AsyncResource;
import io.vertask.resource.Resources;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** {@code async with}: a resource that is opened, used, and closed, whatever happens in between. */
final class ContextManagerProgram extends Program {
    ContextManagerProgram(Printer printer) {
        super(printer);
    }

    private AsyncResource<JsonObject> managedConnection(String host) {
        return AsyncResource.of(
                () -> {
                    print("Connecting to " + host);
                    return Future.succeededFuture( // simulated connection object
                            new JsonObject().put("host", host).put("alive", true));
                },
                conn -> {
                    conn.put("alive", false);
                    print("Disconnected from " + host);
                    return Future.succeededFuture();
                });
    }

    @Override
    Future<?> main() {
        return Resources.using(managedConnection("db.example.com"), conn -> {
            print("Using connection: " + conn);
            return Tasks.sleep(Duration.ofMillis(100)); // do some work
        });
    }
}
