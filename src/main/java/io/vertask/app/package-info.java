/**
 * The application: one command for people who have a list of calls to make. {@link io.vertask.app.Main} is its start.
 */
@NullMarked
package io.vertask.app;

import org.jspecify.annotations.NullMarked;
