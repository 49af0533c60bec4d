package io.vertask.app.workload.into;

import io.vertask.app.job.Into;
import io.vertask.app.job.PostgresConfig;
import io.vertask.app.job.SqlNames;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.StartFailure;
import io.vertask.app.workload.sql.SqlFailures;
import io.vertask.client.PhaseListener;
import io.vertask.client.SqlCalls;
import io.vertask.client.SqlErrors;
import io.vertask.client.SqlSession;
import io.vertask.sync.AsyncLock;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The writer of rows into the table, which it makes from the first rows if the job says so. */
final class Recorder {
    private final SqlCalls calls;
    private final PostgresConfig config;
    private final Into into;
    private final List<String> picked;
    private final AsyncLock making = AsyncLock.named("the making of the table");
    private @Nullable Table table;

    /** {@code picked}: the fields of every row; none when they are not known before. */
    Recorder(SqlCalls calls, PostgresConfig config, Into into, List<String> picked) {
        this.calls = calls;
        this.config = config;
        this.into = into;
        this.picked = picked;
    }

    /** Looks at the table; fails with {@link StartFailure} when rows can't go into it. */
    Future<Void> open() {
        return calls.withConnection(session -> Catalog.find(session, into)
                .compose(found -> found.isEmpty()
                        ? missing(session)
                        : check(found.get(), session).onSuccess(ok -> table = found.get())));
    }

    private Future<Void> missing(SqlSession session) {
        if (!into.create()) {
            return refuse("table " + into.name() + " is not in database of `" + config.name()
                    + "`; make it, or let this job make it with create: true");
        }
        Optional<String> schema = into.schema();
        if (schema.isEmpty()) {
            return Future.succeededFuture();
        }
        return session.query("SELECT to_regnamespace($1::text)::text", Tuple.of(SqlNames.quoted(schema.get())))
                .compose(rows -> rows.iterator().next().getString(0) == null
                        ? refuse("there is no schema " + schema.get() + " for table " + into.name())
                        : Future.succeededFuture());
    }

    private Future<Void> check(Table found, SqlSession session) {
        Optional<String> why = picked.isEmpty() ? Optional.empty() : found.refuses(picked);
        Optional<String> noColumn = into.key().stream()
                .filter(name -> !found.columns().containsKey(name))
                .findFirst()
                .map(name -> "table " + into.name() + " has no column `" + name + "`, which `key` names");
        if (why.or(() -> noColumn).isPresent()) {
            return refuse(why.or(() -> noColumn).orElseThrow());
        }
        if (into.key().isEmpty()) {
            return Future.succeededFuture();
        }
        String columns = into.key().stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
        return Catalog.hasKey(session, into)
                .compose(has -> has
                        ? Future.succeededFuture()
                        : refuse("table " + into.name() + " has no unique index for `key`; make one: "
                                + "CREATE UNIQUE INDEX ON " + Table.sql(into) + " (" + columns + ")"));
    }

    private <T> Future<T> refuse(String why) {
        return Future.failedFuture(new StartFailure("into: " + why));
    }

    /**
     * Runs {@code body} in a transaction, with the table there.
     *
     * @param rows what {@code body} will {@link #insert}, from which a table is made
     * @param committed is told when the transaction is; a cancel may come at that moment too
     */
    <T> Future<T> inTransaction(
            List<JsonObject> rows, PhaseListener phases, Function<SqlSession, Future<T>> body, Runnable committed) {
        boolean[] committing = {false};
        return there(rows)
                .compose(ready -> calls.withTransaction(
                        phases, session -> body.apply(session).onSuccess(done -> committing[0] = true), committed))
                .recover(error -> blamed(error, rows)
                        .transform(
                                end -> Future.failedFuture(inDoubt(end.cause(), committing[0], inWords(end.cause())))));
    }

    /** A commit whose answer never came may have taken effect; without a key, its rows must not come again. */
    private Throwable inDoubt(Throwable error, boolean committing, Throwable words) {
        return committing && into.key().isEmpty() && SqlErrors.connectionLost(error) && words instanceof CallFailure
                ? CallFailure.lasting(
                        "unknown", words.getMessage() + "; its rows may be in the table, which has no key")
                : words;
    }

    /** Makes the table from {@code rows} when it is not there. */
    Future<Void> prepare(List<JsonObject> rows) {
        return there(rows).recover(error -> Future.failedFuture(inWords(error)));
    }

    <T> Future<T> withConnection(PhaseListener phases, Function<SqlSession, Future<T>> body) {
        return calls.withConnection(phases, body).recover(error -> Future.failedFuture(inWords(error)));
    }

    private Future<Void> there(List<JsonObject> rows) {
        if (table != null || rows.isEmpty()) {
            return Future.succeededFuture();
        }
        return making.withLock(() -> table != null ? Future.succeededFuture() : make(rows, true));
    }

    private Future<Void> make(List<JsonObject> rows, boolean again) {
        Map<String, String> types = new LinkedHashMap<>(TableTypes.of(rows));
        // a field that these rows happen not to have
        into.key().forEach(field -> types.putIfAbsent(field, "text"));
        return calls.withConnection(session ->
                        session.query(Table.create(into, types)).compose(made -> Catalog.find(session, into)))
                .onSuccess(found -> table = found.orElse(null))
                .<Void>mapEmpty()
                // two programs that make it at the same moment: the server lets one of them fail
                .recover(error ->
                        again && state(error).equals("23505") ? make(rows, false) : Future.failedFuture(error));
    }

    /** Puts rows in; in the transaction of {@code session}. */
    Future<Void> insert(SqlSession session, List<JsonObject> rows) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        Table known = known();
        List<List<JsonObject>> groups = Records.grouped(rows, into.key());
        groups.forEach(group -> check(known, group));
        Records.checkKey(rows, into.key());
        Unaltered.check(known, rows, text(rows));
        Iterator<List<JsonObject>> left = groups.iterator();
        return Tasks.loopWhile(() -> insertAlike(session, known, left.next()).map(done -> left.hasNext()));
    }

    /** Puts rows in that have the same fields: a column that they lack keeps what it has, or gets its default. */
    private static Future<?> insertAlike(SqlSession session, Table known, List<JsonObject> rows) {
        return session.query(known.insert(rows.get(0).fieldNames()), Tuple.of(text(rows)));
    }

    private void check(Table known, List<JsonObject> rows) {
        Set<String> fields = rows.get(0).fieldNames();
        Optional<String> why = known.refuses(fields);
        if (why.isPresent()) {
            String fix = fields.stream()
                    .filter(field -> !known.columns().containsKey(field))
                    .findFirst()
                    .map(field -> ". Add it with ALTER TABLE " + Table.sql(into) + " ADD COLUMN "
                            + SqlNames.quoted(field) + " " + TableTypes.of(rows).get(field)
                            + ", or name the fields to record with do.pick")
                    .orElse("");
            CallFailure failure = CallFailure.lasting("column", "into: " + why.get() + fix);
            // records may differ where their fields make the table
            throw into.create() ? failure : failure.stopsJob("Fix the table");
        }
    }

    private Table known() {
        Table known = table;
        if (known == null) {
            throw CallFailure.lasting("no table", "into: table " + into.name() + " is not there");
        }
        return known;
    }

    static String text(List<JsonObject> rows) {
        return new JsonArray(new ArrayList<Object>(rows)).encode();
    }

    // ---- failures

    /** Names row and column of a value that the server refuses; always fails. */
    private Future<Void> blamed(Throwable error, List<JsonObject> rows) {
        Table known = table;
        if (known == null || rows.isEmpty() || !state(error).startsWith("22")) {
            return Future.failedFuture(error);
        }
        return new Blame(calls, known).of((PgException) error, rows);
    }

    static String state(Throwable error) {
        return error instanceof PgException pg && pg.getSqlState() != null ? pg.getSqlState() : "";
    }

    /** In words; passing when the next time may go well, for what was not committed is not there. */
    Throwable inWords(Throwable error) {
        Throwable words = SqlFailures.of(error, config);
        if (!(words instanceof CallFailure failure) || error instanceof CallFailure) {
            return words;
        }
        String message = "into " + into.name() + ": " + failure.getMessage();
        String state = state(error);
        boolean passing = failure.effect() == CallFailure.Effect.RETRYABLE
                || SqlErrors.connectionLost(error)
                || state.startsWith("40")
                || state.startsWith("53")
                || state.equals("55P03");
        return passing ? CallFailure.passing(failure.brief(), message) : CallFailure.lasting(failure.brief(), message);
    }
}
