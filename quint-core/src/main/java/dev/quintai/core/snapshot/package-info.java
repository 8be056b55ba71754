/**
 * State as bytes: the compact, checksummed form in which a detector's session travels into the
 * state store of a stream engine and back.
 *
 * <pre>
 * offset  size  content
 *      0     4  magic, big endian: whose state it is
 *      4     2  version of the payload, big endian
 *      6     4  length of the payload in bytes, big endian
 *     10     n  payload: numbers as zigzag varints, texts once each and then by number
 *   10+n     4  CRC-32C of everything before it, big endian
 * </pre>
 *
 * <p>The checksum tells damage, not forgery: whoever may write the state may also compute it. So
 * every count, index and length of the payload is checked when it is read, and what a snapshot can
 * make its reader allocate is bounded by the snapshot's own length and by the limits of the reader.
 */
package dev.quintai.core.snapshot;
