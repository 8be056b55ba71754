/** The reference daemon. */
package dev.quintai.daemon;
