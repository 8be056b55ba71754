package dev.quintai.daemon.proxy;

import dev.quintai.daemon.ca.LeafCertificate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A scripted server that speaks HTTP/2 only. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Http2Upstream implements Closeable {
  /** Called on the event loop when a request is whole. */
  interface Script {
    void answer(Stream stream, Http2Headers request, byte[] body) throws Exception;
  }

  /** One stream. */
  static final class Stream {
    final Channel channel;

    Stream(Channel channel) {
      this.channel = channel;
    }

    void headers(String status, boolean end, String... namesAndValues) {
      Http2Headers headers = new DefaultHttp2Headers().status(status);
      for (int i = 0; i < namesAndValues.length; i += 2) {
        headers.add(namesAndValues[i], namesAndValues[i + 1]);
      }
      channel.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end));
    }

    void trailers(String name, String value) {
      channel.writeAndFlush(
          new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().add(name, value), true));
    }

    void data(String text, boolean end) {
      data(text.getBytes(StandardCharsets.UTF_8), end);
    }

    void data(byte[] bytes, boolean end) {
      channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), end));
    }
  }

  final BlockingQueue<Long> resets = new LinkedBlockingQueue<>();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel server;

  Http2Upstream(LeafCertificate leaf, Script script) throws Exception {
    SslContext tls =
        SslContextBuilder.forServer(leaf.key(), leaf.chain())
            .applicationProtocolConfig(UpstreamTls.protocolConfig(List.of("h2")))
            .build();
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().build());
                    channel
                        .pipeline()
                        .addLast(
                            new Http2MultiplexHandler(
                                new ChannelInitializer<Channel>() {
                                  @Override
                                  protected void initChannel(Channel stream) {
                                    stream.pipeline().addLast(new Handler(script));
                                  }
                                }));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Handler extends ChannelInboundHandlerAdapter {
    private final Script script;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Http2Headers request;

    Handler(Script script) {
      this.script = script;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
      boolean end = false;
      if (message instanceof Http2HeadersFrame frame) {
        request = request == null ? frame.headers() : request;
        end = frame.isEndStream();
      } else if (message instanceof Http2DataFrame frame) {
        byte[] bytes = new byte[frame.content().readableBytes()];
        frame.content().readBytes(bytes);
        body.writeBytes(bytes);
        end = frame.isEndStream();
      }
      ReferenceCountUtil.release(message);
      if (end) {
        script.answer(new Stream(ctx.channel()), request, body.toByteArray());
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof Http2ResetFrame reset) {
        resets.add(reset.errorCode());
      }
      ReferenceCountUtil.release(event);
    }
  }
}
