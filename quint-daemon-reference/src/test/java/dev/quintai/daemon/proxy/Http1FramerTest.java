package dev.quintai.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Message boundaries, found wherever the input is cut. */
class Http1FramerTest {
  /** Collects what a framer reports. */
  private static final class Collected implements Http1Framer.Sink {
    final StringBuilder wire = new StringBuilder();
    final List<String> bodies = new ArrayList<>();
    final StringBuilder body = new StringBuilder();
    Http1Framer framer;

    @Override
    public void head(Http1Head head) throws Http1Exception {
      wire.append(new String(head.bytes(), StandardCharsets.ISO_8859_1));
      Http1Messages.Body framing = Http1Messages.requestBody(head);
      framer.expect(framing.framing(), framing.length());
    }

    @Override
    public void data(ByteBuf in, int index, int length) {
      body.append(in.toString(index, length, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void wire(ByteBuf in, int index, int length) {
      wire.append(in.toString(index, length, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void end() {
      bodies.add(body.toString());
      body.setLength(0);
    }
  }

  private static final String STREAM =
      "GET /a HTTP/1.1\r\nA: b\r\n\r\n"
          + "POST /b HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789"
          + "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "5\r\nhello\r\n1;name=\"value\"\r\n \r\n00000a\r\nchunkedlot\r\n0\r\nT: x\r\n\r\n"
          + "POST /d HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
          + "POST /e HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
          + "PUT /f HTTP/1.1\r\nContent-Length: 1\r\n\r\nx";

  private static Collected read(String text, List<Integer> cuts) throws Http1Exception {
    Collected collected = new Collected();
    Http1Framer framer = new Http1Framer(true, 4096, collected);
    collected.framer = framer;
    int at = 0;
    int turn = 0;
    while (at < text.length()) {
      int count = Math.min(text.length() - at, cuts.get(turn++ % cuts.size()));
      framer.feed(
          Unpooled.wrappedBuffer(
              text.substring(at, at + count).getBytes(StandardCharsets.ISO_8859_1)));
      at += count;
    }
    return collected;
  }

  @Property(tries = 300)
  void readsTheSameMessagesAtAnyCut(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 60) Integer> cuts)
      throws Http1Exception {
    Collected collected = read(STREAM, cuts);
    assertThat(collected.wire.toString()).isEqualTo(STREAM);
    assertThat(collected.bodies).containsExactly("", "0123456789", "hello chunkedlot", "", "", "x");
  }

  @Test
  void refusesChunksThatCanBeReadInTwoWays() {
    String head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (String odd :
        List.of(
            "\r\n",
            "-1\r\n",
            "0x5\r\nhello\r\n",
            "5\nhello\r\n",
            "5\r\nhello!\r\n",
            "5\r\nhello\n",
            "fffffffffffffffff\r\n",
            "5\rX\nhello")) {
      assertThatThrownBy(() -> read(head + odd, List.of(7)))
          .as(odd)
          .isInstanceOf(Http1Exception.class);
    }
  }

  @Test
  void boundsTheHead() {
    assertThatThrownBy(() -> read("GET /" + "a".repeat(5000) + " HTTP/1.1\r\n\r\n", List.of(100)))
        .isInstanceOf(Http1Exception.class)
        .hasMessageContaining("4096");
  }
}
