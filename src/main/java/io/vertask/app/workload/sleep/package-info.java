/** The sleep workload: a wait for each item, which shows limits, queues and output without a server. */
@NullMarked
package io.vertask.app.workload.sleep;

import org.jspecify.annotations.NullMarked;
