package io.vertask.client;

/**
 * A response body was longer than {@link HttpCalls.Options#maxBodyBytes}; its connection was closed, and no more than
 * the limit was kept of it.
 *
 * <p>The limit counts bytes after decompression. It carries no stack trace.
 */
public final class HttpBodyTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long limit;
    private final String url;

    HttpBodyTooLargeException(long limit, String url) {
        super(
                "the response body of " + url + " is longer than the limit of " + limit
                        + " bytes; raise maxBodyBytes if that is expected",
                null,
                true,
                false);
        this.limit = limit;
        this.url = url;
    }

    /** The limit in bytes. */
    public long limit() {
        return limit;
    }

    /** What was asked for, without its query, which may hold secrets. */
    public String url() {
        return url;
    }
}
