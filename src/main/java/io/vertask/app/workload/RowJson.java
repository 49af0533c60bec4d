package io.vertask.app.workload;

import io.vertask.app.job.template.JsonText;
import io.vertask.client.SqlTextRow;
import io.vertask.client.SqlType;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The conversion of a query's rows to JSON.
 *
 * <p>Numbers, booleans, JSON and arrays become those of JSON, with all digits. A value of any other type is the text
 * that Postgres itself writes, and reads back; only times and intervals get the form of ISO 8601 where it has one.
 */
public final class RowJson {
    /** The types of numbers; NaN, the infinities and numbers of more than 1,000 digits stay texts. */
    private static final Set<String> NUMBERS =
            Set.of("smallint", "integer", "bigint", "oid", "real", "double precision", "numeric");

    /** Readers of JSON refuse longer numbers. */
    private static final int MOST_DIGITS = 1_000;

    private static final Pattern MONEY = Pattern.compile("(-?)\\$([0-9]{1,3}(?:,[0-9]{3})*\\.[0-9]{2})");

    private RowJson() {}

    /**
     * Makes an object of the columns.
     *
     * <p><b>Failure.</b> {@link CallFailure} for JSON that can't be read and for two columns of one name;
     * {@link ClassCastException} for a row of a statement without {@link io.vertask.client.SqlTexts}.
     */
    public static JsonObject of(Row row) {
        SqlTextRow texts = (SqlTextRow) row;
        JsonObject json = new JsonObject();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.getString(i);
            String name = texts.getColumnName(i);
            if (json.containsKey(name)) {
                throw CallFailure.lasting(
                        "two columns",
                        "two columns of the query are called `" + name + "`; give one another name with AS");
            }
            try {
                json.put(name, text == null ? null : value(text, texts.type(i)));
            } catch (RuntimeException unreadable) {
                throw CallFailure.lasting(
                        "unreadable",
                        "a value of column `" + name + "` (" + texts.type(i).name() + ") can't be read: "
                                + unreadable.getMessage() + ". Cast it to text: " + name + "::text");
            }
        }
        return json;
    }

    static @Nullable Object value(String text, SqlType type) {
        SqlType element = type.element();
        if (element != null) {
            return ArrayText.isPlain(text, element) ? ArrayText.read(text, type) : text;
        }
        if (NUMBERS.contains(type.name())) {
            return number(text, type.name());
        }
        return switch (type.name()) {
            case "boolean" -> text.equals("t");
            case "json", "jsonb" -> JsonText.value(text);
            case "void" -> null;
            case "money" -> money(text);
            case "timestamp without time zone" -> IsoTime.timestamp(text);
            case "timestamp with time zone" -> IsoTime.instant(text);
            case "interval" -> IsoTime.interval(text);
            default -> text;
        };
    }

    private static Object number(String text, String type) {
        if (text.length() > MOST_DIGITS || !Character.isDigit(text.charAt(text.length() - 1))) {
            return text;
        }
        return switch (type) {
            case "smallint", "integer" -> Integer.valueOf(text);
            case "bigint", "oid" -> Long.valueOf(text);
            case "real" -> Float.valueOf(text);
            case "double precision" -> Double.valueOf(text);
            default -> whole(new BigDecimal(text));
        };
    }

    /** An amount in dollars is a number; with another currency or another point it is the server's text. */
    private static Object money(String text) {
        var amount = MONEY.matcher(text);
        return amount.matches()
                ? whole(new BigDecimal(amount.group(1) + amount.group(2).replace(",", "")).stripTrailingZeros())
                : text;
    }

    /** Converts a whole number to an integer, so that it is written as one. */
    private static Number whole(BigDecimal number) {
        if (number.scale() > 0) {
            return number;
        }
        BigInteger whole = number.toBigIntegerExact();
        return whole.bitLength() < Long.SIZE ? (Number) whole.longValue() : whole;
    }
}
