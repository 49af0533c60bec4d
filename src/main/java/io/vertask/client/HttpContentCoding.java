package io.vertask.client;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The content coding of a response that is undone here (RFC 9110, 8.4), instead of by Vert.x, which takes a body that
 * ends too soon for a whole one and passes on one that it can't read.
 *
 * @param gzip gzip; otherwise deflate, with or without the frame of zlib
 * @param mayBeEmpty whether the framing says where the body ends, so that one without a byte is whole
 * @param response for the failures
 */
record HttpContentCoding(boolean gzip, boolean mayBeEmpty, HttpClientResponse response) {
    private static final String ASKED = "gzip, deflate";
    private static final int LONGEST_SHOWN = 60;

    /**
     * Asks for a coding that can be undone, unless {@code request} says itself what it wants, or wants a range: that is
     * one of the packed bytes.
     */
    static void ask(HttpClientRequest request) {
        MultiMap headers = request.headers();
        if (!headers.contains(HttpHeaders.ACCEPT_ENCODING) && !headers.contains("range")) {
            headers.set(HttpHeaders.ACCEPT_ENCODING, ASKED);
        }
    }

    /**
     * The coding of {@code response}, and its headers without it; null when the body comes as it is: there is none, it
     * is not packed, or its request asked for that coding by name.
     *
     * <p><b>Failure.</b> {@link HttpContentException} for any other coding.
     */
    static @Nullable HttpContentCoding takeOff(HttpClientResponse response) {
        List<String> codings = codings(response.headers());
        if (codings.isEmpty() || hasNoBody(response)) {
            return null;
        }
        String coding = codings.size() == 1 ? codings.get(0) : "";
        boolean gzip = coding.equals("gzip") || coding.equals("x-gzip");
        if (!gzip && !coding.equals("deflate") && !coding.equals("x-deflate")) {
            if (isAskedFor(codings, response.request().headers())) {
                return null;
            }
            throw new HttpContentException(
                    HttpContentException.Why.UNKNOWN_CODING,
                    "the body has the Content-Encoding " + shown(String.join(", ", codings))
                            + ", which was not asked for and can't be undone",
                    response);
        }
        MultiMap headers = response.headers();
        boolean framed = response.version() == HttpVersion.HTTP_2
                || headers.contains(HttpHeaders.CONTENT_LENGTH)
                || headers.contains(HttpHeaders.TRANSFER_ENCODING);
        headers.remove(HttpHeaders.CONTENT_ENCODING);
        headers.remove(HttpHeaders.CONTENT_LENGTH);
        return new HttpContentCoding(gzip, framed, response);
    }

    private static List<String> codings(MultiMap headers) {
        List<String> codings = new ArrayList<>();
        for (String line : headers.getAll(HttpHeaders.CONTENT_ENCODING)) {
            for (String one : line.split(",", -1)) {
                String coding = one.strip().toLowerCase(Locale.ROOT);
                if (!coding.isEmpty() && !coding.equals("identity")) {
                    codings.add(coding);
                }
            }
        }
        return codings;
    }

    static boolean hasNoBody(HttpClientResponse response) {
        int status = response.statusCode();
        return status == 204
                || status == 304
                || HttpMethod.HEAD.equals(response.request().getMethod());
    }

    private static boolean isAskedFor(List<String> codings, MultiMap request) {
        List<String> asked = new ArrayList<>();
        for (String line : request.getAll(HttpHeaders.ACCEPT_ENCODING)) {
            for (String one : line.split(",", -1)) {
                asked.add(one.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
            }
        }
        return asked.containsAll(codings) && codings.size() == 1;
    }

    private static String shown(String codings) {
        String safe = codings.replaceAll("\\p{Cntrl}", "\uFFFD");
        return safe.length() <= LONGEST_SHOWN ? safe : safe.substring(0, LONGEST_SHOWN) + "…";
    }

    HttpContentException cutShort(long length) {
        return failure(
                HttpContentException.Why.CUT_SHORT,
                "the " + this + " body ended too soon, after " + length + (length == 1 ? " byte" : " bytes"));
    }

    HttpContentException damaged(String how) {
        return failure(HttpContentException.Why.DAMAGED, "the " + this + " body is damaged: " + how);
    }

    private HttpContentException failure(HttpContentException.Why why, String message) {
        return new HttpContentException(why, message, response);
    }

    @Override
    public String toString() {
        return gzip ? "gzip" : "deflate";
    }
}
