/** The commands that make, check, load and apply threat signatures. */
package dev.quintai.daemon.signatures;
