package dev.quintai.daemon.audit;

/**
 * What has become of the rows given to an open log.
 *
 * @param accepted rows that were queued
 * @param pending rows of those that are not committed yet
 * @param dropped rows that found no room in time, came after the close or were refused by the
 *     database
 * @param failure why the last write failed, or null when it did not
 */
public record AuditHealth(long accepted, long pending, long dropped, String failure) {}
