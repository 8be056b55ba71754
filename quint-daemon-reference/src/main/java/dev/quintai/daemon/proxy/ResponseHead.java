package dev.quintai.daemon.proxy;

/**
 * The head of a final response (1xx responses are forwarded and not reported).
 *
 * @param status the status code
 * @param contentType the content type, or null
 * @param contentEncoding the content codings, or null
 * @param requestId the provider's id of the request ({@code request-id}, {@code x-request-id},
 *     {@code x-amzn-requestid}), or null
 * @param decodable whether the body's content codings can be undone here; where they cannot, the
 *     observer is given no body bytes and a gate is given the bytes as they came
 */
public record ResponseHead(
    int status, String contentType, String contentEncoding, String requestId, boolean decodable) {}
