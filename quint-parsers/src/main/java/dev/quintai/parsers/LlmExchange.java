package dev.quintai.parsers;

import dev.quintai.core.spi.LlmHead;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * One recorded HTTP exchange. The bodies are the remaining bytes of their buffers, which are not
 * copied and must not be changed while they are read; their positions stay as they are.
 *
 * @param head method, URL, content types and status
 * @param request the request's body, possibly empty
 * @param requestEncoding its content encoding, or null
 * @param response the response's body, possibly empty
 * @param responseEncoding its content encoding, or null
 */
public record LlmExchange(
    LlmHead head,
    ByteBuffer request,
    String requestEncoding,
    ByteBuffer response,
    String responseEncoding) {

  public LlmExchange {
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(response, "response");
  }

  /** An exchange whose bodies are not compressed. */
  public static LlmExchange of(LlmHead head, byte[] request, byte[] response) {
    return new LlmExchange(head, ByteBuffer.wrap(request), null, ByteBuffer.wrap(response), null);
  }
}
