package io.vertask.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.vertx.core.Future;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every public verb and constructor of the library refuses null by name, unless its parameter is {@link Nullable}: one
 * call for each parameter of each type in the API dump.
 *
 * <p>The other arguments, and the object itself, are only there for their types: an argument is checked before anything
 * is done with another.
 */
class NullArgumentsTest {
    private static final Path DUMP = Path.of("src/test/resources/api.txt");
    private static final Pattern TYPE =
            Pattern.compile("(?m)^(io\\.vertask[\\w.]*): (?:[@\\w]+ )*?(?:@?interface|class|record|enum) ([\\w.$]+)");
    /** Verbs of one value, whose message names the object instead: {@code queue 'orders' takes no null}. */
    private static final Set<String> OF_ONE_VALUE =
            Set.of("AsyncQueue.put", "AsyncQueue.tryPut", "AsyncGenerator.Emitter.emit");

    private static final Duration AT_MOST = Duration.ofSeconds(10);

    /** A call of {@code verb} with null for one parameter. */
    private record Call(Executable verb, int nullAt) {
        Parameter parameter() {
            return verb.getParameters()[nullAt];
        }

        /** As messages name it: {@code Tasks.timeout}, {@code TaskGroup.Options} for a constructor. */
        String name() {
            Class<?> type = verb.getDeclaringClass();
            String simple =
                    type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
            return verb instanceof Constructor ? simple : simple + "." + verb.getName();
        }

        @Override
        public String toString() {
            return name()
                    + Arrays.stream(verb.getParameterTypes())
                            .map(Class::getSimpleName)
                            .toList()
                    + " without " + parameter().getName();
        }
    }

    static Stream<Call> calls() throws IOException, ClassNotFoundException {
        List<Call> calls = new ArrayList<>();
        for (Class<?> type : types()) {
            Stream.concat(Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                    .filter(verb -> Modifier.isPublic(verb.getModifiers()) && !verb.isSynthetic())
                    .filter(verb -> !isCalledBack(type, verb) && !isOfEveryType(type, verb))
                    .forEach(verb -> {
                        for (int i = 0; i < verb.getParameterCount(); i++) {
                            Parameter parameter = verb.getParameters()[i];
                            if (!parameter.getType().isPrimitive()
                                    && !parameter.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                                calls.add(new Call(verb, i));
                            }
                        }
                    });
        }
        return calls.stream();
    }

    private static List<Class<?>> types() throws IOException, ClassNotFoundException {
        List<Class<?>> types = new ArrayList<>();
        Matcher type = TYPE.matcher(Files.readString(DUMP));
        while (type.find()) {
            String name = type.group(2).contains(".") ? type.group(2) : type.group(1) + "." + type.group(2);
            types.add(Class.forName(name));
        }
        return types;
    }

    /** Whether the library, Vert.x or JUnit calls it, and never with null: a listener, a clock, an extension. */
    private static boolean isCalledBack(Class<?> type, Executable verb) {
        if (verb instanceof Constructor || Modifier.isStatic(verb.getModifiers())) {
            return false;
        }
        boolean open = type.isInterface() && !type.isSealed();
        return open
                || Arrays.stream(type.getInterfaces())
                        .filter(above -> !above.isSealed())
                        .flatMap(above -> Arrays.stream(above.getMethods()))
                        .anyMatch(above -> above.getName().equals(verb.getName())
                                && Arrays.equals(above.getParameterTypes(), verb.getParameterTypes()));
    }

    private static boolean isOfEveryType(Class<?> type, Executable verb) {
        return verb.getName().equals("equals")
                || (type.isEnum() && verb.getName().equals("valueOf"));
    }

    @Test
    void theDumpHasTheVerbs() throws IOException, ClassNotFoundException {
        assertThat(types()).hasSizeGreaterThan(90);
        assertThat(calls().map(Call::name))
                .hasSizeGreaterThan(250)
                .contains("Tasks.gather", "AsyncLock.withLock", "TaskGroup.Options", "Task.cancel", "Offload.call");
    }

    @ParameterizedTest
    @MethodSource("calls")
    void nullIsRefusedByName(Call call) {
        Throwable refused = assertTimeoutPreemptively(
                AT_MOST, () -> Objects.requireNonNullElseGet(refusalOf(call), () -> new AssertionError("not refused")));
        assertThat(refused)
                .as(call.toString())
                .isInstanceOfAny(NullPointerException.class, IllegalArgumentException.class);
        if (OF_ONE_VALUE.contains(call.name())) {
            assertThat(refused).hasMessageContaining("null");
            return;
        }
        assertThat(refused.getMessage())
                .contains(
                        call.verb() instanceof Constructor
                                ? call.name()
                                : call.verb().getName())
                .contains(call.parameter().isNamePresent() ? call.parameter().getName() : "null");
    }

    private static @Nullable Throwable refusalOf(Call call) throws ReflectiveOperationException {
        @Nullable Object[] arguments = new Object[call.verb.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i == call.nullAt ? null : sample(call.verb.getParameterTypes()[i]);
        }
        try {
            Object result = call.verb instanceof Constructor<?> constructor
                    ? constructor.newInstance(arguments)
                    : ((Method) call.verb).invoke(receiver((Method) call.verb), arguments);
            return result instanceof Future<?> future && future.isComplete() ? future.cause() : null;
        } catch (InvocationTargetException thrown) {
            return thrown.getCause();
        }
    }

    private static @Nullable Object receiver(Method verb) throws ReflectiveOperationException {
        Class<?> type = verb.getDeclaringClass();
        if (Modifier.isStatic(verb.getModifiers())) {
            return null;
        }
        return blank(type.isInterface() ? Objects.requireNonNull(type.getPermittedSubclasses())[0] : type);
    }

    /** Something of {@code type}. */
    private static Object sample(Class<?> type) throws ReflectiveOperationException {
        Map<Class<?>, Object> values = Map.of(
                int.class,
                1,
                long.class,
                1L,
                boolean.class,
                true,
                char.class,
                ',',
                String.class,
                "text",
                Duration.class,
                Duration.ofSeconds(1),
                Object.class,
                "anything",
                List.class,
                List.of(),
                Class.class,
                Exception.class);
        Object value = values.get(type);
        if (value != null) {
            return value;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        }
        if (type.isSealed()) {
            return blank(Objects.requireNonNull(type.getPermittedSubclasses())[0]);
        }
        return type.isInterface()
                ? Proxy.newProxyInstance(
                        NullArgumentsTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, a) -> null)
                : blank(type);
    }

    /** An instance of {@code type} that no constructor has seen. */
    private static Object blank(Class<?> type) throws ReflectiveOperationException {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        Field field = unsafe.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        return Objects.requireNonNull(
                unsafe.getMethod("allocateInstance", Class.class).invoke(field.get(null), type));
    }
}
