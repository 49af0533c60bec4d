package io.vertask.app.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Notes on what is no mistake in a job but may surprise. */
public final class Notes {

    private Notes() {}

    /** The notes on {@code job}, ready to print. */
    static List<String> of(Job job) {
        List<String> notes = new ArrayList<>(job.step().notes(job));
        if (job.step().usesItem() && job.each().items() instanceof Items.One) {
            notes.add("do uses {item} but there is no `each`; give the items on the command line");
        }
        job.clients().values().forEach(client -> client.notes().forEach(notes::add));
        return notes.stream().map(note -> line(job, note)).toList();
    }

    /** The note on a resumed run of {@code job}, ready to print. */
    static Optional<String> ofResume(Job job) {
        return job.step().resumeNote(job).map(note -> line(job, note));
    }

    private static String line(Job job, String note) {
        return job.file() + "  note: " + note;
    }
}
