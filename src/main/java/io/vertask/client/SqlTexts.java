package io.vertask.client;

import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.internal.ArrayTuple;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parameters for a statement whose values travel as texts, in the form that Postgres itself reads and writes.
 *
 * <p>{@code sql.query("SELECT * FROM zips WHERE zip = $1", SqlTexts.of(List.of(10115), (value, type, at) ->
 * value.toString()))} binds the text {@code 10115} whatever the column's type is: the server tells the types of the
 * statement's parameters, then the {@link Writer} makes the texts. The rows of such a statement are
 * {@link SqlTextRow}s, so no value of any type is changed or lost on its way.
 *
 * <p>It serves one call of {@link SqlSession#query} or {@link SqlSession#stream}; it can't be part of a batch.
 */
public final class SqlTexts extends ArrayTuple {
    private final List<@Nullable Object> values;
    private final Writer writer;

    private @Nullable PgDescriptions described;
    private @Nullable SqlTypes types;
    private int[] oids = {};
    private @Nullable RuntimeException refusal;
    private final BitSet undecided = new BitSet();
    private boolean unknown;

    /** Makes the text of a value. */
    @FunctionalInterface
    public interface Writer {
        /**
         * The text of {@code value}, for the parameter {@code $at} of this type.
         *
         * <p><b>Failure.</b> What it throws is the failure of the statement, which is not sent then.
         */
        String text(Object value, SqlType type, int at);
    }

    private SqlTexts(List<@Nullable Object> values, Writer writer) {
        super(0);
        this.values = values;
        this.writer = writer;
    }

    /** One value for {@code $1}, {@code $2}, ... each; null is NULL. */
    public static SqlTexts of(List<? extends @Nullable Object> values, Writer writer) {
        Objects.requireNonNull(values, "SqlTexts.of: values is null");
        Objects.requireNonNull(writer, "SqlTexts.of: writer is null");
        return new SqlTexts(Collections.unmodifiableList(values), writer);
    }

    /** For a statement without parameters. */
    public static SqlTexts none() {
        return of(List.of(), (value, type, at) -> "");
    }

    void begin(PgDescriptions descriptions, SqlTypes known) {
        described = descriptions;
        types = known;
        oids = new int[0];
        refusal = null;
        unknown = false;
    }

    /** Whether the last attempt ended because a type was not known yet. */
    boolean lacksTypes() {
        return unknown;
    }

    /** The statement has been described: its types stay known. */
    void described() {
        if (described != null && oids.length == 0) {
            oids = described.parameters();
        }
    }

    /** What the writer of {@code params} has thrown, or else {@code error}. */
    static Throwable failure(Tuple params, Throwable error) {
        return params instanceof SqlTexts texts && texts.refusal != null ? texts.refusal : error;
    }

    /** The type of the parameter {@code $at}; null before the server has told it. */
    public @Nullable SqlType type(int at) {
        SqlTypes known = types;
        return known == null || at > oids.length ? null : known.known(oids[at - 1]);
    }

    @Override
    public int size() {
        return values.size();
    }

    @Override
    public @Nullable Object getValueInternal(int pos) {
        return values.get(pos);
    }

    /** The driver puts its texts into a copy; only the NULLs before the first text come here. */
    @Override
    public void setValue(int pos, @Nullable Object value) {}

    /** The driver asks for this one, because it takes every parameter for one that is sent as text. */
    @Override
    public @Nullable String getString(int pos) {
        Object value = values.get(pos);
        if (value == null) {
            return null;
        }
        described();
        SqlType type = type(pos + 1);
        if (type == null) {
            unknown = true;
            throw new IllegalStateException("the type of $" + (pos + 1) + " is not known");
        }
        try {
            return writer.text(value, type, pos + 1);
        } catch (RuntimeException thrown) {
            refusal = thrown;
            throw thrown;
        }
    }

    /**
     * Asked for when the statement does not decide the type of a parameter: then the value does, and the statement goes
     * on to decide those of the others.
     */
    @Override
    public List<Class<?>> types() {
        decide();
        List<Class<?>> all = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            Class<?> known = value == null || value instanceof CharSequence
                    ? String.class
                    : value instanceof Integer ? Long.class : value.getClass();
            all.add(undecided.get(i + 1) ? known : Object.class);
        }
        return all;
    }

    /** Notes the parameter whose type the server could not tell; false when there is none, or it was known. */
    boolean decide() {
        int at = described == null ? 0 : described.undecided();
        boolean more = at > 0 && at <= values.size() && !undecided.get(at);
        if (at > 0) {
            undecided.set(at);
        }
        return more;
    }
}
