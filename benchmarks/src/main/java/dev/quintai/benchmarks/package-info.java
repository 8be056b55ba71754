/** Benchmarks. */
package dev.quintai.benchmarks;
