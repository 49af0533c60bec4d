package io.vertask.app.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The version of this Vertask. It is written in one place, the pom; the build copies it into {@code version.txt}. */
public final class Version {

    private static final String SNAPSHOT = "-SNAPSHOT";

    /** For example {@code 0.1.0}, as {@code --version}, the files of a run and the header User-Agent show it. */
    public static final String TEXT = read();

    private Version() {}

    private static String read() {
        try (InputStream in = Objects.requireNonNull(Version.class.getResourceAsStream("version.txt"))) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return version.endsWith(SNAPSHOT) ? version.substring(0, version.length() - SNAPSHOT.length()) : version;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
