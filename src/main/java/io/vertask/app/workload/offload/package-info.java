/**
 * The offload workload: a Java class called for each item, on the event loop or on a pool of threads.
 *
 * <p>A cancel, a timeout included, interrupts the thread and waits until it has left the call, so that a slot is never
 * free while its work goes on; a thread that does not leave within 10 s is named and left behind. Abandoning it at once
 * would let more than {@code concurrency} calls run, waiting for it without end would let it hold up the run for ever.
 */
@NullMarked
package io.vertask.app.workload.offload;

import org.jspecify.annotations.NullMarked;
