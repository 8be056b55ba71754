package dev.quintai.daemon.proxy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** How HTTP/1 messages are framed and which of their header lines the proxy changes. */
final class Http1Messages {
  private static final Set<String> PROXY_HEADERS =
      Set.of("proxy-connection", "proxy-authorization", "proxy-authenticate");

  private Http1Messages() {}

  /** How a message's body ends, and its length where that is counted. */
  record Body(Http1Framer.Framing framing, long length) {
    static final Body NONE = new Body(Http1Framer.Framing.NONE, 0);
    static final Body CHUNKED = new Body(Http1Framer.Framing.CHUNKED, -1);
    static final Body UNTIL_CLOSE = new Body(Http1Framer.Framing.UNTIL_CLOSE, -1);

    static Body length(long length) {
      return new Body(Http1Framer.Framing.LENGTH, length);
    }
  }

  /** RFC 9112, section 6.3, for requests; what could be read in two ways is refused. */
  static Body requestBody(Http1Head head) throws Http1Exception {
    String coding = head.joined("transfer-encoding");
    long length = head.contentLength();
    if (coding != null) {
      if (length >= 0) {
        throw new Http1Exception("both a content length and a transfer coding");
      }
      if (!coding.equalsIgnoreCase("chunked") || head.requestVersion().equals("HTTP/1.0")) {
        throw new Http1Exception("a transfer coding other than chunked");
      }
      return Body.CHUNKED;
    }
    return length <= 0 ? Body.NONE : Body.length(length);
  }

  /** RFC 9112, section 6.3, for responses. */
  static Body responseBody(Http1Head head, String method) throws Http1Exception {
    int status = head.status();
    if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
      return Body.NONE;
    }
    String coding = head.joined("transfer-encoding");
    if (coding != null) {
      // A list that does not end in chunked ends with the connection.
      return coding.equalsIgnoreCase("chunked") ? Body.CHUNKED : Body.UNTIL_CLOSE;
    }
    long length = head.contentLength();
    return length < 0 ? Body.UNTIL_CLOSE : length == 0 ? Body.NONE : Body.length(length);
  }

  /**
   * Returns an Accept-Encoding value that asks for nothing that cannot be undone here, or null when
   * the present one is fine as it is.
   */
  static String readableEncodings(String acceptEncoding) {
    if (acceptEncoding == null) {
      return null;
    }
    List<String> kept = new ArrayList<>();
    boolean changed = false;
    for (String element : acceptEncoding.split(",")) {
      String coding = element.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
      boolean plain = coding.equals("identity") || coding.isEmpty();
      if (plain || ContentDecoder.supports(coding)) {
        kept.add(element.strip());
      } else {
        changed = true;
      }
    }
    return !changed ? null : kept.isEmpty() ? "identity" : String.join(", ", kept);
  }

  /**
   * Returns the bytes of a request's head as they go upstream.
   *
   * @param origin the path to ask an origin server for where the client named the whole URL, or
   *     null to keep the target
   * @param identity whether to ask for a body without content coding
   * @param parentAuthorization for a parent proxy, or null
   */
  static byte[] upstreamHead(
      Http1Head head, String origin, boolean identity, String parentAuthorization) {
    Set<String> drop = new TreeSet<>();
    Map<String, String> add = new LinkedHashMap<>();
    String encodings = identity ? "identity" : readableEncodings(head.joined("accept-encoding"));
    if (encodings != null) {
      drop.add("accept-encoding");
      add.put("Accept-Encoding", encodings);
    }
    if (head.lists("upgrade", "h2c")) {
      // An upgrade in the clear to HTTP/2 would leave what follows unread.
      drop.add("upgrade");
      drop.add("http2-settings");
      drop.add("connection");
    }
    String startLine = null;
    if (origin != null) {
      startLine = head.method() + " " + origin + " " + head.requestVersion();
    }
    for (String name : PROXY_HEADERS) {
      if (head.header(name) != null) {
        drop.add(name);
      }
    }
    if (parentAuthorization != null) {
      add.put("Proxy-Authorization", parentAuthorization);
    }
    boolean same = startLine == null && drop.isEmpty() && add.isEmpty();
    return same ? head.bytes() : head.with(startLine, drop, add);
  }
}
