package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.timeout.IdleStateEvent;

/**
 * One direction of a joined pair of connections: bytes go on as they come, reading stops while the
 * peer cannot write, and one side's end of input is passed on alone (half-close).
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes on the channel.
final class Tunnel extends ChannelInboundHandlerAdapter {
  private final Channel peer;
  private long bytes;
  private boolean inputEnded;
  private boolean reset;

  Tunnel(Channel peer) {
    this.peer = peer;
  }

  /** How many bytes have gone this way. */
  long bytes() {
    return bytes;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    bytes += ((ByteBuf) message).readableBytes();
    peer.write(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    peer.flush();
    if (!peer.isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    peer.config().setAutoRead(ctx.channel().isWritable());
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE && !inputEnded) {
      inputEnded = true;
      Tunnel other = peer.pipeline().get(Tunnel.class);
      boolean both = other != null && other.inputEnded;
      peer.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(
              done -> {
                if (both) {
                  peer.close();
                  ctx.close();
                } else if (peer instanceof DuplexChannel duplex) {
                  duplex.shutdownOutput();
                } else {
                  peer.close();
                }
              });
    } else if (event instanceof IdleStateEvent) {
      ctx.close();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (reset) {
      Channels.resetOnFlush(peer);
    } else {
      Channels.closeOnFlush(peer);
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    reset = true;
    ctx.close();
  }
}
