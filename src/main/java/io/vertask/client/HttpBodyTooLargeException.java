package io.vertask.client;

/**
 * The failure of a response whose body was longer than {@link HttpCalls.Options#maxBodyBytes}. Its connection was
 * closed, and no more than the limit was kept of it.
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

    /** The URL of the request without its query, which may hold secrets. */
    public String url() {
        return url;
    }
}
