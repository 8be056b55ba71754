package dev.quintai.signatures;

import dev.quintai.signatures.json.Clean;
import dev.quintai.signatures.json.JsonLimits;
import dev.quintai.signatures.json.JsonProblem;
import dev.quintai.signatures.json.StrictJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The keys whose signatures are believed, each on its channels and in its time. Immutable. */
public final class Keyring {

  /** The most keys of a keyring. Each failed verification may try them all. */
  public static final int MAX_KEYS = 256;

  private static final StrictJson READER = new StrictJson(JsonLimits.CONFIGURATION);

  private final List<Entry> entries;

  /**
   * A key and where it counts.
   *
   * @param keyId its name
   * @param key the key
   * @param channels the channels it serves
   * @param validFrom the first instant at which it may sign
   * @param validTo the first instant at which it no longer may, or null
   * @param revoked whether nothing it ever signed is believed
   */
  public record Entry(
      String keyId,
      VerifyingKey key,
      Set<Channel> channels,
      Instant validFrom,
      Instant validTo,
      boolean revoked) {
    public Entry {
      Objects.requireNonNull(keyId, "keyId");
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(validFrom, "validFrom");
      channels = Set.copyOf(channels);
    }

    private Entry asRevoked() {
      return new Entry(keyId, key, channels, validFrom, validTo, true);
    }

    /** Whether it may sign for the channel (any channel if null) at that time. */
    boolean usable(Channel channel, Instant at) {
      return objection(channel, at) == null;
    }

    /** Why it may not sign for the channel (any if null) at that time (any if null), or null. */
    String objection(Channel channel, Instant at) {
      if (revoked) {
        return "is revoked";
      }
      if (channel != null && !channels.contains(channel)) {
        return "does not serve the channel " + channel;
      }
      if (at != null && at.isBefore(validFrom)) {
        return "is valid from " + validFrom + " only";
      }
      if (at != null && validTo != null && !at.isBefore(validTo)) {
        return "was valid until " + validTo;
      }
      return null;
    }
  }

  /** A keyring of these keys. A key that is revoked in one entry is revoked in all. */
  public Keyring(List<Entry> entries) {
    if (entries.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "a keyring has at most " + MAX_KEYS + " keys, not " + entries.size());
    }
    Set<VerifyingKey> revoked = new HashSet<>();
    for (Entry entry : entries) {
      if (entry.revoked()) {
        revoked.add(entry.key());
      }
    }
    this.entries =
        entries.stream()
            .map(entry -> revoked.contains(entry.key()) ? entry.asRevoked() : entry)
            .toList();
  }

  /** Its keys. */
  public List<Entry> entries() {
    return entries;
  }

  /**
   * Reads the JSON of a keyring: {@code {"keys":[{"keyId","publicKey":"SPKI PEM","channels":[..],
   * "validFrom","validTo" (null or absent: for ever),"revoked" (absent: false)}]}}. A keyring with
   * one bad key is refused as a whole: it says whom to believe.
   *
   * @throws IllegalArgumentException naming the key and the field at fault
   */
  public static Keyring parse(String json) {
    Object value;
    try {
      value = READER.read(json);
    } catch (JsonProblem e) {
      throw new IllegalArgumentException("the keyring is no JSON: " + e.getMessage(), e);
    }
    if (!(value instanceof Map<?, ?> object) || !(object.get("keys") instanceof List<?> keys)) {
      throw new IllegalArgumentException("a keyring is an object with the array \"keys\"");
    }
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      String where = "keys[" + i + "]";
      if (!(keys.get(i) instanceof Map<?, ?> key)) {
        throw new IllegalArgumentException(where + " is no object");
      }
      Entry entry = entry(where, key);
      if (!names.add(entry.keyId())) {
        throw new IllegalArgumentException(where + ".keyId stands twice: " + entry.keyId());
      }
      entries.add(entry);
    }
    return new Keyring(entries);
  }

  private static Entry entry(String where, Map<?, ?> key) {
    String keyId = Clean.text(string(where, key, "keyId"));
    VerifyingKey publicKey;
    try {
      publicKey = VerifyingKey.fromPem(string(where, key, "publicKey"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          where + ".publicKey (" + keyId + "): " + e.getMessage(), e);
    }
    if (!(key.get("channels") instanceof List<?> names)) {
      throw new IllegalArgumentException(where + ".channels is no array");
    }
    Set<Channel> channels = new TreeSet<>();
    for (Object name : names) {
      if (!(name instanceof String text)) {
        throw new IllegalArgumentException(where + ".channels holds something else than strings");
      }
      try {
        channels.add(new Channel(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(where + ".channels: " + Clean.text(e.getMessage()), e);
      }
    }
    Instant from = instant(where, "validFrom", string(where, key, "validFrom"));
    Instant to =
        key.get("validTo") == null
            ? null
            : instant(where, "validTo", string(where, key, "validTo"));
    Object revoked = key.get("revoked");
    boolean absent = !key.containsKey("revoked");
    if (!absent && !(revoked instanceof Boolean)) {
      throw new IllegalArgumentException(where + ".revoked is neither true nor false");
    }
    return new Entry(keyId, publicKey, channels, from, to, !absent && (Boolean) revoked);
  }

  private static String string(String where, Map<?, ?> key, String field) {
    if (key.get(field) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw new IllegalArgumentException(where + "." + field + " is missing or no string");
  }

  private static Instant instant(String where, String field, String text) {
    Instant instant = Timestamps.parse(text);
    if (instant == null) {
      throw new IllegalArgumentException(
          where + "." + field + " is no date and time of RFC 3339: " + Clean.text(text));
    }
    return instant;
  }
}
