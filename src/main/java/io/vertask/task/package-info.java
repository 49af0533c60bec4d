/** The core. */
@org.jspecify.annotations.NullMarked
package io.vertask.task;
