package io.vertask.client;

import io.vertx.core.http.HttpResponseHead;

/**
 * The failure of a response whose {@code Content-Encoding} can't be undone: one that was not asked for, a body that
 * ends too soon, or a damaged one.
 *
 * <p>It carries no stack trace.
 */
public final class HttpContentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the body. */
    public enum Why {
        /** Its coding is none that was asked for. */
        UNKNOWN_CODING,
        /** Its end is missing; another attempt may bring it. */
        CUT_SHORT,
        /** Its bytes are not those of its coding, or not those that were packed. */
        DAMAGED
    }

    private final Why why;
    private final transient HttpResponseHead head;

    HttpContentException(Why why, String message, HttpResponseHead head) {
        super(message, null, true, false);
        this.why = why;
        this.head = head;
    }

    /** What is wrong with the body. */
    public Why why() {
        return why;
    }

    /** The head of the response, which is whole. */
    public HttpResponseHead head() {
        return head;
    }
}
