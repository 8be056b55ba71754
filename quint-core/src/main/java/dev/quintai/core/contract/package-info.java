/**
 * What each SPI promises, as checks that anyone's implementation can be put through. They need no
 * test framework: a check throws one {@link AssertionError} that lists every promise broken.
 *
 * <p>Checks call the implementation with ordinary input and with input that a hostile agent could
 * cause. They are for tests; none is called by the engine.
 */
package dev.quintai.core.contract;
