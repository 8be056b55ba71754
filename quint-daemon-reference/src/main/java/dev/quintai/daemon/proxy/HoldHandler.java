package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps what a connection delivers while nobody is there to take it: reading is off then, so this
 * is at most what one read brought. Removing it hands everything on.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes on the channel.
final class HoldHandler extends ChannelInboundHandlerAdapter {
  private final Queue<Object> held = new ArrayDeque<>();

  HoldHandler() {}

  /** Holds bytes that have already come, before any others. */
  HoldHandler(ByteBuf first) {
    held.add(first);
  }

  /** Hands on what the pipeline's first hold handler has, if there is one. */
  static void release(ChannelPipeline pipeline) {
    HoldHandler hold = pipeline.get(HoldHandler.class);
    if (hold != null) {
      pipeline.remove(hold);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    held.add(message);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    boolean any = !held.isEmpty();
    for (Object message = held.poll(); message != null; message = held.poll()) {
      if (ctx.channel().isActive()) {
        ctx.fireChannelRead(message);
      } else {
        ReferenceCountUtil.release(message);
      }
    }
    if (any) {
      ctx.fireChannelReadComplete();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
