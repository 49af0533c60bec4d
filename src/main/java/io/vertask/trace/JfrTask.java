package io.vertask.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The life of one task. */
@Name("vertask.Task")
@Label("Task")
@Category("Vertask")
@Description("From the start of a task to its end, what it had started included")
@StackTrace(false)
final class JfrTask extends Event {
    @Label("Id")
    long id;

    @Label("Parent")
    @Description("The id of the task it was started in; 0 for a root")
    long parent;

    @Label("Name")
    @Nullable
    String name;

    @Label("Path")
    @Nullable
    String path;

    @Label("Outcome")
    @Nullable
    String outcome;

    @Label("Reason")
    @Description("Why it was cancelled and who asked, or the error it failed with")
    @Nullable
    String reason;
}
