/**
 * The tests of the house rules: the dependencies between rooms, the reasons for long files, the content of the jars,
 * and that no test blocks an event loop.
 *
 * <p>A rule here is changed together with the plan it holds: the picture in the README and the door plates.
 */
@org.jspecify.annotations.NullMarked
package io.vertask.house;
