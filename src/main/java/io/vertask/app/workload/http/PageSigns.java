package io.vertask.app.workload.http;

import io.vertask.app.job.template.Selector;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.http.PageWalk.Page;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The signs in an answer that tell how many rows there are, or whether another page follows.
 *
 * <p><b>Failure.</b> {@link CallFailure} when the sign is not there or is something else: a misspelt path must not end
 * the pages early.
 */
final class PageSigns {
    private static final int LONGEST = 30;

    private PageSigns() {}

    /** The number of rows of all pages. */
    static long total(Selector at, Page page) {
        Object value = sign("total", at, page);
        try {
            String text = String.valueOf(value);
            long total = text.length() > LONGEST ? -1 : new BigDecimal(text.strip()).longValueExact();
            if (total >= 0) {
                return total;
            }
        } catch (NumberFormatException | ArithmeticException noCount) {
            // as for a negative number
        }
        throw wrong("total", at, "not a number of rows", page);
    }

    /** Whether another page follows: true, a number other than 0, or a text, such as the next page's URL. */
    static boolean isMore(Selector at, Page page) {
        Object value = sign("more", at, page);
        if (value instanceof JsonObject || value instanceof JsonArray) {
            throw wrong("more", at, "not true or false", page);
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        String text = value == null ? "" : value.toString();
        return !text.isEmpty() && !text.equals("false");
    }

    private static @Nullable Object sign(String key, Selector at, Page page) {
        if (!at.isIn(page.body())) {
            throw wrong(key, at, "not there", page);
        }
        return at.select(page.body(), null);
    }

    private static CallFailure wrong(String key, Selector at, String why, Page page) {
        return CallFailure.lasting(
                "next page", "next." + key + ": `" + at + "` of the answer is " + why + " (" + page.what() + ")");
    }
}
