package io.vertask.app.job.yaml;

import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Parses a YAML text into a tree with places, and reports the parser's errors as mistakes. */
public final class YamlText {

    /** The longest job file, in characters. */
    static final int LONGEST = 3_000_000;

    private YamlText() {}

    /** The tree of a job file; null when there is none, and then there is a mistake. */
    public static @Nullable YamlNode read(String text, Map<String, String> env, Mistakes mistakes) {
        if (text.length() > LONGEST) {
            mistakes.say(
                    Place.START,
                    String.format("the file has %,d characters; a job file has at most %,d", text.length(), LONGEST),
                    "keep a long list of items in a file of its own");
            return null;
        }
        return read(text, env, mistakes, null);
    }

    /** The tree of a {@code --set} value. */
    static @Nullable YamlNode readSet(String text, Map<String, String> env, Mistakes mistakes, Place place) {
        return read(text, env, mistakes, place);
    }

    private static @Nullable YamlNode read(
            String text, Map<String, String> env, Mistakes mistakes, @Nullable Place all) {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(LONGEST).build();
        try {
            Iterator<Event> events = new Parse(settings).parseString(text).iterator();
            Event event = skipStart(events);
            if (event.getEventId() == Event.ID.StreamEnd) {
                return new Scalar(all == null ? Place.START : all, "", "", true, List.of());
            }
            YamlNode node = new YamlTree(events, env, mistakes, all).node(event, 0);
            events.next(); // the document's end
            Event after = events.next();
            if (after.getEventId() != Event.ID.StreamEnd) {
                mistakes.show(place(after.getStartMark(), all), "a second document starts here", "one job a file");
                return null;
            }
            return node;
        } catch (YamlTree.Unreadable reported) {
            return null;
        } catch (YamlEngineException e) {
            report(e, text, mistakes, all);
            return null;
        }
    }

    /** The first event of the first document, or the end of an empty stream. */
    private static Event skipStart(Iterator<Event> events) {
        Event event = events.next();
        while (event.getEventId() == Event.ID.StreamStart || event.getEventId() == Event.ID.DocumentStart) {
            event = events.next();
        }
        return event;
    }

    private static void report(YamlEngineException e, String text, Mistakes mistakes, @Nullable Place all) {
        if (e instanceof MarkedYamlEngineException marked) {
            Place place = place(marked.getProblemMark().or(marked::getContextMark), all);
            mistakes.show(place, "not YAML: " + problem(marked), hints(marked, all == null));
        } else if (e instanceof ReaderException reader) {
            String code = String.format("U+%04X", reader.getCodePoint());
            mistakes.show(
                    all == null ? place(text, reader.getPosition()) : all,
                    "not YAML: the character " + code + " is not allowed",
                    "inside double quotes it can be written \\x.. or \\u....");
        } else {
            mistakes.say(all == null ? Place.START : all, "not YAML");
        }
    }

    /** The problem in plain words; the parser's own speak of its tokens. */
    private static String problem(MarkedYamlEngineException e) {
        String words = MessageText.visible(e.getProblem());
        if (words.contains("(TAB)")) {
            return "a tab, where only blanks may stand";
        }
        if (words.startsWith("expected <block end>")) {
            return "this line has another indentation than the lines it belongs to";
        }
        return words;
    }

    private static String[] hints(MarkedYamlEngineException e, boolean inFile) {
        List<String> hints = new ArrayList<>();
        String line = e.getProblemMark().map(YamlText::line).orElse("");
        if (line.indexOf('\u201C') >= 0 || line.indexOf('\u201D') >= 0) {
            hints.add("\u201C and \u201D are letters; a text is quoted with \"");
        } else if (e.getProblem().startsWith("expected ',' or")
                && e.getProblem().endsWith("{")) {
            hints.add("inside { } and [ ] a text with { or } needs quotes around all of it");
        }
        if (e.getProblem().contains("(TAB)")) {
            hints.add("indent with blanks");
        }
        if (e.getProblemMark().filter(YamlText::isVariable).isPresent()) {
            hints.add("inside { } and [ ] a variable needs quotes: \"${NAME}\"");
        }
        Optional<Mark> start = e.getContextMark();
        if (inFile && start.isPresent() && e.getContext() != null) {
            hints.add(MessageText.visible(e.getContext()) + " that starts on line "
                    + (start.get().getLine() + 1));
        }
        return hints.toArray(String[]::new);
    }

    /** The line of the mark. */
    private static String line(Mark mark) {
        int[] points = mark.getBuffer();
        int from = Math.min(mark.getPointer(), points.length);
        int to = from;
        while (from > 0 && points[from - 1] != '\n') {
            from--;
        }
        while (to < points.length && points[to] != '\n') {
            to++;
        }
        return new String(points, from, to - from);
    }

    private static boolean isVariable(Mark mark) {
        int at = mark.getPointer();
        int[] points = mark.getBuffer();
        return at > 0 && at < points.length && points[at] == '{' && points[at - 1] == '$';
    }

    private static Place place(Optional<Mark> mark, @Nullable Place all) {
        if (all != null) {
            return all;
        }
        return mark.map(m -> Place.at(m.getLine() + 1, m.getColumn() + 1)).orElse(Place.START);
    }

    /** The place of a code point counted from the start of the text. */
    private static Place place(String text, int position) {
        int line = 1;
        int column = 1;
        int[] points = text.codePoints().limit(Math.max(0, position)).toArray();
        for (int i = 0; i < points.length; i++) {
            boolean crlf = points[i] == '\r' && i + 1 < points.length && points[i + 1] == '\n';
            if ((points[i] == '\n' || points[i] == '\r') && !crlf) {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return Place.at(line, column);
    }
}
