package io.vertask.app.workload;

import io.vertask.app.job.DurationText;
import io.vertask.client.Phase;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One attempt failed, in words for people.
 *
 * <p>The message is what the item's line shows; {@link #brief} is what the summary groups by ({@code 404},
 * {@code timeout in response}).
 */
public final class CallFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What a failure means for the item and for the job. */
    public enum Effect {
        /** The item has failed. */
        FINAL,
        /** Another attempt may do better. */
        RETRYABLE,
        /** No item will do better: the job stops. */
        STOPS_JOB
    }

    /**
     * What a program wants to know of a failure.
     *
     * @param kind one word of a closed list: {@code http_status}, {@code timeout}, {@code no_connection}, ...
     * @param status of the HTTP answer
     * @param phase where the attempt was; empty when that means nothing
     */
    public record Detail(String kind, OptionalInt status, Optional<Phase> phase) {}

    private final String brief;
    private final Effect effect;
    private final transient Detail detail;
    private final transient Optional<Duration> pause;

    private CallFailure(String message, String brief, Effect effect, Detail detail, Optional<Duration> pause) {
        super(message, null, false, false);
        this.brief = brief;
        this.effect = effect;
        this.detail = detail;
        this.pause = pause;
    }

    private static CallFailure of(String brief, String message, Effect effect) {
        String kind = brief.toLowerCase(Locale.ROOT).replace(' ', '_');
        return new CallFailure(
                message, brief, effect, new Detail(kind, OptionalInt.empty(), Optional.empty()), Optional.empty());
    }

    /** A failure that another attempt won't change. */
    public static CallFailure lasting(String brief, String message) {
        return of(brief, message, Effect.FINAL);
    }

    /** A failure that may be gone the next time. */
    public static CallFailure passing(String brief, String message) {
        return of(brief, message, Effect.RETRYABLE);
    }

    /** A failure that every other item would have too. */
    public static CallFailure stopsJob(String brief, String message) {
        return of(brief, message, Effect.STOPS_JOB);
    }

    /** An attempt that took too long. */
    public static CallFailure timeout(Duration limit, Phase phase) {
        String brief = phase.name().toLowerCase(Locale.ROOT);
        return passing("timeout in " + brief, "timed out after " + DurationText.format(limit) + " " + phase.words())
                .kind("timeout", phase);
    }

    /** This failure, whose server asked everyone to wait that long. */
    public CallFailure pausing(Duration everyone) {
        return new CallFailure(getMessage(), brief, effect, detail, Optional.of(everyone));
    }

    /** This failure as an answer with that HTTP status. */
    public CallFailure status(int status) {
        Detail known = new Detail("http_status", OptionalInt.of(status), Optional.of(Phase.RESPONSE));
        return new CallFailure(getMessage(), brief, effect, known, pause);
    }

    /** This failure, of one of the kinds that programs know, in that phase. */
    public CallFailure kind(String kind, Phase phase) {
        return new CallFailure(
                getMessage(), brief, effect, new Detail(kind, detail.status(), Optional.of(phase)), pause);
    }

    /** This failure as the last of several attempts. */
    public CallFailure after(int attempts) {
        return new CallFailure(getMessage() + " (" + attempts + " attempts)", brief, effect, detail, pause);
    }

    /** The short form, by which failures are counted. */
    public String brief() {
        return brief;
    }

    /** For programs. */
    public Detail detail() {
        return detail;
    }

    /** What it means for the item and the job. */
    public Effect effect() {
        return effect;
    }

    /** How long the server wants the whole client to wait. */
    public Optional<Duration> pause() {
        return pause;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
