package dev.quintai.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSocket through the proxy: bytes as they are, messages shown. */
class WebSocketTest {
  @TempDir Path directory;

  /** Answers the upgrade, then sends every message back in two fragments with a ping between. */
  private static void echo(TestUpstream.Connection connection, String extensions) throws Exception {
    String head = connection.head();
    String key = head.replaceAll("(?is).*sec-websocket-key: (.*?)\r\n.*", "$1");
    String accept =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-1")
                    .digest(
                        (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                            .getBytes(StandardCharsets.US_ASCII)));
    connection.sendHead(
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Accept: " + accept + (extensions == null ? "" : "\r\n" + extensions));
    DataInputStream in = new DataInputStream(connection.in);
    while (true) {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte() & 0x7f;
      length = length == 126 ? in.readUnsignedShort() : length;
      if (length == 127) {
        length = (int) in.readLong();
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < length; i++) {
        payload[i] ^= mask[i & 3];
      }
      if ((first & 0x0f) == 8) {
        connection.send(frame(0x88, payload));
        return;
      }
      if ((first & 0x0f) == 10) {
        continue;
      }
      int half = length / 2;
      boolean last = (first & 0x80) != 0;
      connection.send(frame(first & 0x7f, Arrays.copyOf(payload, half)));
      connection.send(frame(0x89, new byte[] {'p'}));
      connection.send(frame(last ? 0x80 : 0, Arrays.copyOfRange(payload, half, length)));
    }
  }

  private static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    if (payload.length < 126) {
      out.write(payload.length);
    } else if (payload.length < 65536) {
      out.write(126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    } else {
      out.write(127);
      out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    out.writeBytes(payload);
    return out.toByteArray();
  }

  @Test
  void showsMessagesOfBothSides() throws Exception {
    try (ProxyFixture fixture = ProxyFixture.tls(directory, c -> echo(c, null))) {
      BlockingQueue<String> received = new LinkedBlockingQueue<>();
      WebSocket socket =
          fixture
              .client(HttpClient.Version.HTTP_1_1)
              .newWebSocketBuilder()
              .buildAsync(
                  URI.create("wss://" + ProxyFixture.HOST + "/v1/responses"), collect(received))
              .get(20, TimeUnit.SECONDS);
      String large = "wörter ".repeat(20_000);
      socket.sendText("{\"type\":\"response.create\"}", true).get(20, TimeUnit.SECONDS);
      assertThat(Recorder.take(received)).isEqualTo("{\"type\":\"response.create\"}");
      socket.sendText(large, true).get(20, TimeUnit.SECONDS);
      assertThat(Recorder.take(received)).isEqualTo(large);
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").get(20, TimeUnit.SECONDS);
      Recorder.Seen seen = fixture.recorder.next().await();
      assertThat(seen.request.webSocket()).isTrue();
      assertThat(seen.response.status()).isEqualTo(101);
      assertThat(seen.messages).hasSize(4);
      assertThat(text(seen.messages.get(0))).isEqualTo("{\"type\":\"response.create\"}");
      assertThat(seen.messages.get(0).fromClient()).isTrue();
      assertThat(text(seen.messages.get(1))).isEqualTo("{\"type\":\"response.create\"}");
      assertThat(seen.messages.get(1).fromClient()).isFalse();
      assertThat(text(seen.messages.get(2))).isEqualTo(large);
      assertThat(text(seen.messages.get(3))).isEqualTo(large);
      assertThat(seen.messagesLost.get()).isZero();
    }
  }

  private static String text(WebSocketMessage message) {
    return new String(message.payload(), StandardCharsets.UTF_8);
  }

  private static WebSocket.Listener collect(BlockingQueue<String> received) {
    return new WebSocket.Listener() {
      private final StringBuilder whole = new StringBuilder();

      @Override
      public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        whole.append(data);
        if (last) {
          received.add(whole.toString());
          whole.setLength(0);
        }
        socket.request(1);
        return null;
      }
    };
  }

  @Test
  void inflatesMessagesWithAndWithoutContextTakeover() throws Exception {
    for (boolean fresh : new boolean[] {true, false}) {
      Recorder.Seen seen = new Recorder.Seen(null, null);
      WebSocketTap tap = tap(seen, fresh, 1 << 20);
      Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
      Random random = new Random(3);
      ByteArrayOutputStream wire = new ByteArrayOutputStream();
      for (int i = 0; i < 20; i++) {
        byte[] message =
            ("{\"n\":" + i + ",\"text\":\"" + "abc ".repeat(i * 40) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        wire.writeBytes(frame(0xc1, deflate(deflater, message)));
        if (fresh) {
          deflater.reset();
        }
      }
      byte[] all = wire.toByteArray();
      int at = 0;
      while (at < all.length) {
        int count = Math.min(all.length - at, 1 + random.nextInt(40));
        io.netty.buffer.ByteBuf part = io.netty.buffer.Unpooled.wrappedBuffer(all, at, count);
        tap.feed(part);
        at += count;
      }
      assertThat(seen.messages).hasSize(20);
      assertThat(text(seen.messages.get(19))).startsWith("{\"n\":19,").endsWith("abc \"}");
      assertThat(seen.messagesLost.get()).isZero();
    }
  }

  @Test
  void countsWhatIsTooLongOrBrokenAndKeepsTheNextMessage() throws Exception {
    Recorder.Seen seen = new Recorder.Seen(null, null);
    WebSocketTap tap = tap(seen, false, 100);
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    byte[] bomb = deflate(deflater, new byte[1 << 20]);
    tap.feed(io.netty.buffer.Unpooled.wrappedBuffer(frame(0xc1, bomb)));
    assertThat(seen.messagesLost.get()).isEqualTo(1 << 20);
    byte[] next = deflate(deflater, "after".getBytes(StandardCharsets.UTF_8));
    tap.feed(io.netty.buffer.Unpooled.wrappedBuffer(frame(0xc1, next)));
    assertThat(text(seen.messages.get(0))).isEqualTo("after");
    tap.feed(io.netty.buffer.Unpooled.wrappedBuffer(new byte[] {(byte) 0xf3, 1, 2}));
    assertThat(seen.messagesLost.get()).isGreaterThan(1 << 20);
  }

  private static WebSocketTap tap(Recorder.Seen seen, boolean fresh, int limit) throws IOException {
    ProxyContext context =
        new ProxyContext(
            new Recorder() {
              @Override
              public Exchange exchange(ConnectionInfo connection, RequestHead request) {
                return seen;
              }
            },
            (host, port) -> true,
            ProxyLimits.defaults(),
            null,
            null,
            null,
            null,
            null,
            java.time.InstantSource.system());
    RequestHead head =
        new RequestHead("GET", "https", "h", 443, "/", "HTTP/1.1", null, null, null, true);
    return new WebSocketTap(
        ExchangeTap.open(context, null, head),
        false,
        new WebSocketTap.Agreement(true, fresh, fresh),
        limit);
  }

  private static byte[] deflate(Deflater deflater, byte[] message) {
    deflater.setInput(message);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[4096];
    int count;
    do {
      count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
      out.write(buffer, 0, count);
    } while (count == buffer.length);
    byte[] all = out.toByteArray();
    return Arrays.copyOf(all, all.length - 4); // without the empty block
  }
}
