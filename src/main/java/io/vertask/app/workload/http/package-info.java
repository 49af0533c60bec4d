/**
 * The HTTP workloads, through {@code io.vertask.client.HttpCalls}: one request for each item, or one after another
 * until the last page. Both make their requests and read their answers by the same rules, so they share this room.
 */
@NullMarked
package io.vertask.app.workload.http;

import org.jspecify.annotations.NullMarked;
