package io.vertask.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A test certificate authority and certificates signed by it, made by the JDK's keytool: one for {@code localhost}, and
 * one that has expired.
 */
public final class Certificates {
    private static final String WORD = "for-this-test";
    public static final String LOCALHOST = "localhost";
    public static final String EXPIRED = "expired";

    private static final String AUTHORITY = "authority";

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    /** Makes the authority and its certificates in {@code folder}. */
    public static Certificates in(Path folder) throws IOException, InterruptedException {
        Certificates made = new Certificates(folder);
        made.make(AUTHORITY, "-dname", "CN=Authority", "-ext", "bc:c");
        made.make(LOCALHOST, "-dname", "CN=localhost", "-ext", "san=dns:localhost", "-signer", AUTHORITY);
        made.make(
                EXPIRED,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-signer",
                AUTHORITY,
                "-startdate",
                "-10d",
                "-validity",
                "5");
        return made;
    }

    private Path store() {
        return folder.resolve("all.p12");
    }

    /** Key store options for a server that presents the certificate {@code alias}. */
    public SSLContext serverContext(String alias) throws IOException, GeneralSecurityException {
        KeyStore all = entries();
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setKeyEntry(
                alias, all.getKey(alias, WORD.toCharArray()), WORD.toCharArray(), all.getCertificateChain(alias));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(one, WORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** The authority's certificate in a PEM file, for clients that trust it. */
    public Path authority() throws IOException, GeneralSecurityException {
        return pem(
                "authority.pem",
                "CERTIFICATE",
                entries().getCertificate(AUTHORITY).getEncoded());
    }

    /** A certificate in a PEM file. */
    public Path certificate(String alias) throws IOException, GeneralSecurityException {
        return pem(
                alias + ".pem", "CERTIFICATE", entries().getCertificate(alias).getEncoded());
    }

    /** The key of a certificate in a PEM file. */
    public Path key(String alias) throws IOException, GeneralSecurityException {
        byte[] key = Objects.requireNonNull(entries().getKey(alias, WORD.toCharArray()))
                .getEncoded();
        return pem(alias + ".key", "PRIVATE KEY", key);
    }

    private Path pem(String name, String kind, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .encodeToString(content);
        return Files.writeString(
                folder.resolve(name), "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    private KeyStore entries() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            store.load(in, WORD.toCharArray());
        }
        return store;
    }

    private void make(String alias, String... more) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                alias,
                "-storetype",
                "PKCS12",
                "-storepass",
                WORD,
                "-keystore",
                store().toString()));
        line.addAll(List.of(more));
        Path log = folder.resolve("keytool.log");
        Process keytool = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool made no certificate: " + Files.readString(log));
        }
    }
}
