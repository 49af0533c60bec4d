package io.vertask.app.job.template;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.jackson.JacksonCodec;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as values whose numbers are exactly those of the text, unlike Vert.x, whose fractions are {@code double}.
 *
 * <p>A whole number is an {@code Integer}, {@code Long} or {@code BigInteger}, as its size asks for. Any other number
 * is a {@code BigDecimal}, which costs no more than a {@code double}, keeps the zeros at its end, and never spells out
 * an exponent. Only a negative zero is a {@code Double}, because a {@code BigDecimal} has none.
 *
 * <p><b>Failure.</b> {@link DecodeException} when the text is not JSON, or has a number of more than a thousand digits
 * or with an exponent of more than nine.
 */
public final class JsonText {
    private JsonText() {}

    /** The value of a whole text. */
    public static @Nullable Object value(String text) {
        return value(JacksonCodec.createParser(text));
    }

    /** The value of a whole text in UTF-8, UTF-16 or UTF-32. */
    public static @Nullable Object value(Buffer bytes) {
        return value(JacksonCodec.createParser(bytes));
    }

    private static @Nullable Object value(JsonParser parser) {
        return JacksonCodec.fromParser(new ExactNumbers(parser), Object.class);
    }

    private static final class ExactNumbers extends JsonParserDelegate {
        ExactNumbers(JsonParser parser) {
            super(parser);
        }

        @Override
        public Number getNumberValue() throws IOException {
            if (delegate.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
                return delegate.getNumberValue();
            }
            BigDecimal number = fraction();
            return number.signum() == 0 && delegate.getText().charAt(0) == '-' ? (Number) (-0.0) : number;
        }

        private BigDecimal fraction() throws IOException {
            try {
                return delegate.getDecimalValue();
            } catch (NumberFormatException exponent) {
                throw new JsonParseException(delegate, "the exponent of a number is out of range", exponent);
            }
        }
    }
}
