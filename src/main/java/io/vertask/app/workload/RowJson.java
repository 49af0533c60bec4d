package io.vertask.app.workload;

import io.netty.util.NetUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.data.Cidr;
import io.vertx.pgclient.data.Inet;
import io.vertx.pgclient.data.Interval;
import io.vertx.pgclient.data.Money;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The conversion of a query's rows to JSON. Numbers keep all their digits; a value without a type in JSON becomes a
 * text that Postgres can read back.
 */
public final class RowJson {
    /** The value of the protocol for a timestamp of -infinity. */
    private static final LocalDateTime EARLIEST =
            LocalDateTime.of(2000, 1, 1, 0, 0).plus(Long.MIN_VALUE, ChronoUnit.MICROS);

    private static final Set<?> INFINITY = Set.of(LocalDate.MAX, LocalDateTime.MAX, OffsetDateTime.MAX);
    private static final Set<?> MINUS_INFINITY = Set.of(LocalDate.MIN, EARLIEST, EARLIEST.atOffset(ZoneOffset.UTC));

    /** The names before the brackets in texts like {@code Circle<Point(1.0,2.0),3.0>}. */
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z]+(?=[(<\\[{])");

    private static final String SHAPES = Interval.class.getPackageName();

    private RowJson() {}

    /** Makes an object of the columns; the last one of those with the same name counts. */
    public static JsonObject of(Row row) {
        JsonObject json = new JsonObject();
        for (int i = 0; i < row.size(); i++) {
            json.put(row.getColumnName(i), value(row.getValue(i)));
        }
        return json;
    }

    /** The message for a row that could not be read; empty when {@code error} has another cause. */
    public static Optional<String> unreadable(Throwable error) {
        return error instanceof NumberFormatException || error instanceof DateTimeException
                ? Optional.of("a value of the rows can't be read: " + error.getMessage()
                        + ". Cast its column to text: name::text")
                : Optional.empty();
    }

    static @Nullable Object value(@Nullable Object value) {
        if (value == null || value == Tuple.JSON_NULL) {
            return null;
        }
        if (value.getClass().isArray()) {
            JsonArray array = new JsonArray();
            for (int i = 0; i < Array.getLength(value); i++) {
                array.add(value(Array.get(value, i)));
            }
            return array;
        }
        if (value instanceof Numeric numeric) {
            return numeric.isNaN() ? "NaN" : number(numeric.bigDecimalValue());
        }
        if (value instanceof Money money) {
            return number(money.bigDecimalValue());
        }
        return value instanceof Number
                        || value instanceof String
                        || value instanceof Boolean
                        || value instanceof JsonObject
                        || value instanceof JsonArray
                ? value
                : text(value);
    }

    /** Converts a whole number to an integer, so that it is written as one. */
    private static Number number(BigDecimal number) {
        if (number.scale() != 0) {
            return number;
        }
        BigInteger whole = number.unscaledValue();
        return whole.bitLength() < Long.SIZE ? (Number) whole.longValue() : whole;
    }

    private static String text(Object value) {
        if (value instanceof Buffer bytes) {
            return "\\x" + HexFormat.of().formatHex(bytes.getBytes());
        }
        if (value instanceof Inet inet) {
            return address(inet.getAddress(), inet.getNetmask());
        }
        if (value instanceof Cidr cidr) {
            return address(cidr.getAddress(), cidr.getNetmask());
        }
        if (value instanceof Interval interval) {
            return interval(interval);
        }
        if (INFINITY.contains(value)) {
            return "infinity";
        }
        if (MINUS_INFINITY.contains(value)) {
            return "-infinity";
        }
        if (value instanceof OffsetDateTime time) {
            return DateTimeFormatter.ISO_INSTANT.format(time);
        }
        return value.getClass().getPackageName().equals(SHAPES)
                ? SHAPE.matcher(value.toString()).replaceAll("")
                : value.toString();
    }

    private static String address(InetAddress address, @Nullable Integer netmask) {
        String text = NetUtil.toAddressString(address);
        return netmask == null ? text : text + "/" + netmask;
    }

    /** Formats an interval by ISO 8601, with a sign for each part: {@code P1Y2M-3DT4H5M6.789S}. */
    private static String interval(Interval interval) {
        BigDecimal seconds = BigDecimal.valueOf(interval.getSeconds())
                .add(BigDecimal.valueOf(interval.getMicroseconds(), 6))
                .stripTrailingZeros();
        StringBuilder date = new StringBuilder();
        part(date, interval.getYears(), "Y");
        part(date, interval.getMonths(), "M");
        part(date, interval.getDays(), "D");
        StringBuilder time = new StringBuilder();
        part(time, interval.getHours(), "H");
        part(time, interval.getMinutes(), "M");
        if (seconds.signum() != 0 || date.length() + time.length() == 0) {
            time.append(seconds.toPlainString()).append('S');
        }
        return "P" + date + (time.length() == 0 ? "" : "T" + time);
    }

    private static void part(StringBuilder text, int amount, String unit) {
        if (amount != 0) {
            text.append(amount).append(unit);
        }
    }
}
