package io.vertask.client;

import java.util.Locale;
import java.util.regex.Pattern;

/** The parts of a statement's text that matter to the client: a short form, and its effect on the transaction. */
final class SqlWords {
    /** A statement's effect on the session's transaction. */
    enum Effect {
        NONE,
        BEGINS,
        ENDS,
        /** It returns to a savepoint, so an error since then is undone. */
        RESTORES
    }

    private static final int SHORT = 60;
    private static final Pattern LEADING =
            Pattern.compile("^(?:\\s++|--[^\\n]*+(?:\\n|$)|/\\*(?:[^*]|\\*(?!/))*+\\*/)*+");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern SELECT_LIST = Pattern.compile("^(?i:SELECT) .{6,}? ((?i:FROM) .*)$");
    private static final Pattern TO = Pattern.compile("\\bTO\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern CHAIN = Pattern.compile("\\bAND\\s+CHAIN\\b", Pattern.CASE_INSENSITIVE);

    private SqlWords() {}

    /** Shortens a statement to one line of at most 60 characters: {@code SELECT … FROM orders}. */
    static String shortened(String sql) {
        String start = sql.length() > 2000 ? sql.substring(0, 2000) : sql;
        String line = SPACE.matcher(start).replaceAll(" ").strip();
        if (line.length() > SHORT) {
            line = SELECT_LIST.matcher(line).replaceFirst("SELECT … $1");
        }
        return line.length() > SHORT ? line.substring(0, SHORT - 1) + "…" : line;
    }

    /** The effect of a statement, from its first words; the server takes one statement at a time. */
    static Effect effect(String sql) {
        String[] words = SPACE.split(LEADING.matcher(sql).replaceFirst(""), 2);
        return switch (words[0].replace(";", "").toUpperCase(Locale.ROOT)) {
            case "BEGIN", "START" -> Effect.BEGINS;
            case "COMMIT", "END", "ROLLBACK", "ABORT" -> {
                String rest = words.length > 1 ? words[1] : "";
                yield TO.matcher(rest).find()
                        ? Effect.RESTORES
                        : CHAIN.matcher(rest).find() ? Effect.BEGINS : Effect.ENDS;
            }
            default -> Effect.NONE;
        };
    }
}
