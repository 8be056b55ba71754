/** What watching costs the watched program. */
package dev.quintai.benchmarks.truth;
