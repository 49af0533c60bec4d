package io.vertask.app.cli.steps;

import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;
import java.util.HashMap;
import java.util.Map;

/** A step that returns and throws what few do. */
public final class Odd implements CallableStep {
    @Override
    public Object call(StepCall call) {
        return switch (call.key()) {
            case "circle" -> circle();
            case "rude" -> new Rude();
            case "deep" -> deep(1) + deep(2);
            case "missing" -> throw new NoClassDefFoundError("com/example/None");
            default -> call.key();
        };
    }

    private static Map<String, Object> circle() {
        Map<String, Object> circle = new HashMap<>();
        circle.put("again", circle);
        return circle;
    }

    private static int deep(int n) {
        return n == 0 ? 0 : deep(n + 1) + 1;
    }

    private static final class Rude {
        @Override
        public String toString() {
            throw new IllegalStateException("no name");
        }
    }
}
