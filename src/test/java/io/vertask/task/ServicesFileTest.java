package io.vertask.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.spi.VertxServiceProvider;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A jar that lost the services file, as one shaded without merging does: every door says which file, and the fix. */
class ServicesFileTest {
    /** The class path of this test without the services file for Vert.x. */
    private static final class Shaded extends URLClassLoader {
        private static final String FILE = "META-INF/services/" + VertxServiceProvider.class.getName();

        Shaded(URL[] classPath) {
            super(classPath, ClassLoader.getPlatformClassLoader());
        }

        @Override
        public Enumeration<URL> findResources(String name) throws IOException {
            return name.equals(FILE) ? Collections.emptyEnumeration() : super.findResources(name);
        }
    }

    /** What a user of such a jar calls first; its own classes are loaded by {@link Shaded}. */
    public static final class Doors implements Callable<List<String>> {
        private static String said(Callable<?> door) {
            try {
                return "no error: " + door.call();
            } catch (Exception thrown) {
                return thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
            }
        }

        @Override
        public List<String> call() throws Exception {
            // made before anything of the library is loaded
            Vertx vertx = Vertx.vertx();
            Context context = vertx.getOrCreateContext();
            try {
                return List.of(
                        said(() -> Tasks.run(vertx, Future::succeededFuture)),
                        said(() -> Tasks.start(vertx, "task", Future::succeededFuture)),
                        said(() -> Tasks.start(context, "task", Future::succeededFuture)),
                        said(() -> Future.future(done -> context.runOnContext(
                                        v -> done.complete(said(() -> Tasks.start(Future::succeededFuture)))))
                                .await(20, TimeUnit.SECONDS)),
                        said(() -> Future.future(done -> context.runOnContext(v -> done.complete(said(Task::current))))
                                .await(20, TimeUnit.SECONDS)));
            } finally {
                vertx.close().await(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void withoutItEveryDoorNamesTheFileAndTheFix() throws Exception {
        List<URL> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            classPath.add(Path.of(entry).toUri().toURL());
        }
        Thread here = Thread.currentThread();
        ClassLoader before = here.getContextClassLoader();
        try (Shaded shaded = new Shaded(classPath.toArray(URL[]::new))) {
            here.setContextClassLoader(shaded);
            Object doors = shaded.loadClass(Doors.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(((Callable<List<String>>) doors).call())
                    .hasSize(5)
                    .allSatisfy(said -> assertThat(said)
                            .contains("IllegalStateException: this Vertx has no place for tasks")
                            .contains("META-INF/services/io.vertx.core.spi.VertxServiceProvider")
                            .contains("io.vertask.task.TaskLocals")
                            .contains("ServicesResourceTransformer"));
        } finally {
            here.setContextClassLoader(before);
        }
    }
}
