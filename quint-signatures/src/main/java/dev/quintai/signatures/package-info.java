/**
 * Gate 1: signed threat signatures, matched against the flow between a session's capabilities.
 *
 * <p>A {@link dev.quintai.signatures.FlowMatrix} counts how a session's actions follow each other.
 * A {@link dev.quintai.signatures.ThreatSignature} is such a shape with a threshold, signed by its
 * author. A {@link dev.quintai.signatures.ThreatSignatureRegistry} admits signatures and holds the
 * set in force; a {@link dev.quintai.signatures.SignatureMatcher} finds those that a session
 * resembles.
 */
package dev.quintai.signatures;
