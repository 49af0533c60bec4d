/**
 * The tests of the house rules: the dependencies between rooms, the reasons for long files, the content of the jars,
 * the truth of the pages, and that no test blocks an event loop.
 *
 * <p>A rule here is changed together with the plan it holds: the map on the design page and the door plates.
 */
@org.jspecify.annotations.NullMarked
package io.vertask.house;
