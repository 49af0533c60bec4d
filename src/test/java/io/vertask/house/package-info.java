/**
 * The tests of the house itself: who may use whom, how long a file may get, what stands in the jars, that the pages say
 * what is true, and that no test blocks an event loop.
 *
 * <p>A rule here is changed together with the plan it holds: the map on the design page and the door plates.
 */
@org.jspecify.annotations.NullMarked
package io.vertask.house;
