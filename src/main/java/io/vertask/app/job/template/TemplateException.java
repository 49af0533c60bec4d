package io.vertask.app.job.template;

/** A template, path or selector is not valid, or names a value that is not there. The message has the fix. */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TemplateException(String message) {
        super(message, null, false, false);
    }
}
