package io.vertask.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A turn has blocked its event loop; the event is made when it has ended. */
@Name("vertask.Stall")
@Label("Stall")
@Category("Vertask")
@Description("A turn kept its event loop from all other tasks for too long")
@StackTrace(false)
final class JfrStall extends Event {
    @Label("Loop")
    @Nullable
    String loop;

    @Label("Path")
    @Description("The task whose code it was; none when it was no task's")
    @Nullable
    String path;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;

    @Label("Where")
    @Description("The line that was running once the threshold had passed")
    @Nullable
    String where;
}
