package dev.quintai.daemon.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A whole response that the proxy gives in the place of the upstream host. Immutable. */
public final class LocalResponse {
  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  /**
   * Makes a response.
   *
   * @param status the status code, 200 to 599
   * @param headers further headers in order; the framing headers (content-length,
   *     transfer-encoding, connection) are the proxy's own and must not be among them
   * @param body the body; copied
   * @throws IllegalArgumentException for a status out of range, or a header name or value that
   *     could end a line
   */
  public LocalResponse(int status, Map<String, String> headers, byte[] body) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status " + status + " is not within 200 to 599");
    }
    Map<String, String> copy = new LinkedHashMap<>();
    headers.forEach(
        (name, value) -> {
          if (!Http1Head.isToken(name) || !Http1Head.isFieldValue(value)) {
            throw new IllegalArgumentException("not a header: " + name);
          }
          copy.put(name, value);
        });
    this.status = status;
    this.headers = Collections.unmodifiableMap(copy);
    this.body = body.clone();
  }

  /** Returns a plain-text response. */
  public static LocalResponse text(int status, String text) {
    return new LocalResponse(
        status,
        Map.of("content-type", "text/plain; charset=utf-8"),
        (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a JSON response. */
  public static LocalResponse json(int status, String json) {
    return new LocalResponse(
        status, Map.of("content-type", "application/json"), json.getBytes(StandardCharsets.UTF_8));
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** The headers, in order; unmodifiable. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The body; a copy. */
  public byte[] body() {
    return body.clone();
  }

  @Override
  public String toString() {
    return "LocalResponse[" + status + ", " + body.length + " bytes]";
  }
}
