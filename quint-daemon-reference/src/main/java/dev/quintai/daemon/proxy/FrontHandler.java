package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The first handler of a client's connection: reads its first request's head and chooses a way. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes on the channel.
final class FrontHandler extends ChannelInboundHandlerAdapter {
  private final ProxyContext context;
  private final Client client;
  private ByteBuf held;
  private int scanned;
  private Future<?> timeout;

  FrontHandler(ProxyContext context, Client client) {
    this.context = context;
    this.client = client;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timeout =
        ctx.executor()
            .schedule(
                (Runnable) ctx::close,
                context.limits().handshakeTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    timeout.cancel(false);
    if (held != null) {
      held.release();
      held = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (held == null) {
      held = in;
    } else {
      held.writeBytes(in);
      in.release();
    }
    int end = endOfHead();
    if (end > 0) {
      choose(ctx, end);
    } else if (held.readableBytes() > context.limits().headBytes()) {
      refuse(ctx, LocalResponse.text(431, "Quint: the request's head is too long."), "too long");
    }
  }

  /** Where the head ends in what is held, or 0. */
  private int endOfHead() {
    int from = held.readerIndex();
    for (int i = Math.max(from, scanned - 3); i < held.writerIndex(); i++) {
      if (held.getByte(i) == '\n') {
        int before = i - 1;
        if (before >= from && held.getByte(before) == '\r') {
          before--;
        }
        if (before >= from && held.getByte(before) == '\n') {
          return i + 1;
        }
      }
    }
    scanned = held.writerIndex();
    return 0;
  }

  private void choose(ChannelHandlerContext ctx, int end) {
    byte[] bytes = ByteBufUtil.getBytes(held, held.readerIndex(), end - held.readerIndex(), true);
    boolean connect =
        new String(bytes, 0, Math.min(8, bytes.length), StandardCharsets.US_ASCII)
            .equals("CONNECT ");
    ByteBuf rest = held;
    held = null;
    ctx.channel().config().setAutoRead(false);
    if (!connect) {
      ctx.pipeline().remove(this);
      Http1Relay.plain(context, client).start(rest);
      return;
    }
    try {
      Http1Head head = Http1Head.request(bytes);
      Optional<HostPort> target = HostPort.parse(head.target(), -1);
      if (target.isEmpty()) {
        throw new Http1Exception("CONNECT does not name HOST:PORT");
      }
      rest.readerIndex(end);
      ctx.pipeline().remove(this);
      new ConnectFlow(context, client, target.get()).start(rest);
    } catch (Http1Exception e) {
      rest.release();
      refuse(ctx, LocalResponse.text(400, "Quint: " + e.getMessage() + "."), e.getMessage());
    }
  }

  private void refuse(ChannelHandlerContext ctx, LocalResponse response, String detail) {
    context.event(ProxyEvent.Kind.REQUEST_REFUSED, "", 0, client.pid(), detail);
    ctx.write(LocalAnswer.http1(ctx.alloc(), response, true, false));
    Channels.closeOnFlush(ctx.channel());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
