package io.vertask.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The JFR event of a cancel request that has reached a task. */
@Name("vertask.Cancel")
@Label("Cancel")
@Category("Vertask")
@Description("A cancel request has reached a task for the first time")
@StackTrace(false)
final class JfrCancel extends Event {
    @Label("Id")
    long id;

    @Label("Path")
    @Nullable
    String path;

    @Label("Reason")
    @Nullable
    String reason;

    @Label("By")
    @Description("The path of the task that asked, or the name of the thread")
    @Nullable
    String by;
}
