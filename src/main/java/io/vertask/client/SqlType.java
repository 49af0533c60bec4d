package io.vertask.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A type of the server, as its catalog has it; a domain stands for the type that it restricts.
 *
 * @param oid its number in {@code pg_type}
 * @param name as SQL writes it: {@code character varying}, {@code integer[]}
 * @param element the type of an array's elements; null when it is no array
 * @param delimiter what stands between the elements of an array of this type: a comma, or a semicolon for {@code box}
 */
public record SqlType(int oid, String name, @Nullable SqlType element, char delimiter) {
    /** Refuses null. */
    public SqlType {
        Objects.requireNonNull(name, "SqlType: name is null");
    }
}
