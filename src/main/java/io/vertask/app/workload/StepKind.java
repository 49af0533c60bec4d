package io.vertask.app.workload;

import io.vertask.app.job.Step;
import java.util.List;

/**
 * A kind of step: its form in a job file, the record that is read from that, and the workload that runs it.
 *
 * @param forms the keys of the section {@code do} that identify the kind, and the readers of its record
 * @param type the record's class; every form reads this one
 * @param factory makes the workload
 */
public record StepKind<S extends Step>(List<? extends Step.Form> forms, Class<S> type, Factory<S> factory) {

    /** Makes the workload that runs a step. */
    @FunctionalInterface
    public interface Factory<S extends Step> {
        /** Makes the workload; nothing is opened before it is deployed. */
        Workload workload(S step, WorkloadContext context);
    }

    public StepKind {
        forms = List.copyOf(forms);
    }

    /** Whether {@code step} is of this kind. */
    public boolean includes(Step step) {
        return type.isInstance(step);
    }

    /**
     * Makes the workload of the context's job.
     *
     * <p><b>Failure.</b> {@link ClassCastException} when the job's step is of another kind.
     */
    public Workload workload(WorkloadContext context) {
        return factory.workload(type.cast(context.job().step()), context);
    }
}
