package dev.quintai.fingerprint;

import static dev.quintai.fingerprint.FingerprintLayout.CAPABILITIES;
import static dev.quintai.fingerprint.FingerprintLayout.DISTINCT_IPS;
import static dev.quintai.fingerprint.FingerprintLayout.DISTINCT_SERVERS;
import static dev.quintai.fingerprint.FingerprintLayout.DISTINCT_TOOLS;
import static dev.quintai.fingerprint.FingerprintLayout.DOMAIN_FILTER;
import static dev.quintai.fingerprint.FingerprintLayout.HOURLY;
import static dev.quintai.fingerprint.FingerprintLayout.INTERVAL;
import static dev.quintai.fingerprint.FingerprintLayout.LAST_UPDATED;
import static dev.quintai.fingerprint.FingerprintLayout.PREVIOUS_ACTION;
import static dev.quintai.fingerprint.FingerprintLayout.RISK;
import static dev.quintai.fingerprint.FingerprintLayout.SEQUENCE;
import static dev.quintai.fingerprint.FingerprintLayout.SERVER_FILTER;
import static dev.quintai.fingerprint.FingerprintLayout.TOOL_BASELINE;
import static dev.quintai.fingerprint.FingerprintLayout.TOOL_CALLS;
import static dev.quintai.fingerprint.FingerprintLayout.TOOL_COUNTS;
import static dev.quintai.fingerprint.FingerprintLayout.TOOL_FILTER;
import static dev.quintai.fingerprint.FingerprintLayout.TOTAL_ACTIONS;
import static dev.quintai.fingerprint.FingerprintLayout.TRANSITIONS;

/** {@link AgentFingerprint#merge} on the bytes of two fingerprints. */
final class FingerprintMerge {
  private FingerprintMerge() {}

  static void merge(byte[] m, byte[] other) {
    long count = LittleEndian.i64(m, TOTAL_ACTIONS);
    long otherCount = LittleEndian.i64(other, TOTAL_ACTIONS);
    if (otherCount == 0) {
      return;
    }
    CapabilityMix.merge(m, CAPABILITIES, other, CAPABILITIES);
    Welford.merge(m, RISK, count, other, RISK, otherCount);
    mergeLatest(m, count, other);
    BloomFilter.merge(m, DOMAIN_FILTER, other, DOMAIN_FILTER, SERVER_FILTER - DOMAIN_FILTER);
    BloomFilter.merge(m, SERVER_FILTER, other, SERVER_FILTER, TOOL_FILTER - SERVER_FILTER);
    BloomFilter.merge(m, TOOL_FILTER, other, TOOL_FILTER, DISTINCT_TOOLS - TOOL_FILTER);
    DistinctCounter.merge(m, DISTINCT_TOOLS, other, DISTINCT_TOOLS);
    DistinctCounter.merge(m, DISTINCT_SERVERS, other, DISTINCT_SERVERS);
    DistinctCounter.merge(m, DISTINCT_IPS, other, DISTINCT_IPS);
    TransitionTable.merge(m, TRANSITIONS, other, TRANSITIONS);
    CountMinSketch.merge(m, TOOL_COUNTS, other, TOOL_COUNTS);
    LittleEndian.i64(m, TOTAL_ACTIONS, count + otherCount);
    LittleEndian.i64(m, SEQUENCE, LittleEndian.i64(m, SEQUENCE) + 1);
    long calls = unsigned(m) + unsigned(other);
    LittleEndian.i32(m, TOOL_CALLS, (int) Math.min(calls, 0xFFFF_FFFFL));
    LittleEndian.f32(m, TOOL_BASELINE, (float) DistinctCounter.estimate(m, DISTINCT_TOOLS));
  }

  private static void mergeLatest(byte[] m, long count, byte[] other) {
    long otherLast = LittleEndian.i64(other, LAST_UPDATED);
    if (count == 0 || otherLast > LittleEndian.i64(m, LAST_UPDATED)) {
      LittleEndian.i64(m, LAST_UPDATED, otherLast);
      LittleEndian.i32(m, PREVIOUS_ACTION, LittleEndian.i32(other, PREVIOUS_ACTION));
      System.arraycopy(other, INTERVAL, m, INTERVAL, Ewma.BYTES);
      System.arraycopy(other, HOURLY, m, HOURLY, HourlyActivity.BYTES);
    }
  }

  private static long unsigned(byte[] m) {
    return LittleEndian.i32(m, TOOL_CALLS) & 0xFFFF_FFFFL;
  }
}
