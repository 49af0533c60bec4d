package io.vertask.app.job.template;

/** A template, path or selector is not valid, or names a value that is not there. The message has the fix. */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean unknownName;

    public TemplateException(String message) {
        this(message, false);
    }

    private TemplateException(String message, boolean unknownName) {
        super(message, null, false, false);
        this.unknownName = unknownName;
    }

    /** A name that is not there, as after a slip in the template; not a value that is null or too short a list. */
    static TemplateException unknownName(String message) {
        return new TemplateException(message, true);
    }

    /** Whether the template has a name that is not there. */
    public boolean isUnknownName() {
        return unknownName;
    }
}
