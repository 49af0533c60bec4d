package io.vertask.app.cli.steps;

import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** Lets all items wait as they should, but for one that blocks its thread. */
public final class Blocking implements CallableStep {
    @Override
    public Object call(StepCall call) throws InterruptedException {
        if (String.valueOf(call.item()).endsWith(".png")) {
            TimeUnit.MILLISECONDS.sleep(400);
            return "blocked " + call.item();
        }
        Context context = Vertx.currentContext();
        return context == null || !context.isEventLoopContext() || !Context.isOnEventLoopThread()
                ? "slept " + call.item()
                : Future.future(slept -> context.owner().setTimer(100, late -> slept.complete("slept " + call.item())));
    }
}
