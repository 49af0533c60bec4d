/** The SQL workload: one statement for each item, through {@code io.vertask.client.SqlCalls}. */
@NullMarked
package io.vertask.app.workload.sql;

import org.jspecify.annotations.NullMarked;
