package io.vertask.app.job;

import io.vertask.app.job.template.Names;
import io.vertask.app.job.yaml.Fields;
import io.vertask.client.Phase;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wait for each item, which holds its slot meanwhile: for trying out limits, queues and output. */
public record SleepStep(Duration length) implements Step {

    public static final Step.Form FORM = new Step.Form() {
        @Override
        public List<String> heads() {
            return List.of("sleep");
        }

        @Override
        public List<String> others() {
            return List.of();
        }

        @Override
        public @Nullable Step read(String head, Fields fields, Clients clients, Names names) {
            return fields.duration("sleep").map(SleepStep::new).orElse(null);
        }
    };

    @Override
    public String phaseLabel(Phase phase) {
        return phase == Phase.RESPONSE ? "sleep" : Step.super.phaseLabel(phase);
    }

    @Override
    public Names names(Names item) {
        return item;
    }
}
