package dev.quintai.daemon.proxy;

/**
 * The head of a request. Credentials (Authorization, Cookie, API keys) are never part of it.
 *
 * @param method the method, as sent
 * @param scheme {@code https} or {@code http}
 * @param host the host that the request names, without port
 * @param port the port that was dialled
 * @param path path and query, as sent; a query may hold an API key ({@code ?key=}), so redact it
 *     before it is shown or sent anywhere
 * @param httpVersion {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2}
 * @param contentType the content type, or null
 * @param contentEncoding the content codings, or null
 * @param userAgent the client's name for itself, or null
 * @param webSocket whether it asks for an upgrade to WebSocket
 */
public record RequestHead(
    String method,
    String scheme,
    String host,
    int port,
    String path,
    String httpVersion,
    String contentType,
    String contentEncoding,
    String userAgent,
    boolean webSocket) {}
