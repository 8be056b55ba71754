package dev.quintai.daemon.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** An observer that keeps what it is shown. */
class Recorder implements ExchangeObserver {
  /** One exchange. */
  static final class Seen implements ExchangeObserver.Exchange {
    final ConnectionInfo connection;
    final RequestHead request;
    final ByteArrayOutputStream requestBody = new ByteArrayOutputStream();
    final ByteArrayOutputStream responseBody = new ByteArrayOutputStream();
    final List<WebSocketMessage> messages = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch ended = new CountDownLatch(2);
    final BlockingQueue<String> parts = new LinkedBlockingQueue<>();
    volatile ResponseHead response;
    volatile BodyEnd requestEnd;
    volatile BodyEnd responseEnd;
    final AtomicLong messagesLost = new AtomicLong();
    volatile LocalResponse answer;
    volatile boolean mayGate;
    volatile Function<ResponseHead, ResponseGate> gate = head -> null;

    Seen(ConnectionInfo connection, RequestHead request) {
      this.connection = connection;
      this.request = request;
    }

    @Override
    public LocalResponse answer() {
      return answer;
    }

    @Override
    public boolean mayGate() {
      return mayGate;
    }

    @Override
    public void requestData(byte[] bytes, int offset, int length) {
      requestBody.write(bytes, offset, length);
    }

    @Override
    public void requestEnd(BodyEnd end) {
      if (requestEnd != null) {
        throw new AssertionError("the request ended twice");
      }
      requestEnd = end;
      ended.countDown();
    }

    @Override
    public ResponseGate response(ResponseHead head) {
      response = head;
      return gate.apply(head);
    }

    @Override
    public void responseData(byte[] bytes, int offset, int length) {
      responseBody.write(bytes, offset, length);
      parts.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void message(WebSocketMessage message) {
      messages.add(message);
    }

    @Override
    public void messagesLost(boolean fromClient, long lostBytes) {
      messagesLost.addAndGet(lostBytes);
    }

    @Override
    public void responseEnd(BodyEnd end) {
      if (responseEnd != null) {
        throw new AssertionError("the response ended twice");
      }
      responseEnd = end;
      ended.countDown();
    }

    Seen await() throws InterruptedException {
      if (!ended.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("the exchange did not end: " + request);
      }
      return this;
    }

    String responseText() {
      return responseBody.toString(StandardCharsets.UTF_8);
    }

    String requestText() {
      return requestBody.toString(StandardCharsets.UTF_8);
    }
  }

  final BlockingQueue<Seen> exchanges = new LinkedBlockingQueue<>();
  final BlockingQueue<ConnectionInfo> opened = new LinkedBlockingQueue<>();
  final BlockingQueue<ConnectionInfo> closed = new LinkedBlockingQueue<>();
  final BlockingQueue<ProxyEvent> events = new LinkedBlockingQueue<>();
  volatile java.util.function.Consumer<Seen> onExchange = seen -> {};

  @Override
  public void connectionOpened(ConnectionInfo connection) {
    opened.add(connection);
  }

  @Override
  public void connectionClosed(ConnectionInfo connection) {
    closed.add(connection);
  }

  @Override
  public void event(ProxyEvent event) {
    events.add(event);
    if (System.getProperty("quint.test.verbose") != null) {
      System.err.println(event);
    }
  }

  @Override
  public Exchange exchange(ConnectionInfo connection, RequestHead request) {
    Seen seen = new Seen(connection, request);
    onExchange.accept(seen);
    exchanges.add(seen);
    return seen;
  }

  Seen next() throws InterruptedException {
    return take(exchanges);
  }

  static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T one = queue.poll(20, TimeUnit.SECONDS);
    if (one == null) {
      throw new AssertionError("nothing came in 20 seconds");
    }
    return one;
  }
}
