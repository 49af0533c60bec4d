package io.vertask.app.job.yaml;

import java.util.List;
import java.util.stream.Collectors;

/** All mistakes of a job file, which therefore can't be used. The message is the text for the terminal. */
public final class JobErrors extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;
    private final int more;

    JobErrors(List<Mistake> mistakes, int more) {
        super(render(mistakes, more), null, false, false);
        this.mistakes = List.copyOf(mistakes);
        this.more = more;
    }

    /** The mistakes, at most a hundred. */
    public List<Mistake> mistakes() {
        return mistakes;
    }

    /** The lines to print; the same as the message. */
    public String text() {
        return render(mistakes, more);
    }

    /** The number of mistakes, those that are only counted too. */
    public int count() {
        return mistakes.size() + more;
    }

    private static String render(List<Mistake> mistakes, int more) {
        int count = mistakes.size() + more;
        return mistakes.stream().map(Mistake::text).collect(Collectors.joining("\n"))
                + (more == 0 ? "" : "\n... and " + more + " more")
                + "\n" + count + (count == 1 ? " mistake" : " mistakes") + "; nothing was sent.";
    }
}
