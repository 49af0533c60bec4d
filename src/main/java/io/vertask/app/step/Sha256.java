package io.vertask.app.step;

import io.vertask.offload.Offload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 digest of the file that the item names, as {@code sha256sum} prints it: 64 digits, two spaces, name. */
public final class Sha256 implements CallableStep {
    private static final int CHUNK = 64 << 10;

    @Override
    public Object call(StepCall call) throws IOException, NoSuchAlgorithmException {
        Path file = Path.of(String.valueOf(call.item()));
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                Offload.checkCancelled();
                digest.update(chunk, 0, n);
            }
        } catch (NoSuchFileException none) {
            throw new IOException("there is no file " + file, none);
        }
        return HexFormat.of().formatHex(digest.digest()) + "  " + call.item();
    }
}
