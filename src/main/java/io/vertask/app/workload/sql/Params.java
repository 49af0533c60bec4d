package io.vertask.app.workload.sql;

import io.vertask.app.job.template.Param;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.template.Values;
import io.vertask.app.workload.ArrayText;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.HalfCharacter;
import io.vertask.client.SqlTexts;
import io.vertask.client.SqlType;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values that one call binds. The statement's own type of a parameter decides what a value becomes, never what the
 * value looks like.
 *
 * <p>Every value is sent as the text that the server reads for its type. Refused before that is what the server would
 * take for something else, or could not name: a number that the integer can't hold, a list or an object for a type that
 * has none, half a character.
 */
final class Params {
    private static final Map<String, Integer> INTEGERS =
            Map.of("smallint", Short.SIZE, "integer", Integer.SIZE, "bigint", Long.SIZE);

    /** The types that can hold a list or an object as the text of its JSON. */
    private static final Set<String> TEXTS = Set.of("text", "character varying", "character", "unknown");

    /** The server's words for the parameter that it could not read: {@code unnamed portal parameter $1 = '...'}. */
    private static final Pattern NAMED = Pattern.compile("^[^\"'(]*(?:\"[^\"\\s]*\")?[^\"'(]*\\$([0-9]+)");

    private static final int SHOWN = 80;

    private Params() {}

    /** A text that stands in the job or in a line: for a parameter of JSON it is the JSON itself. */
    private record Written(String text) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** @param lines whether the item is a text, so that even a number is only digits */
    static SqlTexts of(List<Param> params, TemplateScope item, boolean lines) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Param param : params) {
            Object value = param.value(item);
            boolean written = param.isText() || (lines && param.isItem());
            values.add(value != null && written ? new Written(Values.text(value)) : value);
        }
        return SqlTexts.of(values, Params::text);
    }

    private static String text(Object value, SqlType type, int at) {
        Object plain = value instanceof JsonArray array ? array.getList() : value;
        String text = type.element() != null ? array(plain, type, at) : single(plain, type, at);
        if (HalfCharacter.isIn(text)) {
            throw refused(at, value, type, "; it has half a character, which UTF-8 has no bytes for");
        }
        return text;
    }

    private static String array(Object value, SqlType type, int at) {
        if (value instanceof List<?> list) {
            return ArrayText.write(list, type, (element, of) -> text(element, of, at));
        }
        if (value instanceof CharSequence) {
            return value.toString();
        }
        throw refused(at, value, type, "");
    }

    private static String single(Object value, SqlType type, int at) {
        String name = type.name();
        if (name.equals("json") || name.equals("jsonb")) {
            return value instanceof Written written ? written.text() : Json.encode(value);
        }
        if (value instanceof List || value instanceof Map || value instanceof JsonObject) {
            if (!TEXTS.contains(name)) {
                throw refused(at, value, type, "");
            }
            return Json.encode(value);
        }
        Integer bits = INTEGERS.get(name);
        return bits != null && value instanceof Number number ? whole(number, bits, type, at) : Values.text(value);
    }

    private static String whole(Number number, int bits, SqlType type, int at) {
        try {
            long whole = number instanceof Integer || number instanceof Long
                    ? number.longValue()
                    : new BigDecimal(number.toString()).longValueExact();
            if (whole << (Long.SIZE - bits) >> (Long.SIZE - bits) == whole) {
                return Long.toString(whole);
            }
        } catch (ArithmeticException | NumberFormatException broken) {
            // neither is NaN a whole number
        }
        throw refused(at, number, type, "; to have it as it is, write $" + at + "::numeric");
    }

    private static CallFailure refused(int at, Object value, SqlType type, String fix) {
        return CallFailure.lasting(
                INTEGERS.containsKey(type.name()) && value instanceof Number ? "SQL 22003" : "no parameter",
                sentence(at, value, type) + fix);
    }

    private static String sentence(int at, @Nullable Object value, @Nullable SqlType type) {
        String text = Values.text(value);
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return "$" + at + " is " + shown + ", and the statement takes it as "
                + (type == null ? "another type" : type.name());
    }

    /** The failure that names the parameter which the server could not read; {@code error} when it was none of them. */
    static Throwable named(Throwable error, SqlTexts params) {
        if (!(error instanceof PgException pg)
                || pg.getWhere() == null
                || !String.valueOf(pg.getSqlState()).startsWith("22")) {
            return error;
        }
        Matcher parameter = NAMED.matcher(pg.getWhere());
        if (!parameter.find()) {
            return error;
        }
        int at = Integer.parseInt(parameter.group(1));
        if (at < 1 || at > params.size()) {
            return error;
        }
        SqlType type = params.type(at);
        Object value = params.getValue(at - 1);
        boolean json = type != null && type.name().startsWith("json") && value instanceof Written;
        return CallFailure.lasting(
                "SQL " + pg.getSqlState(),
                sentence(at, value, type) + ": " + pg.getErrorMessage() + " (SQLSTATE " + pg.getSqlState() + ")"
                        + (json ? "; to have it as a text in JSON, write to_jsonb($" + at + "::text)" : ""));
    }
}
