package io.vertask.app.workload.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertask.app.job.HttpStep;
import io.vertask.app.job.template.JsonText;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.http.Sender.Received;
import io.vertask.client.Phase;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The meaning of a response: an answer with its values, or a failure in words. */
final class Responses {
    /** RFC 9110, 15.5.9; RFC 8470; RFC 6585: statuses that may be different the next time. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    private static final int SHOWN = 60;
    private static final int LONGEST_WORDS = 80;

    private Responses() {}

    /** The answer in a response whose status the step accepts; fails with a {@link CallFailure} when it has none. */
    static Answer read(HttpStep step, Received received, TemplateScope item, Picking picking, ItemRequests requests) {
        int status = received.status();
        TemplateScope scope = item.with("status", status);
        BodyText body = new BodyText(received, step.charset());
        return switch (step.body()) {
            case DISCARD -> {
                body.discard();
                yield Answer.of(scope, String.valueOf(status), status);
            }
            case TEXT -> {
                String text = body.strictly();
                yield Answer.of(scope.with("body", text), text, text);
            }
            case JSON -> json(picking, parsed(body, "; use body: text or body: discard", requests), scope);
        };
    }

    private static Answer json(Picking picking, @Nullable Object body, TemplateScope scope) {
        if (picking.isEmpty()) {
            return Answer.of(scope.answer(body), body == null ? "null" : Json.encode(body), body);
        }
        Map<String, @Nullable Object> picked = picking.of(body, scope);
        JsonObject result = new JsonObject(picked);
        return Answer.of(scope.with(picked), result.encode(), result);
    }

    /** The JSON of the body, null when there is none; throws a {@link CallFailure} that ends with {@code fix}. */
    static @Nullable Object parsed(BodyText body, String fix, ItemRequests requests) {
        String text = body.strictly();
        try {
            return text.isEmpty() ? null : JsonText.value(text);
        } catch (DecodeException e) {
            String safe = requests.masked(body.start(SHOWN)).replaceAll("\\p{Cntrl}", " ");
            throw CallFailure.lasting("no JSON", "the body is not JSON (" + body.what() + "): " + safe + fix)
                    .kind("no_json", Phase.BODY);
        }
    }

    /** {@code shared}: the other items come with the same login, so a 401 holds for them too. */
    static CallFailure refused(Received received, boolean shared, ItemRequests requests) {
        int status = received.status();
        String brief = String.valueOf(status);
        String words = status + reason(status) + " (" + received.request().what() + ")";
        CallFailure failure;
        if (status == 401 && shared) {
            failure = CallFailure.stopsJob(
                            brief,
                            requests.client()
                                    .map(client -> client.name() + ": 401 " + unauthorized(received, requests))
                                    .orElse(words))
                    .stopsJob("Fix the token");
        } else if (PASSING.contains(status) || status >= 500) {
            failure = CallFailure.passing(brief, words);
        } else {
            failure = CallFailure.lasting(brief, words);
        }
        return failure.status(status);
    }

    /** The server's own words when they are short and plain: {@code Bad credentials}. */
    private static String unauthorized(Received received, ItemRequests requests) {
        String otherwise = reason(401).strip();
        try {
            String body = new BodyText(received, Optional.empty()).leniently();
            Object message = !body.isEmpty() && Json.decodeValue(body) instanceof JsonObject object
                    ? object.getValue("message")
                    : null;
            if (message instanceof String text
                    && !text.isBlank()
                    && text.length() <= LONGEST_WORDS
                    && text.chars().noneMatch(Character::isISOControl)) {
                return requests.masked(text.strip().replaceFirst("\\.+$", ""));
            }
        } catch (DecodeException noJson) {
            return otherwise;
        }
        return otherwise;
    }

    /** The standard's own words: HTTP/2 has none on the wire, and HTTP/1.1 servers write what they like. */
    private static String reason(int status) {
        HttpResponseStatus known = HttpResponseStatus.valueOf(status);
        return known.reasonPhrase().startsWith("Unknown")
                        || known.reasonPhrase().contains("(")
                ? ""
                : " " + known.reasonPhrase();
    }
}
