package io.vertask.app.workload.http;

import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.http.Sender.Received;
import io.vertask.client.Phase;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The text of an answer's body, in the charset that the step names, or else the one that the answer declares, or else
 * the one of its byte order mark, or else UTF-8.
 *
 * @param named by the step
 */
record BodyText(Received received, Optional<Charset> named) {
    private static final char REPLACEMENT = '\uFFFD';
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int AT_ONCE = 8 * 1024;

    /** Drops the body; fails with a {@link CallFailure} when it is not whole. */
    void discard() {
        received.body();
    }

    /**
     * The text; empty when there is no body. Fails with a {@link CallFailure} when the bytes are not in the charset.
     */
    String strictly() {
        Buffer body = received.body();
        if (body.length() == 0) {
            return "";
        }
        refusePacked();
        byte[] bytes = body.getBytes();
        Charset charset = charset(bytes);
        String text = new String(bytes, charset);
        if (text.indexOf(REPLACEMENT) >= 0) {
            refuseWrong(bytes, charset);
        }
        return withoutMark(text, charset);
    }

    /** The text, with a replacement for each byte that is not in the charset. */
    String leniently() {
        if (received.unreadable().isPresent()) {
            return "";
        }
        byte[] bytes = received.body().getBytes();
        Charset charset;
        try {
            charset = charset(bytes);
        } catch (CallFailure unknown) {
            charset = StandardCharsets.UTF_8;
        }
        return withoutMark(new String(bytes, charset), charset);
    }

    /** The first {@code most} characters, for messages. */
    String start(int most) {
        String text = leniently();
        return text.substring(0, Math.min(most, text.length()));
    }

    /** For messages: {@code GET /repos/acme/gone}. */
    String what() {
        return received.request().what();
    }

    /** Refuses a coding that the step has asked for in a header of its own; all others are known here already. */
    private void refusePacked() {
        String coding = received.response().getHeader("Content-Encoding");
        if (coding != null && !coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
            throw CallFailure.lasting(
                            "bad response",
                            "the body has the Content-Encoding " + ItemRequests.shown(coding)
                                    + ", which can't be undone; leave the header Accept-Encoding out (" + what() + ")")
                    .kind("bad_response", Phase.BODY);
        }
    }

    private Charset charset(byte[] bytes) {
        if (named.isPresent()) {
            return ordered(named.get(), bytes);
        }
        Optional<String> declared = ContentType.charset(received.response().getHeader("Content-Type"));
        if (declared.isEmpty()) {
            return isMarked(bytes) ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
        }
        try {
            return ordered(Charset.forName(declared.get()), bytes);
        } catch (IllegalArgumentException unknown) {
            throw failure("the answer declares the charset '" + ItemRequests.shown(declared.get())
                    + "', which is not known; name one with `charset:`");
        }
    }

    private static boolean isMarked(byte[] bytes) {
        int first = bytes.length < 2 ? 0 : (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
        return first == 0xFEFF || first == 0xFFFE;
    }

    /**
     * UTF-16 without a byte order mark is the one whose first character is a Latin one, if that tells; else RFC 2781.
     */
    private static Charset ordered(Charset charset, byte[] bytes) {
        return charset.equals(StandardCharsets.UTF_16) && bytes.length >= 2 && bytes[0] != 0 && bytes[1] == 0
                ? StandardCharsets.UTF_16LE
                : charset;
    }

    private static String withoutMark(String text, Charset charset) {
        boolean marked = !text.isEmpty()
                && text.charAt(0) == BYTE_ORDER_MARK
                && charset.name().toUpperCase(Locale.ROOT).startsWith("UTF");
        return marked ? text.substring(1) : text;
    }

    private void refuseWrong(byte[] bytes, Charset charset) {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(AT_ONCE);
        CoderResult result;
        do {
            out.clear();
            result = decoder.decode(in, out, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw wrong(in.position(), bytes[in.position()] & 0xFF, charset);
        }
    }

    private CallFailure wrong(int offset, int found, Charset charset) {
        String of = named.isPresent()
                ? ", which `charset:` says"
                : ContentType.charset(received.response().getHeader("Content-Type"))
                                .isPresent()
                        ? ", which the answer declares; `charset:` overrides it"
                        : "; name its charset with `charset:`";
        return failure(String.format(
                Locale.ROOT, "the body is not %s at byte %d (0x%02X)%s", charset.name(), offset, found, of));
    }

    private CallFailure failure(String words) {
        return CallFailure.lasting("wrong charset", words + " (" + what() + ")").kind("bad_response", Phase.BODY);
    }
}
