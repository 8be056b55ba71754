package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class IpTextTest {

  private static String text(String hex) {
    return IpText.of(HexFormat.of().parseHex(hex));
  }

  @Test
  void ipv4() {
    assertThat(text("c0000207")).isEqualTo("192.0.2.7");
    assertThat(text("ffffffff")).isEqualTo("255.255.255.255");
  }

  /** The examples of RFC 5952, sections 4 and 5. */
  @Test
  void ipv6AsInRfc5952() {
    assertThat(text("20010db8000000000000000000000001")).isEqualTo("2001:db8::1");
    assertThat(text("20010db8000000010001000100010001")).isEqualTo("2001:db8:0:1:1:1:1:1");
    assertThat(text("20010000000000010000000000000001")).isEqualTo("2001:0:0:1::1");
    assertThat(text("20010db8000000000001000000000001")).isEqualTo("2001:db8::1:0:0:1");
    assertThat(text("00000000000000000000000000000000")).isEqualTo("::");
    assertThat(text("00000000000000000000000000000001")).isEqualTo("::1");
    assertThat(text("fe800000000000000000000000000000")).isEqualTo("fe80::");
  }

  @Test
  void anIpv4AddressInIpv6IsTheIpv4AddressThatItReaches() {
    assertThat(text("00000000000000000000ffffc0000207")).isEqualTo("192.0.2.7");
  }

  @Property
  void readBackItIsTheSameAddress(@ForAll @Size(16) byte[] address) throws Exception {
    InetAddress[] read = InetAddress.getAllByName(IpText.of(address));
    assertThat(read[0]).isInstanceOf(Inet6Address.class);
    assertThat(read[0].getAddress()).isEqualTo(address);
  }
}
