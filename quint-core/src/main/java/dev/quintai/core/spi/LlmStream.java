package dev.quintai.core.spi;

import java.nio.ByteBuffer;

/**
 * One body on its way through a parser. Bytes go in as they come, decompressed; events come out to
 * the {@link LlmHandler} from within {@link #feed} and {@link #end}, and are the same for every
 * split of the same bytes. Not thread-safe. Bad input is reported as a finding and never thrown; an
 * exception of the handler passes through, after which the stream must not be used.
 *
 * <p>A proxy that must hold back a tool call forwards bytes only up to {@link #settled()}: all that
 * those bytes mean has been told by then.
 */
public interface LlmStream {

  /**
   * Takes the remaining bytes of the buffer; none is kept after the call returns. For a stream of
   * messages one call takes exactly one whole message.
   */
  void feed(ByteBuffer bytes);

  /** The body is over, complete or cut. Further calls of this method do nothing. */
  void end();

  /** How many bytes were taken. */
  long position();

  /**
   * The offset up to which everything the bytes mean has been told: the end of the last whole
   * frame, or the beginning of the body while a body without frames goes on.
   */
  long settled();

  /** How many values were cut or passed over at a limit. */
  long truncations();

  /** How many findings were reported, cuts at limits among them. */
  long findings();
}
