package io.vertask.app.job.template;

import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Mistakes;
import io.vertask.app.job.yaml.Nearest;
import io.vertask.app.job.yaml.Place;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names that a template may use, as far as the file shows.
 *
 * @param known the names that are there
 * @param open whether an answer may add more, so that an unknown name is no mistake yet
 * @param itemFields the fields an item may have; none when items are plain values; null when the file does not say
 * @param plain those of the known names whose values never have fields
 */
public record Names(
        List<String> known, boolean open, @Nullable Set<String> itemFields, Set<String> plain) {

    /** The names before there is an answer. */
    public static Names ofItem(@Nullable Set<String> itemFields) {
        return new Names(List.of("item"), false, itemFields, Set.of());
    }

    public Names with(Stream<String> more) {
        return new Names(Stream.concat(known.stream(), more).distinct().toList(), open, itemFields, plain);
    }

    /** These names and one whose value is a number or a text. */
    public Names withPlain(String name) {
        Set<String> more = Stream.concat(plain.stream(), Stream.of(name)).collect(Collectors.toUnmodifiableSet());
        return new Names(with(Stream.of(name)).known(), open, itemFields, more);
    }

    public Names opened() {
        return new Names(known, true, itemFields, plain);
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
        if (root != null && plain.contains(root) && path.length() > 1) {
            mistakes.show(
                    mistakes.within(place, path.toString()),
                    MessageText.quote("{" + path + "}") + ": " + MessageText.quote(root)
                            + " is a plain value without fields",
                    "write {" + root + "}");
            return;
        }
        if (itemFields == null || !"item".equals(root) || path.length() < 2) {
            return;
        }
        String field = path.field();
        if (itemFields.isEmpty()) {
            mistakes.show(
                    mistakes.within(place, path.toString()),
                    MessageText.quote("{" + path + "}") + ": the items are plain values without fields",
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
