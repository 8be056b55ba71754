/**
 * The tamper-evident audit log: a hash chain of rows in SQLite, each row signed, with signed
 * checkpoints of the chain's head.
 *
 * <p>What it promises: whoever changes, removes, adds or moves a row without the private key is
 * found by {@link dev.quintai.daemon.audit.AuditVerifier}, which names the first bad row. What it
 * cannot promise alone: that the end of the log is still there. Rows after a checkpoint can be cut
 * together with all later checkpoints; only a checkpoint kept elsewhere shows that (see {@link
 * dev.quintai.daemon.audit.AuditOptions#onCheckpoint}). Nor does it help against whoever holds the
 * private key.
 */
package dev.quintai.daemon.audit;
