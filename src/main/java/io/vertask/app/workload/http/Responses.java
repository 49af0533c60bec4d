package io.vertask.app.workload.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertask.app.job.HttpStep;
import io.vertask.app.job.Scope;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a response means: an answer with its values, or a failure in words. */
final class Responses {
    /** RFC 9110 15.5.9, 8470, 6585 and what GitHub and others use for «come again». */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    private static final int SHOWN = 60;

    private Responses() {}

    static Future<Answer> read(HttpStep step, String what, HttpResponse<Buffer> response, Scope item) {
        int status = response.statusCode();
        if (!step.accept().test(status)) {
            return Future.failedFuture(refused(what, response));
        }
        Scope scope = item.with("status", status);
        return switch (step.body()) {
            case DISCARD -> Future.succeededFuture(Answer.of(scope, String.valueOf(status), status));
            case TEXT -> {
                String text = response.bodyAsString() == null ? "" : response.bodyAsString();
                yield Future.succeededFuture(Answer.of(scope.with("body", text), text, text));
            }
            case JSON -> json(step, what, response, scope);
        };
    }

    private static Future<Answer> json(HttpStep step, String what, HttpResponse<Buffer> response, Scope scope) {
        Object body;
        try {
            body = parsed(what, response, "; use body: text or body: discard");
        } catch (CallFailure noJson) {
            return Future.failedFuture(noJson);
        }
        if (step.pick().isEmpty()) {
            return Future.succeededFuture(
                    Answer.of(scope.answer(body), body == null ? "null" : Json.encode(body), body));
        }
        Map<String, @Nullable Object> picked = new LinkedHashMap<>();
        Object json = body;
        step.pick().forEach((name, selector) -> picked.put(name, selector.select(json, scope.item())));
        JsonObject result = new JsonObject(picked);
        return Future.succeededFuture(Answer.of(scope.with(picked), result.encode(), result));
    }

    /** The JSON of the body, null when there is none; throws a {@link CallFailure} that ends with {@code fix}. */
    static @Nullable Object parsed(String what, HttpResponse<Buffer> response, String fix) {
        Buffer bytes = response.body();
        try {
            return bytes == null || bytes.length() == 0 ? null : Json.decodeValue(bytes);
        } catch (DecodeException e) {
            String start = bytes == null ? "" : bytes.getString(0, Math.min(SHOWN, bytes.length()));
            throw CallFailure.lasting("no JSON", "the body is not JSON (" + what + "): " + start + fix);
        }
    }

    /** What a status that is no success is reported as. */
    static CallFailure refused(String what, HttpResponse<Buffer> response) {
        int status = response.statusCode();
        String words = status + reason(response) + " (" + what + ")";
        if (status == 401) {
            return CallFailure.stopsJob("401", words + ": check the token").status(status);
        }
        CallFailure failure = (PASSING.contains(status) || status >= 500
                        ? CallFailure.passing(String.valueOf(status), words)
                        : CallFailure.lasting(String.valueOf(status), words))
                .status(status);
        return RetryAfter.of(response, Clock.systemUTC()).map(failure::pausing).orElse(failure);
    }

    /** The standard's own words: HTTP/2 has none on the wire, and HTTP/1.1 servers write what they like. */
    private static String reason(HttpResponse<Buffer> response) {
        HttpResponseStatus known = HttpResponseStatus.valueOf(response.statusCode());
        return known.reasonPhrase().startsWith("Unknown")
                        || known.reasonPhrase().contains("(")
                ? ""
                : " " + known.reasonPhrase();
    }
}
