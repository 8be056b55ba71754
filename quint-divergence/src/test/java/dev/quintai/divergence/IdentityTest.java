package dev.quintai.divergence;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class IdentityTest {

  @Test
  void paths() {
    assertThat(PathIdentity.canonical("a/../b", "/w", null)).isEqualTo("/w/b");
    assertThat(PathIdentity.canonical("~/x", "/w", "/h")).isEqualTo("/h/x");
    assertThat(PathIdentity.canonical("~bob/x", "/w", "/h")).isNull();
    assertThat(PathIdentity.canonical("x", null, "/h")).isNull();
    assertThat(PathIdentity.canonical("file:///a/b", "/w", null)).isEqualTo("/a/b");
    assertThat(PathIdentity.canonical("/private/tmp/x")).isEqualTo("/tmp/x");
    assertThat(PathIdentity.canonical("/private/tmpx")).isEqualTo("/private/tmpx");
    assertThat(PathIdentity.canonical("/Users/Ann/X")).isEqualTo("/users/ann/x");
    assertThat(PathIdentity.canonical("/a//b/./c/")).isEqualTo("/a/b/c");
    assertThat(PathIdentity.canonical("/../..")).isEqualTo("/");
    assertThat(PathIdentity.leaves("../x")).isTrue();
    assertThat(PathIdentity.leaves("a/../../x")).isTrue();
    assertThat(PathIdentity.leaves("a/../x")).isFalse();
    assertThat(PathIdentity.homeOf("/home/ann/x/y")).isEqualTo("/home/ann");
    assertThat(PathIdentity.homeOf("/root")).isEqualTo("/root");
    assertThat(PathIdentity.homeOf("/srv/x")).isNull();
  }

  /** The short way for paths that need nothing gives what the long way gives. */
  @Property
  void shortAndLongWayAgree(
      @ForAll
          @CharRange(from = '.', to = '/')
          @CharRange(from = 'a', to = 'b')
          @StringLength(max = 12)
          String path) {
    assertThat(PathIdentity.canonical("/" + path)).isEqualTo(PathIdentity.normalize("/" + path));
  }

  @Test
  void hosts() {
    assertThat(HostIdentity.of("https://u:p@Example.ORG:8443/x?y#z")).isEqualTo("example.org");
    assertThat(HostIdentity.of("http://[2001:DB8::1]:80/")).isEqualTo("2001:db8::1");
    assertThat(HostIdentity.of("evil.example")).isEqualTo("evil.example");
    assertThat(HostIdentity.of("u@h:22")).isEqualTo("h");
    assertThat(HostIdentity.of("https://good.example\\@evil.example/")).isEqualTo("good.example");
    assertThat(HostIdentity.of("two words")).isNull();
    assertThat(HostIdentity.canonical("::ffff:10.0.0.1")).isEqualTo("10.0.0.1");
    assertThat(HostIdentity.same("example.org", "www.example.org")).isTrue();
    assertThat(HostIdentity.same("example.org", "xexample.org")).isFalse();
  }

  @Test
  void whatIsOutside() {
    for (String inside :
        new String[] {
          "127.0.0.1",
          "::1",
          "localhost",
          "10.1.2.3",
          "172.16.0.1",
          "172.31.255.1",
          "192.168.1.1",
          "169.254.1.1",
          "fd00::1",
          "fe80::1",
          "x.localhost"
        }) {
      assertThat(HostIdentity.external(inside)).as(inside).isFalse();
    }
    for (String outside :
        new String[] {"203.0.113.1", "172.32.0.1", "11.0.0.1", "example.org", "2001:db8::1"}) {
      assertThat(HostIdentity.external(outside)).as(outside).isTrue();
    }
  }
}
