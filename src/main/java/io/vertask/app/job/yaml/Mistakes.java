package io.vertask.app.job.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The mistakes of a job file, of which the first hundred are kept, and the defaults that were assumed. */
public final class Mistakes {

    private static final int KEPT = 100;

    private record Found(
            Place place,
            String message,
            boolean excerpt,
            @Nullable String note,
            List<String> hints) {}

    private final Source source;
    private final List<Found> found = new ArrayList<>();
    private final Map<String, String> assumed = new LinkedHashMap<>();
    private final Map<String, String> homes = new HashMap<>();
    private int more;

    public Mistakes(Source source) {
        this.source = source;
    }

    /** Tells where {@code keys} belong, so that they are missed elsewhere: {@code home} is a phrase for the hint. */
    public void belong(Collection<String> keys, String home) {
        keys.forEach(key -> homes.putIfAbsent(key, home));
    }

    /** The hint for a key that belongs elsewhere; empty when nobody knows it. */
    Optional<String> home(String key) {
        return Optional.ofNullable(homes.get(key)).map(home -> MessageText.quote(key) + " belongs to " + home);
    }

    /** Records that the key of this path is not there and counts as {@code value}. */
    void assume(String path, String value) {
        assumed.putIfAbsent(path, value);
    }

    /** The defaults of keys that were not there, by path. */
    public Map<String, String> assumed() {
        return assumed;
    }

    /** Adds a mistake without an excerpt: something is missing. */
    public void say(Place place, String message, String... hints) {
        add(new Found(place, message, false, null, List.of(hints)));
    }

    /** Adds a mistake with its line and carets. */
    public void show(Place place, String message, String... hints) {
        add(new Found(place, message, true, null, List.of(hints)));
    }

    /** Adds a mistake with its line, carets and a note beside the carets. */
    public void point(Place place, String message, @Nullable String note, String... hints) {
        add(new Found(place, message, true, note, List.of(hints)));
    }

    private void add(Found one) {
        if (found.size() < KEPT && found.contains(one)) {
            return; // two readers of one key
        }
        if (found.size() < KEPT) {
            found.add(one);
        } else {
            more++;
        }
    }

    /**
     * The part of a place that reads {@code snippet}, or the whole place; mistakes that are only counted are not
     * searched.
     */
    public Place within(Place place, String snippet) {
        return found.size() < KEPT ? source.within(place, snippet) : place;
    }

    public boolean any() {
        return !found.isEmpty();
    }

    /** All mistakes: those of the file in its order, then those of the overrides. */
    public JobErrors errors() {
        List<Mistake> all = found.stream()
                .sorted(Comparator.comparing((Found one) -> one.place().set() != null)
                        .thenComparing(one -> one.place().line())
                        .thenComparing(one -> one.place().column()))
                .map(this::mistake)
                .toList();
        return new JobErrors(all, more);
    }

    private Mistake mistake(Found one) {
        Place place = one.place();
        Setting set = place.set();
        List<String> hints = new ArrayList<>();
        if (set != null && one.note() != null) {
            hints.add(one.note());
        }
        hints.addAll(one.hints());
        List<String> excerpt = one.excerpt() && set == null ? source.excerpt(place, one.note()) : List.of();
        return new Mistake(
                set == null ? source.file() : set.shown(), place.line(), place.column(), one.message(), excerpt, hints);
    }
}
