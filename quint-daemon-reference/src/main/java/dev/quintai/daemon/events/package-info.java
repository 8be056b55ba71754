/**
 * Events and findings as JSON Lines: what recordings hold, what {@code replay} reads, and what
 * sinks receive.
 */
package dev.quintai.daemon.events;
