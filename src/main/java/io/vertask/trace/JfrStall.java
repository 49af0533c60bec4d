package io.vertask.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The JFR event of a turn that blocked its event loop, made when the turn has ended. */
@Name("vertask.Stall")
@Label("Stall")
@Category("Vertask")
@Description("A turn occupied its event loop for too long")
@StackTrace(false)
final class JfrStall extends Event {
    @Label("Loop")
    @Nullable
    String loop;

    @Label("Path")
    @Description("The task whose code ran in the turn, if any")
    @Nullable
    String path;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;

    @Label("Where")
    @Description("The line that ran when the threshold had passed")
    @Nullable
    String where;
}
