/** Matching threat signatures beside the plain loop. */
package dev.quintai.benchmarks.signatures;
