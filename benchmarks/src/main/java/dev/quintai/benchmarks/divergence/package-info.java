/** Session attribution and matching of intent against truth, beside a scan of the window. */
package dev.quintai.benchmarks.divergence;
