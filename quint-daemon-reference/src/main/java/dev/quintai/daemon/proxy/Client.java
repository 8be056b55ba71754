package dev.quintai.daemon.proxy;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** A client's connection, and who is behind it. */
final class Client {
  private final Channel channel;
  private final InetSocketAddress address;
  private final CompletableFuture<ConnectionOwner.Owner> owner;

  Client(
      Channel channel, InetSocketAddress address, CompletableFuture<ConnectionOwner.Owner> owner) {
    this.channel = channel;
    this.address = address;
    this.owner = owner;
  }

  Channel channel() {
    return channel;
  }

  InetSocketAddress address() {
    return address;
  }

  CompletableFuture<ConnectionOwner.Owner> owner() {
    return owner;
  }

  /** The process, or -1 when it is not (yet) known. */
  long pid() {
    return owner.getNow(ConnectionOwner.Owner.UNKNOWN).pid();
  }
}
