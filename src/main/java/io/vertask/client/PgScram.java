package io.vertask.client;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.util.TlsServerEndpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Completable;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one SCRAM-SHA-256 exchange, with channel binding over TLS.
 *
 * <p>The server chooses how often the password is hashed. More rounds than the limit are refused; the others are
 * computed on a thread of {@code workers}, and nobody waits for one that comes too late.
 *
 * <p><b>Failure.</b> {@link ProtocolException} for a server that asks too much, breaks the exchange, or can't prove
 * that it knows the password; {@link IllegalArgumentException} when there is no password.
 *
 * <p><b>Threads.</b> The connection's event loop only.
 */
final class PgScram {
    private static final Pattern ITERATIONS = Pattern.compile("(?:^|,)i=(\\d+)");
    private static final int MOST_DIGITS = 10;
    private static final byte PASSWORD_MESSAGE = 'p';

    private enum State {
        NONE,
        CHALLENGED,
        ANSWERED,
        VERIFIED
    }

    private final String user;
    private final String password;
    private final int mostIterations;
    private final Executor workers;
    private State state = State.NONE;
    private @Nullable ScramClient client;

    PgScram(String user, String password, int mostIterations, Executor workers) {
        this.user = user;
        this.password = password;
        this.mostIterations = mostIterations;
        this.workers = workers;
    }

    /** The first message of the client; {@code mechanisms} end with a zero each. */
    ByteBuf first(String mechanisms, @Nullable SslHandler tls) throws ProtocolException {
        expect(State.NONE);
        ScramClient made = ScramClient.builder()
                .advertisedMechanisms(
                        Arrays.asList(mechanisms.replaceAll("\0+$", "").split("\0")))
                .username(user) // the server takes the one of the startup message
                .password(password.toCharArray())
                .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION)
                .channelBinding(TlsServerEndpoint.TLS_SERVER_END_POINT, binding(tls))
                .build();
        client = made;
        state = State.CHALLENGED;
        byte[] mechanism = bytes(made.getScramMechanism().getName() + "\0");
        byte[] text = bytes(made.clientFirstMessage().toString());
        return message(
                Unpooled.buffer().writeBytes(mechanism).writeInt(text.length).writeBytes(text));
    }

    /** Computes the answer to the server's challenge; {@code done} is called on another thread. */
    void answer(String challenge, Completable<ByteBuf> done) throws ProtocolException {
        expect(State.CHALLENGED);
        ScramClient known = Objects.requireNonNull(client);
        state = State.ANSWERED;
        Matcher iterations = ITERATIONS.matcher(challenge);
        if (iterations.find()) {
            check(iterations.group(1));
        }
        workers.execute(() -> {
            ByteBuf answer = null;
            Throwable error = null;
            try {
                known.serverFirstMessage(challenge);
                answer = message(
                        Unpooled.wrappedBuffer(bytes(known.clientFinalMessage().toString())));
            } catch (ScramException | RuntimeException wrong) {
                error = refused(wrong);
            }
            try {
                done.complete(answer, error);
            } catch (RejectedExecutionException late) {
                // the loop has ended meanwhile
            }
        });
    }

    private void check(String iterations) throws ProtocolException {
        if (iterations.length() > MOST_DIGITS || Long.parseLong(iterations) > mostIterations) {
            throw new ProtocolException(String.format(
                    Locale.ROOT,
                    "the server wants the password hashed %s times (SCRAM iterations), and the most is %,d. "
                            + "If you trust it, raise max_scram_iterations",
                    iterations.length() > MOST_DIGITS
                            ? "more than 10,000,000,000"
                            : String.format(Locale.ROOT, "%,d", Long.parseLong(iterations)),
                    mostIterations));
        }
    }

    /** Checks the server's own proof. */
    void verify(String proof) throws ProtocolException {
        expect(State.ANSWERED);
        try {
            Objects.requireNonNull(client).serverFinalMessage(proof);
            state = State.VERIFIED;
        } catch (ScramException | IllegalArgumentException wrong) {
            throw refused(wrong);
        }
    }

    /** Throws when the exchange has begun and the server has not given its proof. */
    void checkEnd() throws ProtocolException {
        if (state != State.NONE && state != State.VERIFIED) {
            throw new ProtocolException("the server did not prove that it knows the password");
        }
    }

    private void expect(State before) throws ProtocolException {
        if (state != before) {
            throw new ProtocolException("the server broke the protocol: its SCRAM messages came out of order");
        }
    }

    private static ProtocolException refused(Exception wrong) {
        return new ProtocolException("the SCRAM login failed: " + wrong.getMessage());
    }

    /** The hash of the server's certificate; empty without TLS. */
    private static byte[] binding(@Nullable SslHandler tls) {
        try {
            return tls != null
                            && tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? TlsServerEndpoint.getChannelBindingData(certificate)
                    : new byte[0];
        } catch (SSLPeerUnverifiedException | CertificateEncodingException none) {
            return new byte[0];
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuf message(ByteBuf body) {
        return Unpooled.buffer()
                .writeByte(PASSWORD_MESSAGE)
                .writeInt(4 + body.readableBytes())
                .writeBytes(body);
    }
}
