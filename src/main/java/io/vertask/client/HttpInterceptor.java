package io.vertask.client;

import io.vertx.core.Handler;
import io.vertx.ext.web.client.impl.HttpContext;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What turns a request of the WebClient into a {@link HttpCall}: it stands first in the chain of interceptors, begins
 * the call, and asks it at each phase whether the request may go on.
 *
 * <p>A WebClient's context keeps firing phases after it has failed, and never takes back a failure; so once a call is
 * over, only the call itself moves its context on.
 */
final class HttpInterceptor implements Handler<HttpContext<?>> {
    private static final String CALL = HttpCall.class.getName();
    private static final String LISTENER = PhaseListener.class.getName();

    private final Supplier<PhaseListener> listener;
    private final BiFunction<HttpContext<?>, PhaseListener, HttpCall> begin;

    /**
     * With {@code listener}, who listens to the request that is being sent right now, and {@code begin}, which makes a
     * call.
     */
    HttpInterceptor(Supplier<PhaseListener> listener, BiFunction<HttpContext<?>, PhaseListener, HttpCall> begin) {
        this.listener = listener;
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
        http.set(LISTENER, listener.get());
        return true;
    }

    /** Also for a redirect, and for another attempt by an interceptor behind this one. */
    private boolean created(HttpContext<?> http, @Nullable HttpCall before) {
        HttpCall call = before;
        if (call == null || call.isDelivered()) {
            PhaseListener who = http.get(LISTENER);
            call = begin.apply(http, who == null ? PhaseListener.NONE : who);
            http.set(CALL, call);
            return call.begin();
        }
        return call.again();
    }
}
