package dev.quintai.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Name-based identities (RFC 9562, version 5). An agent is a platform of one user on one machine:
 * its id is the UUID of {@code {machineId}/{uid}/{platform}}, with {@code /sub} after it for an
 * agent started by that platform, in the OID namespace.
 */
public final class AgentIds {

  /** The OID namespace of RFC 9562, appendix C. */
  public static final UUID OID = UUID.fromString("6ba7b812-9dad-11d1-80b4-00c04fd430c8");

  private AgentIds() {}

  /**
   * The id of an agent.
   *
   * @param machineId the installation's stable id
   * @param uid the user
   * @param platform the platform id
   * @param parentPlatform the platform id of the agent that started it, or null
   */
  public static UUID agentId(String machineId, int uid, String platform, String parentPlatform) {
    String name =
        parentPlatform == null
            ? machineId + "/" + uid + "/" + platform
            : machineId + "/" + uid + "/" + parentPlatform + "/" + platform;
    return uuid5(OID, name.getBytes(StandardCharsets.UTF_8));
  }

  /** The version 5 UUID of a name in a namespace. */
  public static UUID uuid5(UUID namespace, byte[] name) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(
          ByteBuffer.allocate(16)
              .putLong(namespace.getMostSignificantBits())
              .putLong(namespace.getLeastSignificantBits())
              .array());
      ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name));
      long high = (hash.getLong() & ~0xF000L) | 0x5000L;
      long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }
}
