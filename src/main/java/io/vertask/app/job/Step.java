package io.vertask.app.job;

import io.vertask.app.job.template.Names;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.Forms;
import io.vertask.app.job.yaml.Secret;
import io.vertask.client.Phase;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The work that a job does with each item: the section {@code do}.
 *
 * <p>A kind of step is a record that implements this, the {@link Form} that reads it, and a workload that runs it; its
 * {@code StepKind} names all three. Everything that depends on the kind of step is a method here, so that no caller
 * asks for a step's class.
 */
public interface Step {
    /** The longest answer that is kept for a later run, unless the file gives another length. */
    long MOST_KEPT = 64L << 20;

    /** Reads a step from the keys of the section {@code do}. */
    interface Form extends Forms.Form {
        /**
         * Reads the step that has the key {@code head}.
         *
         * @param names the names that templates of the step may use
         * @return null when the step can't be read; the mistakes have been reported then
         */
        @Nullable
        Step read(String head, Fields fields, Clients clients, Names names);

        /**
         * The JSON Schema of the value of {@code key}, where the schema of job files has none; by default any value.
         */
        default JsonObject schema(String key) {
            return new JsonObject();
        }
    }

    /** The names that {@code print} may use: those of the item, and those that the result adds. */
    Names names(Names item);

    /** The name of the client that the step calls; empty when it calls none. */
    default Optional<String> client() {
        return Optional.empty();
    }

    /** Whether the result of an item comes page by page. */
    default boolean isPaged() {
        return false;
    }

    /** The fields of every result or row, in order; empty when they are not known before there is a result. */
    default List<String> fields() {
        return List.of();
    }

    /** Whether the call may be made twice for an item: it has no effect, or the file allows it. */
    default boolean isRepeatable() {
        return true;
    }

    /**
     * The longest answer in bytes that is kept on the disk for a later run.
     *
     * @param client the step's client; empty when it has none
     */
    default long mostKept(Optional<ClientConfig> client) {
        return MOST_KEPT;
    }

    /** Whether the step's own text names the item, so that a job without items can't run it. */
    default boolean usesItem() {
        return false;
    }

    /** The change that makes the results rows, which {@code into} needs; empty when they are rows already. */
    default Optional<String> rowsFix() {
        return Optional.empty();
    }

    /** The secrets in the step's own text, which no output may show. */
    default List<Secret> secrets() {
        return List.of();
    }

    /** The notes on what is no mistake in {@code job} but may surprise, each one sentence without the file's name. */
    default List<String> notes(Job job) {
        return List.of();
    }

    /** The note on work that a resumed run of {@code job} does again; empty when it does none again. */
    default Optional<String> resumeNote(Job job) {
        return Optional.empty();
    }

    /** The name that summaries give to the time spent in {@code phase}. */
    default String phaseLabel(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    /** The name of the code that the event loop itself runs for the step, for messages about a blocked loop. */
    default Optional<String> loopCall() {
        return Optional.empty();
    }
}
