/** Where fingerprints are kept beyond the life of a process, and the seed they are made with. */
package dev.quintai.daemon.store;
