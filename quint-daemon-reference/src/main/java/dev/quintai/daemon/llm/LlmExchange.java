package dev.quintai.daemon.llm;

import dev.quintai.core.event.ProcessId;
import dev.quintai.core.spi.LlmDirection;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.core.spi.LlmParser;
import dev.quintai.core.spi.LlmParsers;
import dev.quintai.core.spi.LlmStream;
import dev.quintai.daemon.proxy.BodyEnd;
import dev.quintai.daemon.proxy.ExchangeObserver;
import dev.quintai.daemon.proxy.LocalResponse;
import dev.quintai.daemon.proxy.ResponseGate;
import dev.quintai.daemon.proxy.ResponseHead;
import dev.quintai.daemon.proxy.WebSocketMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One exchange with a model. The format is chosen once enough of the request is known; both bodies
 * then go through the format's parser. Called in order by one event loop; not thread-safe.
 */
final class LlmExchange implements ExchangeObserver.Exchange {

  /** How much of a body the record keeps, in bytes. */
  private static final int KEPT = 256 * 1024;

  private final LlmTraffic traffic;
  private final Trail.Exchange common;
  private final LlmHead head;
  private final boolean webSocket;
  private final BodyCopy requestCopy = new BodyCopy(KEPT);
  private final BodyCopy responseCopy = new BodyCopy(KEPT);
  private final RequestReader requests;
  private final ResponseReader responses;

  /** The beginning of the request until the format is chosen, then null. */
  private byte[] sniffed = new byte[0];

  private LlmParser parser;
  private LlmStream request;
  private LlmStream response;
  private LlmStream fromClient;
  private LlmStream fromServer;
  private LlmHead answered;
  private int status;

  LlmExchange(
      LlmTraffic traffic, LlmHead head, Trail.Exchange common, ProcessId owner, boolean webSocket) {
    this.webSocket = webSocket;
    this.traffic = traffic;
    this.head = head;
    this.common = common;
    this.requests = new RequestReader(traffic, common, owner);
    this.responses = new ResponseReader(traffic, common, owner, requests);
    this.answered = head;
  }

  /**
   * Messages of a WebSocket cannot be held back, so where calls may be refused the upgrade is:
   * agents that try it fall back to server-sent events (RFC 9110, 15.5.22).
   */
  @Override
  public LocalResponse answer() {
    return webSocket && traffic.blocks()
        ? LocalResponse.json(426, "{\"error\":{\"message\":\"websocket not supported\"}}")
        : null;
  }

  @Override
  public boolean mayGate() {
    return traffic.blocks();
  }

  @Override
  public void requestData(byte[] bytes, int offset, int length) {
    requestCopy.add(bytes, offset, length);
    if (sniffed != null) {
      int old = sniffed.length;
      sniffed = Arrays.copyOf(sniffed, old + length);
      System.arraycopy(bytes, offset, sniffed, old, length);
      if (sniffed.length >= LlmParsers.SNIFF_BYTES) {
        choose();
      }
    } else if (request != null) {
      request.feed(ByteBuffer.wrap(bytes, offset, length));
    }
  }

  /** Chooses the format by what is known now, and reads what has come. */
  private void choose() {
    if (sniffed == null) {
      return;
    }
    byte[] beginning = sniffed;
    sniffed = null;
    parser =
        traffic
            .parsers()
            .detect(head, ByteBuffer.wrap(beginning))
            .map(LlmParsers.Choice::parser)
            .orElse(null);
    if (parser == null) {
      return;
    }
    responses.format(parser.format());
    request = parser.open(head, LlmDirection.REQUEST, traffic.limits(), requests);
    request.feed(ByteBuffer.wrap(beginning));
  }

  @Override
  public void requestEnd(BodyEnd end) {
    choose();
    if (request != null) {
      request.end();
    }
    if (!requestCopy.isEmpty()) {
      traffic.trail().request(common, requestCopy.text());
    }
  }

  @Override
  public ResponseGate response(ResponseHead responseHead) {
    choose();
    status = responseHead.status();
    answered = head.withResponse(status, responseHead.contentType());
    if (parser == null || status == 101) {
      return null;
    }
    response = parser.open(answered, LlmDirection.RESPONSE, traffic.limits(), responses);
    if (!traffic.blocks() || status >= 400) {
      return null;
    }
    return new ToolCallGate(
        response, responses, parser.format(), streams(responseHead.contentType()));
  }

  private static boolean streams(String contentType) {
    return contentType != null
        && (contentType.contains("event-stream")
            || contentType.contains("eventstream")
            || contentType.contains("ndjson"));
  }

  @Override
  public void responseData(byte[] bytes, int offset, int length) {
    responseCopy.add(bytes, offset, length);
    if (response != null) {
      response.feed(ByteBuffer.wrap(bytes, offset, length));
    }
  }

  @Override
  public void message(WebSocketMessage message) {
    if (parser == null) {
      return;
    }
    (message.fromClient() ? requestCopy : responseCopy)
        .add(message.payload(), 0, message.payload().length);
    try {
      if (message.fromClient()) {
        if (fromClient == null) {
          fromClient = parser.openMessages(head, LlmDirection.REQUEST, traffic.limits(), requests);
        }
        fromClient.feed(ByteBuffer.wrap(message.payload()));
      } else {
        if (fromServer == null) {
          fromServer =
              parser.openMessages(answered, LlmDirection.RESPONSE, traffic.limits(), responses);
        }
        fromServer.feed(ByteBuffer.wrap(message.payload()));
      }
    } catch (UnsupportedOperationException e) {
      parser = null; // a format without this transport: the bytes pass unread
    }
  }

  @Override
  public void responseEnd(BodyEnd end) {
    for (LlmStream stream : new LlmStream[] {response, fromServer, fromClient}) {
      if (stream != null) {
        stream.end();
      }
    }
    if (status != 0) {
      traffic.trail().response(common, status, responseCopy.text());
    }
  }
}
