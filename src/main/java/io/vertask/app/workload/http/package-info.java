/** The HTTP workload: one request for each item, through {@code io.vertask.client.HttpCalls}. */
@NullMarked
package io.vertask.app.workload.http;

import org.jspecify.annotations.NullMarked;
