package io.vertask.app.output;

import io.vertask.app.job.yaml.MessageText;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conversion of results into cells. The columns are those of {@code pick} or of the file that a run appends to, or
 * else the fields of the first record. A result that is no object has one column, {@code value}. A list gives one
 * record for each of its entries.
 *
 * <p>A field that a record lacks is an empty cell. A record with a field that is no column is refused.
 */
final class Columns {
    private static final String VALUE = "value";
    private static final int SHOWN = 20;

    private Set<String> names;

    Columns(List<String> names) {
        this.names = new LinkedHashSet<>(names);
    }

    List<String> names() {
        return List.copyOf(names);
    }

    /** Tells why these results can't be written, which then changes nothing; empty when they can. */
    Optional<String> refuses(List<Object> results) {
        Set<String> known = names;
        for (Object result : results) {
            for (Object record : all(result)) {
                if (known.isEmpty()) {
                    known = new LinkedHashSet<>(fields(record));
                    if (known.isEmpty()) {
                        return Optional.of("the first record has no fields to make columns of");
                    }
                }
                for (String field : record == null ? Set.<String>of() : fields(record)) {
                    if (!known.contains(field)) {
                        return Optional.of(
                                field.equals(VALUE) && !(record instanceof JsonObject)
                                        ? "a value that is no object is not among the columns: " + shown(known)
                                        : "the field " + MessageText.quote(MessageText.visible(field))
                                                + " is not among the columns: " + shown(known));
                    }
                }
            }
        }
        names = known;
        return Optional.empty();
    }

    static String shown(Set<String> names) {
        return MessageText.visible(String.join(" ", names.stream().limit(SHOWN).toList()))
                + (names.size() > SHOWN ? " …" : "");
    }

    private static List<@Nullable Object> all(Object result) {
        List<@Nullable Object> records = new ArrayList<>();
        if (result instanceof JsonArray list) {
            list.forEach(records::add);
        } else {
            records.add(result);
        }
        return records;
    }

    private static Set<String> fields(@Nullable Object record) {
        return record instanceof JsonObject object ? object.fieldNames() : Set.of(VALUE);
    }

    /** The cells of each record of a result that is not refused, in the order of the columns. */
    List<List<String>> records(Object result) {
        if (names.isEmpty()) {
            refuses(List.of(result));
        }
        return all(result).stream().map(this::cells).toList();
    }

    private List<String> cells(@Nullable Object record) {
        List<String> cells = new ArrayList<>(names.size());
        for (String name : names) {
            Object cell =
                    record instanceof JsonObject object ? object.getValue(name) : name.equals(VALUE) ? record : null;
            cells.add(text(cell));
        }
        return cells;
    }

    private static String text(@Nullable Object cell) {
        if (cell == null) {
            return "";
        }
        if (cell instanceof BigDecimal number) {
            return Math.abs((long) number.scale()) > 100 ? number.toString() : number.toPlainString();
        }
        return cell instanceof String || cell instanceof Number || cell instanceof Boolean
                ? cell.toString()
                : Json.encode(cell);
    }
}
