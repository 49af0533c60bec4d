package io.vertask.app.output;

import io.vertask.app.run.Result;
import io.vertx.core.json.JsonObject;

/**
 * The JSON Lines format: {@code {"n":0,"key":"a","ok":true,"result":...}}, or {@code "error"} instead of the result.
 */
final class JsonlFormat implements RowFormat {
    @Override
    public void add(Result row, StringBuilder out) {
        JsonObject json = row.end().head();
        if (row.end().ok()) {
            json.put("result", row.value());
        } else {
            row.end().withError(json);
        }
        out.append(json.encode()).append('\n');
    }
}
