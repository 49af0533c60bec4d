/** Steps as users write them. */
@NullMarked
package io.vertask.app.cli.steps;

import org.jspecify.annotations.NullMarked;
