package dev.quintai.daemon.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;

/** The ways a connection ends. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes on the channel.
final class Channels {
  private Channels() {}

  /** Closes after what was written has gone out. */
  static void closeOnFlush(Channel channel) {
    if (channel.isActive()) {
      channel.config().setAutoRead(false);
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else {
      channel.close();
    }
  }

  /**
   * Ends the connection so that the other side cannot take it for a regular end: what was written
   * goes out, then the connection is reset, without TLS's close_notify.
   */
  static void resetOnFlush(Channel channel) {
    if (!channel.isActive()) {
      channel.close();
      return;
    }
    channel.config().setAutoRead(false);
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done -> {
              channel.config().setOption(ChannelOption.SO_LINGER, 0);
              ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
              if (tls == null) {
                channel.close();
              } else {
                tls.close(); // passes by the TLS handler, which would say goodbye first
              }
            });
  }
}
