package io.vertask.app.cli.steps;

import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Takes memory of the kind that the item names until there is none left. */
public final class Hungry implements CallableStep {
    private static final List<Object> KEPT = new ArrayList<>();

    @Override
    public Object call(StepCall call) {
        return switch (call.key()) {
            case "heap" -> heap();
            case "small" -> small();
            case "direct" -> direct();
            case "wrapped" -> wrapped();
            case "caught" -> caught();
            case "thread" -> {
                new Thread(Hungry::heap).start();
                yield never();
            }
            case "timer" -> {
                Vertx.currentContext().owner().setTimer(1, due -> heap());
                yield never();
            }
            default -> call.key();
        };
    }

    private static Future<Object> never() {
        return Promise.promise().future();
    }

    private static Object heap() {
        while (true) {
            KEPT.add(new byte[1 << 20]);
        }
    }

    private static Object small() {
        while (true) {
            KEPT.add(new ArrayList<>(1));
        }
    }

    private static Object direct() {
        while (true) {
            KEPT.add(ByteBuffer.allocateDirect(1 << 24));
        }
    }

    private static Object wrapped() {
        try {
            return heap();
        } catch (OutOfMemoryError full) {
            throw new IllegalStateException("wrapped", full);
        }
    }

    private static Object caught() {
        try {
            return new long[Integer.MAX_VALUE];
        } catch (OutOfMemoryError expected) {
            return "survived";
        }
    }
}
