package io.vertask.app.ledger;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** The explanation of a file system exception for people. */
public final class FileTrouble {
    private FileTrouble() {}

    /** The reason alone, such as {@code No space left on device}; the caller adds the name of the file. */
    public static String reason(IOException trouble) {
        if (trouble instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (trouble instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (trouble instanceof FileAlreadyExistsException || trouble instanceof NotDirectoryException) {
            return "it is a file, not a folder";
        }
        String reason = trouble instanceof FileSystemException system ? system.getReason() : null;
        if (reason == null) {
            reason = trouble.getMessage();
        }
        if (reason != null && trouble instanceof FileNotFoundException) {
            // "out.csv (Is a directory)"
            int open = reason.lastIndexOf('(');
            reason = open < 0 ? reason : reason.substring(open + 1, reason.length() - 1);
        }
        return reason == null ? trouble.getClass().getSimpleName() : reason;
    }
}
