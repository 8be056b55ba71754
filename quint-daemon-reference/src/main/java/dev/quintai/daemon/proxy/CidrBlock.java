package dev.quintai.daemon.proxy;

import io.netty.util.NetUtil;
import java.util.Optional;

/** A block of addresses in CIDR notation. */
final class CidrBlock {
  private final byte[] network;
  private final int prefix;

  private CidrBlock(byte[] network, int prefix) {
    this.network = network;
    this.prefix = prefix;
  }

  static Optional<CidrBlock> parse(String text) {
    int slash = text.indexOf('/');
    byte[] network =
        slash < 1 ? null : NetUtil.createByteArrayFromIpAddressString(text.substring(0, slash));
    if (network == null) {
      return Optional.empty();
    }
    try {
      int prefix = Integer.parseInt(text.substring(slash + 1));
      return prefix < 0 || prefix > network.length * 8
          ? Optional.empty()
          : Optional.of(new CidrBlock(network, prefix));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether a host is an address literal in the block. */
  boolean contains(String host) {
    byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
    if (address == null || address.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> (bit & 7);
      if (((address[bit >> 3] ^ network[bit >> 3]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
