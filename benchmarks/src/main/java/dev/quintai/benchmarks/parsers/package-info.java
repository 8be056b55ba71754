/** The parsers beside Jackson's own ways of reading the same bytes. */
package dev.quintai.benchmarks.parsers;
