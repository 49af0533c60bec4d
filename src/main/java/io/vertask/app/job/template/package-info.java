/**
 * Texts with places for values, paths and selectors, and the values that fill them. Enter by
 * {@link io.vertask.app.job.template.Template}; {@link io.vertask.app.job.template.TemplateReader} reads them from a
 * job file.
 *
 * <p>The room stands on {@code app.job.yaml}: reading a template reports mistakes with their places, and the YAML
 * reader needs no template. It may use vertx-uri-template and vertx-core's JSON types.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A selector that finds nothing gives null, as an answer may leave a field out; a template that finds nothing
 *       fails.
 *   <li>A name that can never have a value is a mistake of the file; a name that only an answer can bring is not.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.vertask.app.job.template;
