/** Benchmarks of what is not public; on the class path only. */
package dev.quintai.esjni;
