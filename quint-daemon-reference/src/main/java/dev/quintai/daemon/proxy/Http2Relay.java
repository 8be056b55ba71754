package dev.quintai.daemon.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A client connection and an upstream connection that both speak HTTP/2 (RFC 9113). Each stream of
 * the client's is joined to one stream upstream ({@link Http2Exchange}); flow control on either
 * side holds the other back, so a stream is never kept here beyond its window.
 *
 * <p>The upstream host's limit on concurrent streams is passed on to the client, a GOAWAY too, and
 * server push is switched off.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failed writes on the channel.
final class Http2Relay {
  /** What may wait in one stream, and in one connection, for a slow reader. */
  private static final int STREAM_WINDOW = 1 << 20;

  private static final int CONNECTION_WINDOW = 4 << 20;
  private static final int MAX_STREAMS = 256;

  /** How long the upstream host's settings are awaited; they come with its first packet. */
  private static final long SETTINGS_MILLIS = 1000;

  private final ProxyContext context;
  private final Channel near;
  private final Channel far;
  private final ConnectionInfo info;
  private boolean joined;
  private boolean upstreamEnded;
  private int streams;
  private boolean used;

  Http2Relay(ProxyContext context, Channel near, Channel far, ConnectionInfo info) {
    this.context = context;
    this.near = near;
    this.far = far;
    this.info = info;
  }

  /** Begins, with bytes of the client's that have already come. */
  void start(ByteBuf bytes) {
    near.pipeline().addLast(new HoldHandler(bytes));
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forClient()
            .initialSettings(settings().pushEnabled(false))
            .gracefulShutdownTimeoutMillis(0)
            .validateHeaders(false)
            .build();
    far.pipeline().addLast(codec);
    far.pipeline().addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
    far.pipeline().addLast(new FarHandler());
    near.pipeline().addLast(new NearHandler());
    widen(codec);
    HoldHandler.release(far.pipeline());
    far.config().setAutoRead(true);
  }

  private Http2Settings settings() {
    return Http2Settings.defaultSettings()
        .initialWindowSize(STREAM_WINDOW)
        .maxHeaderListSize(context.limits().headBytes());
  }

  private static void widen(Http2FrameCodec codec) {
    Http2Connection connection = codec.connection();
    try {
      connection
          .local()
          .flowController()
          .incrementWindowSize(
              connection.connectionStream(),
              CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
    } catch (Http2Exception e) {
      throw new IllegalStateException("the connection's window cannot be set", e);
    }
  }

  /** Opens the client's side once the upstream host's settings are known. */
  private void join(long maxStreams) {
    if (joined || !near.isActive()) {
      return;
    }
    joined = true;
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(settings().maxConcurrentStreams(Math.min(maxStreams, MAX_STREAMS)))
            .gracefulShutdownTimeoutMillis(5000)
            .validateHeaders(false)
            .build();
    near.pipeline().remove(NearHandler.class);
    near.pipeline()
        .addLast(
            new IdleStateHandler(
                0, 0, context.limits().idleTimeout().toMillis(), TimeUnit.MILLISECONDS));
    near.pipeline().addLast(codec);
    near.pipeline()
        .addLast(
            new Http2MultiplexHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    open(stream);
                  }
                }));
    near.pipeline().addLast(new NearHandler());
    widen(codec);
    near.pipeline().remove(HoldHandler.class);
    near.config().setAutoRead(true);
  }

  private void open(Channel stream) {
    streams++;
    used = true;
    stream.closeFuture().addListener(closed -> streams--);
    stream.pipeline().addLast(new Http2Exchange(this, context, info, stream).requests());
  }

  /** Whether the upstream connection has ended, and with it what its streams still owed. */
  boolean upstreamEnded() {
    return upstreamEnded;
  }

  /** Opens a stream upstream. */
  Http2StreamChannelBootstrap upstream() {
    return new Http2StreamChannelBootstrap(far);
  }

  private final class NearHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof IdleStateEvent && streams == 0) {
        ctx.close();
      } else {
        ctx.fireUserEventTriggered(event);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (!used && !upstreamEnded) {
        context.leftAfterHandshake(info);
      }
      far.close();
      ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      context.failed(info.host(), info.port(), info.ownerPid(), "client", cause);
      ctx.close();
    }
  }

  private final class FarHandler extends ChannelInboundHandlerAdapter {
    private Future<?> timeout;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      timeout =
          ctx.executor().schedule(() -> join(MAX_STREAMS), SETTINGS_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (message instanceof Http2SettingsFrame frame) {
          timeout.cancel(false);
          Long limit = frame.settings().maxConcurrentStreams();
          join(limit == null ? MAX_STREAMS : limit);
        } else if (message instanceof Http2GoAwayFrame frame && joined) {
          near.writeAndFlush(
              new DefaultHttp2GoAwayFrame(frame.errorCode(), frame.content().retain()));
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      timeout.cancel(false);
      upstreamEnded = true;
      // Streams that were open have been reset by now; this ends the connection behind them.
      Channels.closeOnFlush(near);
      ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      context.failed(info.host(), info.port(), info.ownerPid(), "upstream host", cause);
      ctx.close();
    }
  }
}
