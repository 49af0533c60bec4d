package io.vertask.app.workload.offload;

import io.vertask.app.job.template.TemplateException;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer or failure that a step's return value or exception makes. */
final class StepResults {
    private StepResults() {}

    /**
     * The answer; its names are {@code result} and, of a map, the fields. Null alone has no line, unless the job has a
     * text to print.
     */
    static Future<Answer> of(TemplateScope item, @Nullable Object value, String step, boolean isPrinted) {
        Object json;
        String line;
        try {
            json = json(value);
            line = line(json);
        } catch (RuntimeException | StackOverflowError own) { // its toString; a map that has itself in it
            return Future.failedFuture(
                    CallFailure.lasting("no result", "what " + step + " returned can't be read: " + own));
        }
        Answer answer = Answer.of(item.with("result", json).answer(json), line, json);
        return Future.succeededFuture(json == null && !isPrinted ? answer.withoutLine() : answer);
    }

    private static @Nullable Object json(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            JsonObject object = new JsonObject();
            map.forEach((name, field) -> object.put(String.valueOf(name), json(field)));
            return object;
        }
        if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(entry -> array.add(json(entry)));
            return array;
        }
        boolean known = value instanceof JsonObject
                || value instanceof JsonArray
                || value instanceof Number
                || value instanceof Boolean;
        return value == null || known ? value : value.toString();
    }

    private static String line(@Nullable Object json) {
        return json instanceof JsonObject || json instanceof JsonArray ? Json.encode(json) : String.valueOf(json);
    }

    /** The failure to report for {@code thrown}; itself when it is not a failure of the step. */
    static Throwable failure(Throwable thrown, String step) {
        OutOfMemory.check(thrown);
        if (thrown instanceof CancelledException
                || thrown instanceof TaskTimeoutException
                || thrown instanceof TemplateException
                || thrown instanceof CallFailure) {
            return thrown;
        }
        String type = thrown.getClass().getSimpleName();
        String message = thrown.getMessage();
        return CallFailure.passing(type, message == null ? step + " threw " + type : message);
    }
}
