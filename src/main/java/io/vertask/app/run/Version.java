package io.vertask.app.run;

/** Which Vertask this is. */
public final class Version {
    /** As {@code --version} and the files of a run show it. */
    public static final String TEXT = "0.1.0";

    private Version() {}
}
