package io.vertask.client;

import io.vertx.core.Handler;
import io.vertx.ext.web.client.impl.HttpContext;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The interceptor that turns a request of the WebClient into a {@link HttpCall}: it stands first in the chain, begins
 * the call, and asks it at each phase whether the request may go on.
 *
 * <p>A WebClient's context keeps firing phases after it has failed, and never takes back a failure; so once a call is
 * over, only the call itself moves its context on.
 */
final class HttpInterceptor implements Handler<HttpContext<?>> {
    private static final String CALL = HttpCall.class.getName();
    private static final String TERMS = HttpTerms.class.getName();

    private final Supplier<HttpTerms> terms;
    private final BiFunction<HttpContext<?>, HttpTerms, HttpCall> begin;

    /** An interceptor with {@code terms}, those of the request being sent, and {@code begin}, which makes a call. */
    HttpInterceptor(Supplier<HttpTerms> terms, BiFunction<HttpContext<?>, HttpTerms, HttpCall> begin) {
        this.terms = terms;
        this.begin = begin;
    }

    @Override
    public void handle(HttpContext<?> http) {
        @Nullable HttpCall call = http.get(CALL);
        boolean goesOn = switch (http.phase()) {
            case PREPARE_REQUEST -> prepared(http);
            case CREATE_REQUEST -> created(http, call);
            case SEND_REQUEST -> call == null || call.sent(http.clientRequest());
            case FOLLOW_REDIRECT -> call == null || call.redirected(http.clientResponse());
            case RECEIVE_RESPONSE -> call == null || call.received(http.clientResponse());
            case DISPATCH_RESPONSE -> call == null || call.responded();
            case FAILURE -> call == null || call.failed(http.failure());
        };
        if (goesOn) {
            http.next();
        }
    }

    private boolean prepared(HttpContext<?> http) {
        http.set(TERMS, terms.get());
        return true;
    }

    /** Begins the call, also for a redirect and for another attempt by an interceptor behind this one. */
    private boolean created(HttpContext<?> http, @Nullable HttpCall before) {
        HttpCall call = before;
        if (call == null || call.isDelivered()) {
            HttpTerms known = http.get(TERMS);
            call = begin.apply(http, known == null ? HttpTerms.NONE : known);
            http.set(CALL, call);
            return call.begin();
        }
        return call.again();
    }
}
