/**
 * The tests of the house itself: who may use whom, how long a file may get, what stands in the jars, and that no test
 * blocks an event loop.
 *
 * <p>A rule here is changed together with the plan it holds: the picture in the README and the door plates.
 */
@org.jspecify.annotations.NullMarked
package io.vertask.house;
