package io.vertask.client;

import org.jspecify.annotations.Nullable;

/**
 * What one request is sent with, beside what the WebClient knows.
 *
 * @param upload its body, when that is a stream sent by ourselves
 */
record HttpTerms(PhaseListener listener, @Nullable HttpUpload upload) {
    static final HttpTerms NONE = new HttpTerms(PhaseListener.NONE, null);
}
