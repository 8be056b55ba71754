/** Sketches, fingerprints and their cache beside their rivals. */
package dev.quintai.benchmarks.fingerprint;
