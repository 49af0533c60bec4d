package io.vertask.house;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a user of the library can see, as text: each public type with its public and protected members. */
final class ApiDump {
    private ApiDump() {}

    /** One block for each public type of the library, in the order of their names. */
    static String ofTheLibrary(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes.resolve("io/vertask"))) {
            return files.map(file -> classes.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.startsWith("io/vertask/app/"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .map(ApiDump::load)
                    .filter(ApiDump::isVisible)
                    .map(ApiDump::block)
                    .collect(Collectors.joining("\n"));
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ApiDump.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isVisible(Class<?> type) {
        for (Class<?> it = type; it != null; it = it.getEnclosingClass()) {
            if (!Modifier.isPublic(it.getModifiers()) || it.isAnonymousClass() || it.isLocalClass()) {
                return false;
            }
        }
        return !type.getSimpleName().equals("package-info");
    }

    private static String block(Class<?> type) {
        List<String> members = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            if (isApi(field)) {
                members.add(field.toGenericString());
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isApi(constructor)) {
                members.add(constructor.toGenericString());
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isApi(method) && !method.isBridge() && !isOfRecord(type, method)) {
                members.add(method.toGenericString());
            }
        }
        return head(type) + "\n"
                + members.stream()
                        .map(member -> "    " + shortened(member, type) + "\n")
                        .sorted()
                        .collect(Collectors.joining());
    }

    private static String head(Class<?> type) {
        StringBuilder head = new StringBuilder(kind(type)).append(' ').append(type.getName());
        if (type.getTypeParameters().length > 0) {
            head.append(Arrays.stream(type.getTypeParameters())
                    .map(Type::getTypeName)
                    .collect(Collectors.joining(",", "<", ">")));
        }
        if (type.isRecord()) {
            head.append(Arrays.stream(type.getRecordComponents())
                    .map(ApiDump::component)
                    .collect(Collectors.joining(", ", "(", ")")));
        }
        Type above = type.getGenericSuperclass();
        if (above != null && above != Object.class && !type.isRecord() && !type.isEnum()) {
            head.append(" extends ").append(above.getTypeName());
        }
        List<String> interfaces = Arrays.stream(type.getGenericInterfaces())
                .map(Type::getTypeName)
                .toList();
        if (!interfaces.isEmpty()) {
            head.append(type.isInterface() ? " extends " : " implements ").append(String.join(", ", interfaces));
        }
        return type.getPackageName() + ": " + shortened(head.toString(), Object.class);
    }

    private static String kind(Class<?> type) {
        if (type.isInterface()) {
            return type.isAnnotation() ? "@interface" : type.isSealed() ? "sealed interface" : "interface";
        }
        String plain = type.isRecord() ? "record" : type.isEnum() ? "enum" : "class";
        boolean open = plain.equals("class") && !Modifier.isFinal(type.getModifiers());
        return open ? "open class" : plain;
    }

    private static String component(RecordComponent component) {
        return component.getGenericType().getTypeName() + " " + component.getName();
    }

    private static boolean isApi(Member member) {
        return (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0 && !member.isSynthetic();
    }

    /** What every record and enum has. */
    private static boolean isOfRecord(Class<?> type, Executable method) {
        boolean generated =
                List.of("equals", "hashCode", "toString", "values", "valueOf").contains(method.getName());
        boolean accessor = type.isRecord()
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> component.getAccessor().equals(method));
        return accessor || (generated && (type.isRecord() || type.isEnum()));
    }

    private static String shortened(String text, Class<?> within) {
        return text.replace(within.getName() + ".", "")
                .replaceAll("\\bio\\.vertx\\.(ext|pgclient|sqlclient)(\\.[a-z]+)*\\.(?=[A-Z])", "")
                .replaceAll("\\b(public|abstract|synchronized|final|native|transient|volatile) ", "")
                .replaceAll("\\bjava\\.(lang|util|util\\.function|util\\.concurrent|time)\\.(?=[A-Z])", "")
                .replaceAll("\\bio\\.vert(x\\.core|ask\\.[a-z]+)\\.(?=[A-Z])", "");
    }
}
