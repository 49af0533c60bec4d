package io.vertask.app.workload;

import io.vertask.app.job.DurationText;
import io.vertask.client.Phase;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

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

    private final String brief;
    private final Effect effect;
    private final transient Optional<Duration> pause;

    private CallFailure(String message, String brief, Effect effect, Optional<Duration> pause) {
        super(message, null, false, false);
        this.brief = brief;
        this.effect = effect;
        this.pause = pause;
    }

    /** A failure that another attempt won't change. */
    public static CallFailure lasting(String brief, String message) {
        return new CallFailure(message, brief, Effect.FINAL, Optional.empty());
    }

    /** A failure that may be gone the next time. */
    public static CallFailure passing(String brief, String message) {
        return new CallFailure(message, brief, Effect.RETRYABLE, Optional.empty());
    }

    /** A failure that every other item would have too. */
    public static CallFailure stopsJob(String brief, String message) {
        return new CallFailure(message, brief, Effect.STOPS_JOB, Optional.empty());
    }

    /** An attempt that took too long. */
    public static CallFailure timeout(Duration limit, Phase phase) {
        String brief = phase.name().toLowerCase(Locale.ROOT);
        return passing("timeout in " + brief, "timed out after " + DurationText.format(limit) + " " + phase.words());
    }

    /** This failure, whose server asked everyone to wait that long. */
    public CallFailure pausing(Duration everyone) {
        return new CallFailure(getMessage(), brief, effect, Optional.of(everyone));
    }

    /** The short form, by which failures are counted. */
    public String brief() {
        return brief;
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
