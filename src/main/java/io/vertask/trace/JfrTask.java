package io.vertask.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The JFR event of one task, from its start to its end. */
@Name("vertask.Task")
@Label("Task")
@Category("Vertask")
@Description("From the start of a task to the end of it and its children")
@StackTrace(false)
final class JfrTask extends Event {
    @Label("Id")
    long id;

    @Label("Parent")
    @Description("The id of the parent task; 0 for a root")
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
    @Description("The reason and origin of its cancellation, or the error it failed with")
    @Nullable
    String reason;
}
