package io.vertask.app.workload.sql;

import io.vertask.app.job.SqlStep;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.RowJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The answer that a statement's rows make. <b>Failure.</b> {@link CallFailure} for a value that can't be read. */
final class Rows {
    /** Types that the driver reads as null whatever the value is. */
    private static final Set<String> UNREADABLE = Set.of(
            "BIT",
            "BIT_ARRAY",
            "VARBIT",
            "VARBIT_ARRAY",
            "MACADDR",
            "MACADDR8",
            "XML",
            "XML_ARRAY",
            "OID",
            "OID_ARRAY");

    private Rows() {}

    private static void check(RowSet<Row> rows) {
        List<ColumnDescriptor> columns = rows.columnDescriptors();
        if (rows.size() == 0 || columns == null) {
            return;
        }
        for (ColumnDescriptor column : columns) {
            if (UNREADABLE.contains(column.typeName())) {
                String type = column.typeName().toLowerCase(Locale.ROOT).replace("_array", "[]");
                throw CallFailure.lasting(
                        "unreadable",
                        "the values of column `" + column.name() + "` (" + type
                                + ") can't be read. Cast it to text: name::text");
            }
        }
    }

    static Answer read(SqlStep step, RowSet<Row> rows, TemplateScope item) {
        if (step.rows() != SqlStep.Rows.NONE) {
            check(rows);
        }
        return switch (step.rows()) {
            case NONE -> Answer.of(item.with("count", rows.rowCount()), rows.rowCount() + " rows", rows.rowCount());
            case FIRST -> {
                // no row is a result too, with nothing to print
                boolean none = rows.size() == 0;
                JsonObject row =
                        none ? new JsonObject() : RowJson.of(rows.iterator().next());
                Answer answer = Answer.of(item.answer(row), row.encode(), none ? null : row);
                yield none ? answer.withoutLine() : answer;
            }
            case ALL -> {
                JsonArray all = new JsonArray();
                rows.forEach(row -> all.add(RowJson.of(row)));
                yield Answer.of(item.with("rows", all), all.encode(), all);
            }
        };
    }
}
