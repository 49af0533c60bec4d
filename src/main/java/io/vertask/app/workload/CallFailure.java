package io.vertask.app.workload;

import io.vertask.app.job.yaml.DurationText;
import io.vertask.client.Phase;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The failure of one attempt, with a message for people.
 *
 * <p>The item's line shows the message. The summary groups failures by {@link #brief} ({@code 404}, {@code timeout in
 * response}).
 */
public final class CallFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The effect of a failure on the item and the job. */
    public enum Effect {
        /** The item has failed. */
        FINAL,
        /** Another attempt may succeed. */
        RETRYABLE,
        /**
         * It is not known whether the call took effect. This process may make another attempt, which can't have the
         * effect twice; for any other the item has failed.
         */
        UNKNOWN,
        /** Every other item would fail too, so the job stops. */
        STOPS_JOB
    }

    /**
     * The facts of a failure for programs.
     *
     * @param kind one word of a closed list, which is {@link #HTTP_KINDS} for an HTTP call
     * @param status the status of the HTTP answer
     * @param phase the phase of the attempt; empty when it has no meaning
     */
    public record Detail(String kind, OptionalInt status, Optional<Phase> phase) {}

    /**
     * The kinds of failure of an HTTP call; programs rely on these words.
     *
     * <ul>
     *   <li>{@code http_status} the server refused, with that status
     *   <li>{@code timeout} the attempt took too long
     *   <li>{@code unknown_host} there is no address for the name
     *   <li>{@code no_connection} refused, no route, or no answer to the connect: nothing was sent
     *   <li>{@code connection_closed} closed or reset before the answer was whole
     *   <li>{@code tls} no certificate that is trusted, expired, for another host, or no TLS at all
     *   <li>{@code bad_response} the answer is not HTTP, its packed body is cut, damaged or of an unknown coding, or
     *       its text is not in its charset
     *   <li>{@code body_too_large} longer than {@code max_body}
     *   <li>{@code redirect} to nowhere, in a circle, or too many
     *   <li>{@code no_json} the body is not JSON
     *   <li>{@code url} the item made no URL
     *   <li>{@code template} the item or its answer lacks a name that the job uses
     *   <li>{@code other} anything else
     * </ul>
     */
    public static final Set<String> HTTP_KINDS = Set.of(
            "http_status",
            "timeout",
            "unknown_host",
            "no_connection",
            "connection_closed",
            "tls",
            "bad_response",
            "body_too_large",
            "redirect",
            "no_json",
            "url",
            "template",
            "other");

    /** The longest pause that is kept; a server that asks for more is asked again after it. */
    public static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final String brief;
    private final Effect effect;
    private final transient Detail detail;
    private final transient Optional<Duration> pause;
    private final transient Optional<String> fix;

    private CallFailure(String message, String brief, Effect effect, Detail detail, Optional<Duration> pause) {
        this(message, brief, effect, detail, pause, Optional.empty());
    }

    private CallFailure(
            String message,
            String brief,
            Effect effect,
            Detail detail,
            Optional<Duration> pause,
            Optional<String> fix) {
        super(message, null, false, false);
        this.brief = brief;
        this.effect = effect;
        this.detail = detail;
        this.pause = pause;
        this.fix = fix;
    }

    private static CallFailure of(String brief, String message, Effect effect) {
        String kind = brief.toLowerCase(Locale.ROOT).replace(' ', '_');
        return new CallFailure(
                message, brief, effect, new Detail(kind, OptionalInt.empty(), Optional.empty()), Optional.empty());
    }

    /** A failure that another attempt would repeat. */
    public static CallFailure lasting(String brief, String message) {
        return of(brief, message, Effect.FINAL);
    }

    /** A failure that another attempt may avoid. */
    public static CallFailure passing(String brief, String message) {
        return of(brief, message, Effect.RETRYABLE);
    }

    /** A failure after which it is not known whether the call took effect. */
    public static CallFailure unknown(String message) {
        return of("unknown", message, Effect.UNKNOWN);
    }

    /** A failure that every other item would have too. */
    public static CallFailure stopsJob(String brief, String message) {
        return of(brief, message, Effect.STOPS_JOB);
    }

    /** This failure as one that stops the job; {@code fix} is the thing to do before the job goes on: Fix the token. */
    public CallFailure stopsJob(String fix) {
        return new CallFailure(getMessage(), brief, Effect.STOPS_JOB, detail, pause, Optional.of(fix));
    }

    /** An attempt that took too long. */
    public static CallFailure timeout(Duration limit, Phase phase) {
        String brief = phase.name().toLowerCase(Locale.ROOT);
        return passing("timeout in " + brief, "timed out after " + DurationText.format(limit) + " " + phase.words())
                .kind("timeout", phase);
    }

    /** This failure with a pause that its server asked for. */
    public CallFailure pausing(Duration everyone) {
        return new CallFailure(getMessage(), brief, effect, detail, Optional.of(everyone));
    }

    /** The length of a pause, for messages; the longest one may have been asked for longer. */
    public static String pauseWords(Duration length) {
        return DurationText.format(length) + (length.equals(LONGEST_PAUSE) ? " or more" : "");
    }

    /** This failure as one that another attempt may avoid; one that stops the job is not changed. */
    public CallFailure passing() {
        return effect == Effect.FINAL ? new CallFailure(getMessage(), brief, Effect.RETRYABLE, detail, pause) : this;
    }

    /** This failure to use the answer of a call that must not be made again, because it has taken effect. */
    public CallFailure done(int status) {
        Detail known = new Detail("unknown", OptionalInt.of(status), detail.phase());
        String message = getMessage() + "; it was answered " + status + ", and is not sent again without retry_unsafe";
        return new CallFailure(message, brief, Effect.FINAL, known, pause, fix);
    }

    /** This failure as one that must not be retried, because it is unknown whether the call took effect. */
    public CallFailure once() {
        return effect == Effect.RETRYABLE ? new CallFailure(getMessage(), brief, Effect.FINAL, detail, pause) : this;
    }

    /** This failure with an added reason, as one that another attempt would repeat. */
    public CallFailure because(String more) {
        return new CallFailure(getMessage() + "; " + more, brief, Effect.FINAL, detail, pause);
    }

    /** This failure as an answer with that HTTP status. */
    public CallFailure status(int status) {
        Detail known = new Detail("http_status", OptionalInt.of(status), Optional.of(Phase.RESPONSE));
        return new CallFailure(getMessage(), brief, effect, known, pause, fix);
    }

    /** This failure with a kind for programs. */
    public CallFailure kind(String kind) {
        return new CallFailure(
                getMessage(), brief, effect, new Detail(kind, detail.status(), detail.phase()), pause, fix);
    }

    /** This failure with a kind for programs and the phase of the attempt. */
    public CallFailure kind(String kind, Phase phase) {
        return new CallFailure(
                getMessage(), brief, effect, new Detail(kind, detail.status(), Optional.of(phase)), pause);
    }

    /** This failure as the last of several attempts. */
    public CallFailure after(int attempts) {
        return new CallFailure(getMessage() + " (" + attempts + " attempts)", brief, effect, detail, pause, fix);
    }

    /** The short form, by which failures are counted. */
    public String brief() {
        return brief;
    }

    /** The facts of this failure for programs. */
    public Detail detail() {
        return detail;
    }

    /** The effect on the item and the job. */
    public Effect effect() {
        return effect;
    }

    /** The thing to do before a stopped job goes on, in words like: Fix the token. */
    public Optional<String> fix() {
        return fix;
    }

    /** The time that the server wants the whole client to wait. */
    public Optional<Duration> pause() {
        return pause;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
