package io.vertask.app.job;

import io.vertask.app.job.Node.Mapping;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a job does with each item: the section {@code do}. */
public sealed interface Step permits HttpStep, PagesStep, SqlStep, CallStep, SleepStep {

    /** How one kind of step is read. */
    interface Form extends Forms.Form {
        @Nullable
        Step read(String head, Fields fields, Clients clients, Names names);
    }

    /** The names the answer adds for {@code print}. */
    Names names(Names item);

    /** The step of this job; null when it cannot be read, which has then been reported. A new kind is one line here. */
    static @Nullable Step read(Fields job, Clients clients, Names names) {
        Forms<Form> forms = new Forms<>(Stream.concat(
                        HttpStep.FORMS.stream(), Stream.of(PagesStep.FORM, SqlStep.FORM, CallStep.FORM, SleepStep.FORM))
                .toList());
        Mapping mapping = job.map("do");
        if (mapping == null) {
            if (!job.has("do")) {
                job.missing("do", "it says what to do with each item, like do: {get: \"https://example.com/{item}\"}");
            }
            return null;
        }
        Fields fields = Fields.of(mapping, "do", job.mistakes(), forms.keys());
        Forms.Chosen<Form> chosen = forms.choose(fields, "do");
        return chosen == null ? null : chosen.form().read(chosen.head(), fields, clients, names);
    }
}
