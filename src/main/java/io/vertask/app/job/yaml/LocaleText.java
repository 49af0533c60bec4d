package io.vertask.app.job.yaml;

/**
 * Texts from outside of Java: arguments, environment variables and file names. The JVM decodes them as the locale says
 * and puts U+FFFD where their bytes don't fit; such a text must not be used, for it is not what was written.
 */
public final class LocaleText {
    private LocaleText() {}

    /** Whether {@code text} lost bytes when it was decoded. */
    public static boolean isGarbled(String text) {
        return text.indexOf('\uFFFD') >= 0;
    }

    /** The cure for a text that can't be read, or be used as a file name, in this locale. */
    public static String cure() {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        return encoding.equalsIgnoreCase("UTF-8")
                ? "convert it to UTF-8"
                : "the locale's encoding is " + encoding
                        + "; set LC_ALL=C.UTF-8, or another UTF-8 locale that `locale -a` lists";
    }
}
