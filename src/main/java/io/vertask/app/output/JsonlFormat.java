package io.vertask.app.output;

import io.vertx.core.json.JsonObject;

/** {@code {"n":0,"key":"a","ok":true,"result":...}}, or {@code "error"} in place of the result. */
final class JsonlFormat implements RowFormat {
    @Override
    public void add(Row row, StringBuilder out) {
        JsonObject json = row.entry().head();
        if (row.entry().ok()) {
            json.put("result", row.value());
        } else {
            row.entry().withError(json);
        }
        out.append(json.encode()).append('\n');
    }
}
