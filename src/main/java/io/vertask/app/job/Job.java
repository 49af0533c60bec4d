package io.vertask.app.job;

import io.vertask.app.job.template.Template;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The contents of a job file, checked and with its defaults.
 *
 * @param file the name of the file, as messages show it
 * @param clients by name, in the file's order
 * @param queue between the producer of the items and their consumers; empty: an item is made when it can begin
 * @param step the section {@code do}
 * @param fingerprint of the section {@code do} as the file writes it; behind a slash, of {@code into}
 * @param print the line for each item; empty: the caller's own
 * @param into where rows go; empty: results are only printed
 */
public record Job(
        String file,
        String name,
        Map<String, ClientConfig> clients,
        Each each,
        Optional<QueueConfig> queue,
        Step step,
        String fingerprint,
        Optional<Template> print,
        Optional<Into> into,
        Limits limits,
        OnError onError) {

    public Job {
        clients = Collections.unmodifiableMap(new LinkedHashMap<>(clients));
    }

    /** This job with the words of a command line as its items, in place of {@code each} and its {@code as}. */
    public Job withItems(List<String> items) {
        return new Job(file, name, clients, Each.of(items), queue, step, fingerprint, print, into, limits, onError);
    }

    /** The note on work that a resumed run does again; ready to print. */
    public Optional<String> resumeNote() {
        return Notes.ofResume(this);
    }

    /** The notes on what is no mistake but may surprise; ready to print. */
    public List<String> notes() {
        return Notes.of(this);
    }
}
