package io.vertask.client;

import org.jspecify.annotations.Nullable;

/**
 * The listener and the upload of one request, which the WebClient does not know.
 *
 * @param upload its body, when that is a stream that we read
 */
record HttpTerms(PhaseListener listener, @Nullable HttpUpload upload) {
    static final HttpTerms NONE = new HttpTerms(PhaseListener.NONE, null);
}
