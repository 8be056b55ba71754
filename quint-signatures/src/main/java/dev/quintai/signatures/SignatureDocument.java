package dev.quintai.signatures;

import dev.quintai.signatures.json.CanonicalJson;
import dev.quintai.signatures.json.JsonLimits;
import dev.quintai.signatures.json.JsonProblem;
import dev.quintai.signatures.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A signature as it was written: a JSON object, read strictly, whose meaning has not been looked at
 * yet. Unknown fields are kept, because they are part of what is signed. Immutable.
 */
public final class SignatureDocument {

  static final String SIGNATURE_FIELD = "ed25519_signature";

  private static final StrictJson READER = new StrictJson(JsonLimits.SIGNATURE);
  private static final StrictJson STORED = StrictJson.ofCanonical(JsonLimits.STORED_SIGNATURE);

  private final Map<String, Object> fields;

  // Made when first asked for; two threads that ask at once make the same bytes.
  private volatile byte[] canonical;

  private SignatureDocument(Map<String, Object> fields) {
    this.fields = fields;
  }

  /**
   * Reads the text of one signature.
   *
   * @throws SignatureRejectedException by {@link Check#PARSE} or {@link Check#LIMITS}
   */
  public static SignatureDocument parse(String text) throws SignatureRejectedException {
    if (exceeds(text, JsonLimits.SIGNATURE.maxText())) {
      throw new SignatureRejectedException(
          Check.LIMITS, "it has more than " + JsonLimits.SIGNATURE.maxText() + " bytes");
    }
    return parse(READER, text);
  }

  /**
   * Reads the text of one signature that was read before and written by us: it may be longer than
   * what it was read from.
   */
  static SignatureDocument parseStored(String text) throws SignatureRejectedException {
    return parse(STORED, text);
  }

  private static SignatureDocument parse(StrictJson reader, String text)
      throws SignatureRejectedException {
    Object value;
    try {
      value = reader.read(text);
    } catch (JsonProblem e) {
      throw new SignatureRejectedException(e.limit() ? Check.LIMITS : Check.PARSE, e.getMessage());
    }
    if (!(value instanceof Map<?, ?> object)) {
      throw new SignatureRejectedException(Check.PARSE, "a JSON object was expected");
    }
    return new SignatureDocument(strings(object));
  }

  /** Whether a text has more bytes in UTF-8. */
  private static boolean exceeds(String text, int bytes) {
    if (text.length() > bytes) {
      return true;
    }
    // No character takes more than three bytes, and a pair of two takes four.
    return text.length() > bytes / 3 && text.getBytes(StandardCharsets.UTF_8).length > bytes;
  }

  /** A document of our own making; the tree must be one that {@link #parse} could have read. */
  static SignatureDocument of(Map<String, Object> fields) {
    return new SignatureDocument(Collections.unmodifiableMap(new LinkedHashMap<>(fields)));
  }

  @SuppressWarnings("unchecked") // the reader makes maps with string keys only
  private static Map<String, Object> strings(Map<?, ?> object) {
    return (Map<String, Object>) object;
  }

  Map<String, Object> fields() {
    return fields;
  }

  /** The field {@code id} as it stands, or null when there is no such string. */
  public String id() {
    return fields.get("id") instanceof String id ? id : null;
  }

  /** The field {@code version} as it stands, or null when there is no such number. */
  public Number version() {
    return fields.get("version") instanceof Number version ? version : null;
  }

  /** Whether there is a field for the signature, whatever is in it. */
  public boolean signed() {
    return fields.get(SIGNATURE_FIELD) != null;
  }

  /** What is signed: the RFC 8785 form of the object without its signature. */
  public byte[] canonical() {
    return canonicalBytes().clone();
  }

  byte[] canonicalBytes() {
    byte[] bytes = canonical;
    if (bytes == null) {
      bytes = CanonicalJson.canonicalWithout(SIGNATURE_FIELD, fields);
      canonical = bytes;
    }
    return bytes;
  }

  /** The SHA-256 of {@link #canonical()}, in hex: two documents with one digest say the same. */
  public String digest() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(canonicalBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * The 64 bytes of the signature.
   *
   * @throws SignatureRejectedException by {@link Check#SIGNATURE} when they are absent or not in
   *     padded standard base64
   */
  byte[] signature() throws SignatureRejectedException {
    Object value = fields.get(SIGNATURE_FIELD);
    if (!(value instanceof String text)) {
      throw new SignatureRejectedException(
          Check.SIGNATURE, value == null ? "it is not signed" : SIGNATURE_FIELD + " is no string");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new SignatureRejectedException(
          Check.SIGNATURE, SIGNATURE_FIELD + " is not padded standard base64");
    }
    // Of several texts that decode alike only the canonical one is taken.
    if (bytes.length != Ed25519Signatures.SIGNATURE_BYTES
        || !Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw new SignatureRejectedException(
          Check.SIGNATURE, SIGNATURE_FIELD + " is not the padded standard base64 of 64 bytes");
    }
    return bytes;
  }

  /** This document signed by a key, in place of the signature that it may bear. */
  public SignatureDocument sign(SigningKey key) {
    Map<String, Object> signed = new LinkedHashMap<>(fields);
    signed.remove(SIGNATURE_FIELD);
    signed.put(SIGNATURE_FIELD, Base64.getEncoder().encodeToString(key.sign(canonicalBytes())));
    return of(signed);
  }

  /** The object as compact JSON, its fields in the order in which they were read. */
  public String toJson() {
    return CanonicalJson.write(fields);
  }
}
