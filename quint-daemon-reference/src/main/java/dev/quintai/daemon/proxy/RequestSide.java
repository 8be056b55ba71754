package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import java.util.Optional;

/**
 * The requests of one HTTP/1 client connection. A request's head waits here until there is a
 * connection to its host, room for it, and no upgrade undecided; its body then goes on as it comes.
 */
final class RequestSide implements Http1Framer.Sink {
  /** A body up to this size is read to its end before the proxy answers in the host's place. */
  private static final long MAX_DISCARDED = 1 << 20;

  private final ProxyContext context;
  private final Http1Relay relay;
  private final Http1Framer framer;
  private final String scheme;
  private LocalResponse failure;

  // The head that waits.
  private Http1Head waiting;
  private HostPort target;
  private String path;
  private boolean dialling;
  private boolean asked;

  // The request whose body comes.
  private ExchangeTap tap;
  private LocalResponse answer;
  private boolean answerHeadOnly;
  private boolean closeAfterAnswer;

  RequestSide(ProxyContext context, Http1Relay relay, String scheme, LocalResponse failure) {
    this.context = context;
    this.relay = relay;
    this.scheme = scheme;
    this.failure = failure;
    this.framer = new Http1Framer(true, context.limits().headBytes(), this);
  }

  Http1Framer framer() {
    return framer;
  }

  @Override
  public void head(Http1Head head) throws Http1Exception {
    if (head.method().equals("CONNECT")) {
      throw new Http1Exception("CONNECT inside a connection");
    }
    Http1Messages.requestBody(head);
    waiting = head;
    asked = false;
    locate(head);
    proceed();
  }

  /** Finds out which host and path the request is for. */
  private void locate(Http1Head head) throws Http1Exception {
    String whole = head.target();
    if (!whole.regionMatches(true, 0, "http://", 0, 7)) {
      if (!relay.intercepted()) {
        throw new Http1Exception(
            whole.toLowerCase(Locale.ROOT).startsWith("https://")
                ? "an https URL needs CONNECT"
                : "this is a proxy: the request must name a whole http URL");
      }
      target = relay.host();
      path = whole;
      return;
    }
    int slash = whole.indexOf('/', 7);
    int query = whole.indexOf('?', 7);
    int end = slash < 0 ? query : query < 0 ? slash : Math.min(slash, query);
    String authority = whole.substring(7, end < 0 ? whole.length() : end);
    String rest = end < 0 ? "/" : whole.substring(end);
    path = rest.startsWith("?") ? "/" + rest : rest;
    int at = authority.lastIndexOf('@');
    Optional<HostPort> named = HostPort.parse(authority.substring(at + 1), 80);
    if (named.isEmpty()) {
      throw new Http1Exception("the URL does not name a host");
    }
    target = relay.intercepted() ? relay.host() : named.get();
  }

  /** Moves the waiting head on as far as it can go now. */
  void proceed() {
    if (waiting == null || dialling) {
      return;
    }
    if (failure != null) {
      if (relay.quiet()) {
        answerLocally(failure);
      }
      return;
    }
    if (!asked && (!relay.roomForRequest() || relay.upgradePending())) {
      return;
    }
    if (!target.equals(relay.host())) {
      if (relay.quiet()) {
        dialling = true;
        relay.redial(target);
      }
      return;
    }
    if (!asked) {
      asked = true;
      tap = open(waiting);
      answer = tap == null ? null : tap.answer();
    }
    if (answer == null) {
      forward();
    } else if (relay.quiet()) {
      answerLocally(answer);
    }
  }

  void connected() {
    dialling = false;
  }

  void unreachable(LocalResponse response) {
    dialling = false;
    if (waiting != null) {
      answerLocally(response);
    }
  }

  private ExchangeTap open(Http1Head head) {
    ConnectionInfo info = relay.info();
    if (info.kind() == ConnectionInfo.Kind.PLAIN) {
      return null;
    }
    return ExchangeTap.open(
        context,
        info,
        new RequestHead(
            head.method(),
            scheme,
            info.host(),
            info.port(),
            path,
            head.requestVersion(),
            head.header("content-type"),
            head.joined("content-encoding"),
            head.header("user-agent"),
            head.lists("upgrade", "websocket")));
  }

  private void forward() {
    Http1Head head = waiting;
    waiting = null;
    boolean upgrade = head.header("upgrade") != null && !head.lists("upgrade", "h2c");
    boolean absolute = head.target().regionMatches(true, 0, "http://", 0, 7);
    byte[] bytes =
        relay.info().kind() == ConnectionInfo.Kind.INTERCEPTED && tap == null
            ? head.bytes()
            : Http1Messages.upstreamHead(
                head,
                absolute && !relay.absoluteForm() ? path : null,
                tap != null && tap.mayGate(),
                relay.parentAuthorization());
    Http1Relay.Pending request =
        new Http1Relay.Pending(
            head.method(), head.requestVersion().equals("HTTP/1.1"), tap, upgrade);
    relay.add(request);
    relay.sendUpstream(Unpooled.wrappedBuffer(bytes));
    expect(head);
  }

  /**
   * Answers in the host's place once the request is read, or at once where that would take long.
   */
  private void answerLocally(LocalResponse response) {
    Http1Head head = waiting;
    waiting = null;
    answer = response;
    answerHeadOnly = head.method().equals("HEAD");
    closeAfterAnswer =
        head.lists("connection", "close") || head.requestVersion().equals("HTTP/1.0");
    try {
      Http1Messages.Body body = Http1Messages.requestBody(head);
      boolean wait =
          body.framing() == Http1Framer.Framing.NONE
              || (body.framing() == Http1Framer.Framing.LENGTH
                  && body.length() <= MAX_DISCARDED
                  && head.header("expect") == null);
      if (wait) {
        framer.expect(body.framing(), body.length());
      } else {
        closeAfterAnswer = true;
        sendAnswer();
      }
    } catch (Http1Exception e) {
      throw new IllegalStateException("the framing was checked before", e);
    }
  }

  private void sendAnswer() {
    LocalResponse response = answer;
    ExchangeTap finished = tap;
    answer = null;
    tap = null;
    relay.sendClient(
        LocalAnswer.http1(relay.near().alloc(), response, closeAfterAnswer, answerHeadOnly));
    if (finished != null) {
      finished.abandon(BodyEnd.Outcome.ABORTED, BodyEnd.Outcome.ANSWERED);
    }
    if (closeAfterAnswer) {
      relay.close(false);
    } else {
      relay.near().flush();
    }
  }

  private void expect(Http1Head head) {
    try {
      Http1Messages.Body body = Http1Messages.requestBody(head);
      framer.expect(body.framing(), body.length());
    } catch (Http1Exception e) {
      throw new IllegalStateException("the framing was checked before", e);
    }
  }

  @Override
  public void data(ByteBuf in, int index, int length) {
    if (tap != null) {
      tap.requestData(in, index, length);
    }
  }

  @Override
  public void wire(ByteBuf in, int index, int length) {
    if (answer == null && length > 0) {
      relay.sendUpstream(in.retainedSlice(index, length));
    }
  }

  @Override
  public void end() {
    if (tap != null) {
      tap.requestEnd(BodyEnd.Outcome.COMPLETE);
    }
    if (answer != null) {
      sendAnswer();
      return;
    }
    tap = null;
  }

  /** The connection is at its end; a request that was not passed on ends here. */
  void gone() {
    waiting = null;
    if (tap != null) {
      tap.abandon(BodyEnd.Outcome.CUT, BodyEnd.Outcome.ABORTED);
      tap = null;
    }
  }
}
