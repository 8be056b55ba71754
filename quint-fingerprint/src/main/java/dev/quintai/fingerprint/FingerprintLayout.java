package dev.quintai.fingerprint;

import dev.quintai.fingerprint.SnapshotException.Reason;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Where the fields of a fingerprint stand, as {@link AgentFingerprint} draws it, and what makes a
 * snapshot whole. What one update touches stands together, the large tables come last.
 */
final class FingerprintLayout {
  /** "QFP1" in memory. */
  static final int MAGIC_VALUE = 0x3150_4651;

  static final int VERSION_VALUE = 3;

  // Header
  static final int MAGIC = 0;
  static final int VERSION = 4;
  static final int RESERVED = 6;
  static final int SEED_ID = 8;
  static final int SEQUENCE = 16;
  static final int CHECKSUM = 24;
  static final int PREVIOUS_ACTION = 28;
  static final int TOOL_BASELINE = 32;
  static final int TOOL_CALLS = 36;
  static final int HEADER_BYTES = 40;

  // What each update touches, with the header: 656 bytes in one piece
  static final int LAST_UPDATED = 40;
  static final int TOTAL_ACTIONS = 48;
  static final int RISK = 56;
  static final int INTERVAL = 80;
  static final int CAPABILITIES = 96;
  static final int DOMAIN_FILTER = 144;
  static final int SERVER_FILTER = 208;
  static final int TOOL_FILTER = 336;
  static final int DISTINCT_TOOLS = 464;
  static final int DISTINCT_SERVERS = 528;
  static final int DISTINCT_IPS = 592;

  // What it touches a part of, or seldom
  static final int TRANSITIONS = 656;
  static final int HOURLY = 1040;
  static final int AGENT_ID = 1136; // most significant long first, each little-endian
  static final int TOOL_COUNTS = 1152;
  static final int BYTES = 3200;

  private FingerprintLayout() {}

  static byte[] empty(UUID agentId, long seedId) {
    byte[] m = new byte[BYTES];
    LittleEndian.i32(m, MAGIC, MAGIC_VALUE);
    LittleEndian.u16(m, VERSION, VERSION_VALUE);
    LittleEndian.i64(m, SEED_ID, seedId);
    LittleEndian.i64(m, AGENT_ID, agentId.getMostSignificantBits());
    LittleEndian.i64(m, AGENT_ID + 8, agentId.getLeastSignificantBits());
    return m;
  }

  /** CRC-32C (RFC 3720, appendix B.4) of all bytes but the checksum's own. */
  static int checksum(byte[] m) {
    CRC32C crc = new CRC32C();
    crc.update(m, 0, CHECKSUM);
    crc.update(m, CHECKSUM + 4, BYTES - CHECKSUM - 4);
    return (int) crc.getValue();
  }

  static void check(byte[] m, long seedId) throws SnapshotException {
    if (m.length != BYTES) {
      throw new SnapshotException(
          Reason.LENGTH, "a fingerprint has " + BYTES + " bytes, this has " + m.length);
    }
    if (LittleEndian.i32(m, MAGIC) != MAGIC_VALUE) {
      throw new SnapshotException(Reason.MAGIC, "these bytes do not begin like a fingerprint");
    }
    int version = LittleEndian.u16(m, VERSION);
    if (version != VERSION_VALUE) {
      throw new SnapshotException(
          Reason.VERSION,
          "layout version " + version + " is unknown here, " + VERSION_VALUE + " is expected");
    }
    if (LittleEndian.i32(m, CHECKSUM) != checksum(m)) {
      throw new SnapshotException(
          Reason.CHECKSUM, "the checksum does not fit: the fingerprint is corrupt");
    }
    long seed = LittleEndian.i64(m, SEED_ID);
    if (seed != seedId) {
      throw new SnapshotException(
          Reason.SEED,
          "made under seed "
              + Long.toHexString(seed)
              + ", this installation has "
              + Long.toHexString(seedId));
    }
    checkContent(m);
  }

  /** A checksum can be forged by who can write the store, so no field may break the arithmetic. */
  private static void checkContent(byte[] m) throws SnapshotException {
    require(LittleEndian.i64(m, TOTAL_ACTIONS) >= 0, "total_actions is negative");
    require(LittleEndian.i64(m, SEQUENCE) >= 0, "sequence is negative");
    for (int at = CAPABILITIES; at < DOMAIN_FILTER; at += 4) {
      float weight = LittleEndian.f32(m, at);
      require(weight >= 0 && weight < CapabilityMix.LIMIT, "a capability's weight is out of range");
    }
    for (int at = HOURLY; at < AGENT_ID; at += 4) {
      require(isShare(LittleEndian.f32(m, at)), "an hour's share is not 0 to 1");
    }
    for (int at = RISK; at < RISK + 16; at += 8) {
      require(Double.isFinite(LittleEndian.f64(m, at)), "the risk baseline is not finite");
    }
    for (int at = INTERVAL; at < CAPABILITIES; at += 8) {
      double value = LittleEndian.f64(m, at);
      require(Double.isFinite(value) && value >= 0, "the interval's baseline is not finite");
    }
    float baseline = LittleEndian.f32(m, TOOL_BASELINE);
    require(Float.isFinite(baseline) && baseline >= 0, "the baseline of tools is not finite");
    for (int at = DISTINCT_TOOLS; at < TRANSITIONS; at += DistinctCounter.BYTES) {
      double distinct = DistinctCounter.estimate(m, at);
      require(Double.isFinite(distinct) && distinct >= 0, "a distinct count is not finite");
    }
  }

  private static boolean isShare(float value) {
    return value >= 0 && value <= 1.001f;
  }

  private static void require(boolean holds, String otherwise) throws SnapshotException {
    if (!holds) {
      throw new SnapshotException(Reason.CONTENT, otherwise);
    }
  }
}
