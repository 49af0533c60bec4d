package io.vertask.app.workload.into;

import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.HalfCharacter;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Refuses the values that the server would take, but change: half a character, which UTF-8 has no bytes for; and, where
 * {@code create: true} has chosen a column's type, a text that is no value of that type as it stands, like
 * {@code 01067} for a {@code bigint}.
 */
final class Unaltered {
    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|NaN|-?Infinity");

    /** Of a column's type, the texts that are its values; not those that the server gives a meaning, like yesterday. */
    private static final Map<String, Pattern> TEXTS = Map.of(
            "bigint", NUMBER,
            "numeric", NUMBER,
            "double precision", NUMBER,
            "boolean", Pattern.compile("true|false"),
            "timestamp with time zone", Pattern.compile("[0-9].*|-?infinity", Pattern.DOTALL));

    private Unaltered() {}

    /**
     * Checks rows that are about to be written; {@code written} is their JSON.
     *
     * <p><b>Failure.</b> {@link CallFailure} that names row and column.
     */
    static void check(Table table, List<JsonObject> rows, String written) {
        boolean half = HalfCharacter.isIn(written);
        if (!half && !table.into().create()) {
            return;
        }
        for (int i = 0; i < rows.size(); i++) {
            for (Map.Entry<String, Object> field : rows.get(i)) {
                String type = table.type(field.getKey());
                String why = half
                                && HalfCharacter.isIn(new JsonObject()
                                        .put("", field.getValue())
                                        .encode())
                        ? " has half a character, which UTF-8 has no bytes for"
                        : table.into().create() && field.getValue() instanceof String text && !fits(text, type)
                                ? " is the text " + shortened(text)
                                        + ", and would be changed. Make the table yourself, "
                                        + "with a column of type text"
                                : "";
                if (!why.isEmpty()) {
                    throw CallFailure.lasting(
                            "value",
                            "into " + table.into().name() + ": row " + (i + 1) + ", column `" + field.getKey() + "` ("
                                    + type + ")" + why);
                }
            }
        }
    }

    private static boolean fits(String text, String type) {
        return Optional.ofNullable(TEXTS.get(type))
                .map(texts -> texts.matcher(text).matches())
                .orElse(true);
    }

    private static String shortened(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
