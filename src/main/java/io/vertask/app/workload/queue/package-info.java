/** The queue workload: a wait for each item, for the page's producer and consumers. */
@NullMarked
package io.vertask.app.workload.queue;

import org.jspecify.annotations.NullMarked;
