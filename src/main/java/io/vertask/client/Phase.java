package io.vertask.client;

/** The phases of a client's call, in the order in which it goes through them, each at most once per attempt. */
public enum Phase {
    /** Our own limit is used up: the call stands in the queue. */
    QUEUED("waiting for a connection"),
    /** A connection is being opened, or taken from the pool. */
    CONNECTING("connecting"),
    /** The request is sent, the head of the response has not come. */
    RESPONSE("waiting for the response"),
    /** The head of the response has come, its end has not. */
    BODY("reading the body"),
    /** The statement runs on the database server. */
    QUERY("running the query");

    private final String words;

    Phase(String words) {
        this.words = words;
    }

    /** For messages: {@code timed out while waiting for a connection}. */
    public String words() {
        return words;
    }
}
