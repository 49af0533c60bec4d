package io.vertask.app.cli.steps;

import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;
import io.vertx.core.json.JsonObject;

/** Returns an object, from what it was given. */
public final class Greeting implements CallableStep {
    @Override
    public Object call(StepCall call) {
        int times = call.with().getInteger("times");
        String words = (call.with().getString("word") + " ").repeat(times);
        return new JsonObject()
                .put("greeting", words + call.with().getString("name"))
                .put("times", times);
    }
}
