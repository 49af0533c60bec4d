package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HttpUploadTest {
    private final List<String> log = new ArrayList<>();

    /** Says what is asked of it; once closed it refuses everything. */
    private final class Source implements ReadStream<Buffer> {
        private boolean closed;

        private ReadStream<Buffer> asked(String what) {
            log.add(what);
            if (closed) {
                throw new IllegalStateException("closed");
            }
            return this;
        }

        @Override
        public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
            return asked("exceptionHandler");
        }

        @Override
        public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
            return asked("handler");
        }

        @Override
        public ReadStream<Buffer> pause() {
            return asked("pause");
        }

        @Override
        public ReadStream<Buffer> resume() {
            return asked("resume");
        }

        @Override
        public ReadStream<Buffer> fetch(long amount) {
            return asked("fetch " + amount);
        }

        @Override
        public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
            return asked("endHandler");
        }
    }

    private final Source source = new Source();
    private final HttpUpload upload = new HttpUpload(source);

    @Test
    void itsDemandIsTheSourcesUntilTheCallIsOver() {
        upload.fetch(3);
        upload.leave();
        upload.fetch(4);
        upload.resume();
        assertThat(log).containsExactly("fetch 3", "pause", "handler", "endHandler", "exceptionHandler");
    }

    @Test
    void itIsLeftOnceAndASourceThatRefusesToBeTouchedIsLeftToo() {
        source.closed = true;
        upload.leave();
        upload.leave();
        assertThat(log).containsExactly("pause", "handler", "endHandler", "exceptionHandler");
    }
}
