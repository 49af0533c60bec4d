package io.vertask.app.job.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The forms of a map, of which it has exactly one. The key tells which: {@code url} or {@code postgres}; {@code get},
 * {@code head} or {@code sql}.
 *
 * @param <F> the readers of the forms
 */
public record Forms<F extends Forms.Form>(List<F> forms) {

    /** One form: the keys that tell it, and the keys that may go with them. */
    public interface Form {
        List<String> heads();

        List<String> others();
    }

    /** The form of a map, and the key that told it. */
    public record Chosen<F>(F form, String head) {}

    /** Every key of every form. */
    public List<String> keys() {
        return Stream.concat(heads().stream(), forms.stream().flatMap(form -> form.others().stream()))
                .distinct()
                .toList();
    }

    private List<String> heads() {
        return forms.stream().flatMap(form -> form.heads().stream()).toList();
    }

    /** The form these fields have; null when they have none or two, which has then been reported. */
    @Nullable
    public Chosen<F> choose(Fields fields, String owner) {
        List<Chosen<F>> present = new ArrayList<>();
        for (F form : forms) {
            form.heads().stream().filter(fields::has).forEach(head -> present.add(new Chosen<>(form, head)));
        }
        if (present.isEmpty()) {
            fields.mistakes()
                    .say(fields.place(), MessageText.quote(owner) + " needs one of: " + MessageText.list(heads()));
            return null;
        }
        Chosen<F> first = present.get(0);
        for (Chosen<F> other : present.subList(1, present.size())) {
            String both = MessageText.quote(first.head()) + " and " + MessageText.quote(other.head());
            fields.mistakes().show(fields.keyPlace(other.head()), both + " at once", "keep one");
        }
        if (present.size() > 1) {
            return null;
        }
        for (String key : keys()) {
            if (fields.has(key)
                    && !key.equals(first.head())
                    && !first.form().others().contains(key)) {
                fields.mistakes()
                        .show(
                                fields.keyPlace(key),
                                MessageText.quote(key) + " does not go with " + MessageText.quote(first.head()),
                                first.head() + " goes with: "
                                        + MessageText.list(first.form().others()));
            }
        }
        return first;
    }
}
