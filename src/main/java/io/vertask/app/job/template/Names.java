package io.vertask.app.job.template;

import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Mistakes;
import io.vertask.app.job.yaml.Nearest;
import io.vertask.app.job.yaml.Place;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names that a template may use, as far as the file shows.
 *
 * @param known the names that are there
 * @param open whether an answer may add more, so that an unknown name is no mistake yet
 * @param itemFields the fields an item may have; none when items are plain values; null when the file does not say
 */
public record Names(
        List<String> known, boolean open, @Nullable Set<String> itemFields) {

    /** The names before there is an answer. */
    public static Names ofItem(@Nullable Set<String> itemFields) {
        return new Names(List.of("item"), false, itemFields);
    }

    public Names with(Stream<String> more) {
        return new Names(Stream.concat(known.stream(), more).distinct().toList(), open, itemFields);
    }

    public Names opened() {
        return new Names(known, true, itemFields);
    }

    /** Reports a path that can never have a value. */
    void check(Path path, Place place, Mistakes mistakes) {
        String root = path.root();
        if (!open && (root == null || !known.contains(root))) {
            String name = root == null ? path.toString() : root;
            mistakes.point(
                    mistakes.within(place, name),
                    "unknown name " + MessageText.quote(name) + " in a template",
                    MessageText.didYouMean(
                            itemFields != null && itemFields.contains(name) ? "item." + name : Nearest.to(name, known)),
                    "names here: " + MessageText.list(known));
            return;
        }
        if (itemFields == null || !"item".equals(root) || path.length() < 2) {
            return;
        }
        String field = path.field();
        if (itemFields.isEmpty()) {
            mistakes.show(
                    mistakes.within(place, path.toString()),
                    MessageText.quote("{" + path + "}") + ": the items of `each` are plain values without fields",
                    "write {item}");
        } else if (field != null && !itemFields.contains(field)) {
            mistakes.point(
                    mistakes.within(place, path.toString()),
                    "no item has a field " + MessageText.quote(field),
                    MessageText.didYouMean(Nearest.to(field, itemFields)),
                    "items have: "
                            + MessageText.list(
                                    itemFields.stream().limit(20).sorted().toList()));
        }
    }
}
