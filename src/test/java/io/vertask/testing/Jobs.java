package io.vertask.testing;

import io.vertask.app.job.Job;
import io.vertask.app.run.StepKinds;
import java.util.List;
import java.util.Map;

/** Jobs read from texts, with the kinds of steps that Vertask has. */
public final class Jobs {
    private Jobs() {}

    /** The job that {@code text} describes, as the command line reads it. */
    public static Job read(String file, String text, Map<String, String> env, List<String> sets) {
        return StepKinds.BUILT_IN.reader().read(file, text, env, sets);
    }
}
