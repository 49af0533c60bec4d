package io.vertask.app.job.yaml;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lines of a job file, and the excerpts of them in messages, with secrets masked. */
public final class Source {

    private static final int WIDEST = 140;
    private static final int MOST_SECRETS = 100; // a line with more is hidden whole
    private static final int SHORTEST_SECRET = 6; // a shorter text is too likely to be a word of the file

    private final String file;
    private final List<String> lines;
    private final Map<Integer, BitSet> hidden = new HashMap<>();
    private final Map<Integer, Integer> stretches = new HashMap<>();
    private final Map<Integer, BitSet> masks = new HashMap<>();
    private final Set<String> secrets = new LinkedHashSet<>();
    private boolean parsed;

    private Source(String file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    public static Source of(String file, String text) {
        return new Source(file, List.of(text.split("\r\n|\r|\n", -1)));
    }

    String file() {
        return file;
    }

    /** Takes the secrets from the tree, so that they need not be guessed from each line. */
    public void parsed(YamlNode root) {
        parsed = true;
        SecretText.hide(root, this);
    }

    /** Hides this place, and the same text elsewhere, as at the target of an alias. */
    void hide(Place place, String text) {
        text.lines()
                .map(String::strip)
                .filter(line -> line.length() >= SHORTEST_SECRET && secrets.size() < MOST_SECRETS)
                .forEach(secrets::add);
        hide(place);
    }

    private void hide(Place place) {
        for (int line = place.line(); line > 0 && line <= Math.min(place.endLine(), lines.size()); line++) {
            String text = lines.get(line - 1);
            if (stretches.merge(line, 1, Integer::sum) > MOST_SECRETS) {
                hidden.computeIfAbsent(line, l -> new BitSet()).set(0, text.length());
                continue;
            }
            int from = line == place.line() ? index(text, place.column()) : 0;
            int to = line == place.endLine() ? index(text, place.endColumn()) : text.length();
            hidden.computeIfAbsent(line, l -> new BitSet()).set(from, Math.max(from, to));
        }
    }

    /** The part of a one-line place that reads {@code snippet}, or the whole place. */
    Place within(Place place, String snippet) {
        if (place.line() < 1 || place.line() > lines.size() || !place.oneLine()) {
            return place;
        }
        String text = lines.get(place.line() - 1);
        int at = text.indexOf(snippet, index(text, place.column()));
        if (at < 0 || at + snippet.length() > index(text, place.endColumn())) {
            return place;
        }
        int column = text.codePointCount(0, at) + 1;
        return new Place(
                place.line(), column, place.line(), column + snippet.codePointCount(0, snippet.length()), null);
    }

    /** Two lines: the source line, and carets under the place with a note beside them. */
    List<String> excerpt(Place place, @Nullable String note) {
        if (place.line() < 1 || place.line() > lines.size()) {
            return List.of();
        }
        String line = lines.get(place.line() - 1);
        int length = width(line);
        int column = Math.min(place.column() - 1, length);
        int end = place.oneLine() ? Math.min(place.endColumn() - 1, length) : length;
        int from = column > WIDEST - 40 ? column - 60 : 0;
        int to = Math.min(length, from + WIDEST);
        String before = (from > 0 ? "…" : "") + shown(place.line(), from, column);
        String marked = shown(place.line(), column, Math.max(column, Math.min(end, to)));
        String text = (from > 0 ? "…" : "") + shown(place.line(), from, to) + (to < length ? "…" : "");
        String number = String.format("%2d", place.line());
        String carets = "^".repeat(Math.max(1, width(marked)));
        return List.of(
                ("  " + number + " | " + text).stripTrailing(),
                "  " + " ".repeat(number.length()) + " | " + " ".repeat(width(before)) + carets
                        + (note == null ? "" : " " + note));
    }

    /** The visible text of a stretch of code points; a hidden run in it is shown as one mask. */
    private String shown(int line, int from, int to) {
        String text = lines.get(line - 1);
        BitSet secret = masks.computeIfAbsent(line, l -> secrets(l, text));
        StringBuilder shown = new StringBuilder();
        int start = text.offsetByCodePoints(0, from);
        int end = text.offsetByCodePoints(start, to - from);
        for (int i = start; i < end; i = text.offsetByCodePoints(i, 1)) {
            if (!secret.get(i)) {
                shown.append(MessageText.visible(Character.toString(text.codePointAt(i)))
                        .replace('\t', ' '));
            } else if (i == start || !secret.get(i - 1)) {
                shown.append(Secret.MASK);
            }
        }
        return shown.toString();
    }

    private BitSet secrets(int line, String text) {
        BitSet secret = parsed ? SecretText.passwords(text) : SecretText.guess(text);
        secret.or(hidden.getOrDefault(line, new BitSet()));
        for (String known : secrets) {
            for (int at = text.indexOf(known); at >= 0; at = text.indexOf(known, at + known.length())) {
                secret.set(at, at + known.length());
            }
        }
        if (!parsed && SecretText.continuesSecret(lines.subList(0, line))) {
            secret.set(0, text.length());
        }
        return secret;
    }

    private static int index(String text, int column) {
        int points = text.codePointCount(0, text.length());
        return text.offsetByCodePoints(0, Math.min(Math.max(column - 1, 0), points));
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
