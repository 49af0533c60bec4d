package io.vertask.app.job;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of tables and columns, as SQL writes them. */
public final class SqlNames {
    private static final Pattern PART = Pattern.compile("\"((?:[^\"\0]|\"\")+)\"|([^\".\\s\0]+)");

    private SqlNames() {}

    /**
     * The parts of a name with dots between: a part in double quotes is taken as it stands, with a doubled quote for
     * one. Unlike in SQL, a part without quotes keeps its capitals. Empty when it is not such a name.
     */
    static List<String> split(String text) {
        List<String> names = new ArrayList<>();
        Matcher part = PART.matcher(text);
        int at = 0;
        while (part.region(at, text.length()).lookingAt()) {
            names.add(part.group(1) == null ? part.group(2) : part.group(1).replace("\"\"", "\""));
            at = part.end();
            if (at == text.length()) {
                return List.copyOf(names);
            }
            if (text.charAt(at++) != '.') {
                return List.of();
            }
        }
        return List.of();
    }

    static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The name in double quotes, safe in any statement: {@code Weird ""name} becomes {@code "Weird """"name"}. */
    public static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
