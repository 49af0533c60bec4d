/**
 * Memory that has run out: whatever catches errors hands them to {@link io.vertask.app.memory.OutOfMemory}, so that a
 * process whose heap is full ends instead of hanging half-broken.
 *
 * <p>It knows no other room, because every room catches errors.
 */
@NullMarked
package io.vertask.app.memory;

import org.jspecify.annotations.NullMarked;
