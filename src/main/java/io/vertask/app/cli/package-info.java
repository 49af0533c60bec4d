/**
 * The command line: one class for each verb, parsed by picocli.
 *
 * <p>Enter at {@link io.vertask.app.cli.Cli}. A verb reads its flags, reports mistakes in them, and calls another room;
 * it runs nothing itself.
 */
@NullMarked
package io.vertask.app.cli;

import org.jspecify.annotations.NullMarked;
