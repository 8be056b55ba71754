package dev.quintai.core.spi;

import java.util.Locale;
import java.util.Objects;

/**
 * What is known of an HTTP exchange with a language model before any body byte: enough to choose
 * the parser. No header beyond the content types is kept.
 *
 * @param method the request's method, for example {@code POST}
 * @param host the host, lower case, with its port where the URL has one; empty when unknown
 * @param path the path, percent-encoded as on the wire, beginning with {@code /}
 * @param query the query without {@code ?}, as on the wire; empty when there is none
 * @param requestContentType the request's media type with its parameters, or null
 * @param status the response's status, or 0 while it is not known
 * @param responseContentType the response's media type with its parameters, or null
 */
public record LlmHead(
    String method,
    String host,
    String path,
    String query,
    String requestContentType,
    int status,
    String responseContentType) {

  public LlmHead {
    Objects.requireNonNull(method, "method");
    host = host.toLowerCase(Locale.ROOT);
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(query, "query");
  }

  /**
   * The head of a request.
   *
   * @param url an absolute URL, or a path with its query (origin form, as in a request line)
   */
  public static LlmHead of(String method, String url, String requestContentType) {
    String rest = url;
    String host = "";
    int scheme = url.indexOf("://");
    if (scheme >= 0 && url.indexOf('/') > scheme) {
      int from = scheme + 3;
      int slash = from;
      while (slash < url.length() && "/?#".indexOf(url.charAt(slash)) < 0) {
        slash++;
      }
      host =
          url.substring(
              url.lastIndexOf('@', slash) >= from ? url.lastIndexOf('@', slash) + 1 : from, slash);
      rest = url.substring(slash);
    }
    int fragment = rest.indexOf('#');
    rest = fragment < 0 ? rest : rest.substring(0, fragment);
    int question = rest.indexOf('?');
    String path = question < 0 ? rest : rest.substring(0, question);
    return new LlmHead(
        method,
        host,
        path.startsWith("/") ? path : "/" + path,
        question < 0 ? "" : rest.substring(question + 1),
        requestContentType,
        0,
        null);
  }

  /** The same request sent to {@code newHost}, for requests in origin form. */
  public LlmHead withHost(String newHost) {
    return new LlmHead(
        method, newHost, path, query, requestContentType, status, responseContentType);
  }

  /** The same exchange once its response has begun. */
  public LlmHead withResponse(int newStatus, String contentType) {
    return new LlmHead(method, host, path, query, requestContentType, newStatus, contentType);
  }

  /** The host without its port. */
  public String hostName() {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? host : host.substring(0, end + 1);
    }
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }
}
