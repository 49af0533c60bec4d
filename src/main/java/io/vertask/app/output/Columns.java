package io.vertask.app.output;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conversion of results into cells. The columns are those of {@code pick}, or else the fields of the first result.
 * A result that is no object has one column, {@code value}. A list gives one record for each of its entries.
 */
final class Columns {
    private static final String VALUE = "value";

    private List<String> names;
    private boolean isKnown;

    Columns(List<String> names) {
        this.names = names;
        this.isKnown = !names.isEmpty();
    }

    List<String> names() {
        return names;
    }

    /** The cells of each record of a result, in the order of the columns. */
    List<List<String>> records(Object result) {
        List<List<String>> records = new ArrayList<>();
        if (result instanceof JsonArray list) {
            list.forEach(entry -> records.add(cells(entry)));
        } else {
            records.add(cells(result));
        }
        return records;
    }

    private List<String> cells(@Nullable Object record) {
        if (!isKnown) {
            names = record instanceof JsonObject object ? List.copyOf(object.fieldNames()) : List.of(VALUE);
            isKnown = true;
        }
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
