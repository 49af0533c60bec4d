package io.vertask.app.workload.sql;

import io.vertask.app.workload.CallFailure;
import io.vertx.sqlclient.internal.ArrayTuple;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values of one statement, whose numbers are bound as they are or not at all: the driver cuts those that the
 * parameter's type can't hold, so that 4294967303 would be the integer 7.
 */
final class Params extends ArrayTuple {
    private @Nullable String refused;

    Params() {
        super(0);
    }

    @Override
    public @Nullable Short getShort(int at) {
        return getValue(at) instanceof Number number && isWhole(number, at, Short.SIZE, "smallint")
                ? (Short) number.shortValue()
                : super.getShort(at);
    }

    @Override
    public @Nullable Integer getInteger(int at) {
        return getValue(at) instanceof Number number && isWhole(number, at, Integer.SIZE, "integer")
                ? (Integer) number.intValue()
                : super.getInteger(at);
    }

    @Override
    public @Nullable Long getLong(int at) {
        return getValue(at) instanceof Number number && isWhole(number, at, Long.SIZE, "bigint")
                ? (Long) number.longValue()
                : super.getLong(at);
    }

    /** Throws what the driver takes for a value of another type. */
    private boolean isWhole(Number number, int at, int bits, String type) {
        try {
            long whole = new BigDecimal(number.toString()).longValueExact();
            if (BigInteger.valueOf(whole).bitLength() < bits) {
                return true;
            }
        } catch (ArithmeticException | NumberFormatException broken) {
            // neither is NaN a whole number
        }
        refused = "$" + (at + 1) + " is " + number + ", and the statement takes it as " + type
                + "; to have it as it is, write $" + (at + 1) + "::numeric";
        throw new IllegalArgumentException(refused);
    }

    /** Why nothing was sent, when it was for such a number. */
    Optional<Throwable> refusal() {
        return Optional.ofNullable(refused).map(why -> CallFailure.lasting("SQL 22003", why));
    }
}
