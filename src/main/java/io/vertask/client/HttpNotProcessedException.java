package io.vertask.client;

/**
 * The failure of a request that its HTTP/2 server has certainly not processed, and which was refused as often as it was
 * sent, or could not be sent again because its body was a stream. It can be repeated, whatever its method.
 *
 * <p>Its cause is Vert.x's exception. It carries no stack trace.
 */
public final class HttpNotProcessedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HttpNotProcessedException(int times, Throwable cause) {
        super(
                "the server did not process the request, "
                        + (times == 1 ? "which was sent once" : "which was sent " + times + " times"),
                cause,
                true,
                false);
    }
}
