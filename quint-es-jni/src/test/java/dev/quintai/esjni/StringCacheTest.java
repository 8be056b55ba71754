package dev.quintai.esjni;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StringCacheTest {

  private final StringCache cache = new StringCache();

  private String get(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(bytes.length + 2).position(1);
    buffer.put(bytes).position(1);
    String found = cache.get(buffer, bytes.length);
    assertThat(buffer.position()).as("the bytes are consumed").isEqualTo(bytes.length + 1);
    return found;
  }

  @Test
  void equalTextIsOneObject() {
    assertThat(get("/usr/lib/x.so")).isEqualTo("/usr/lib/x.so").isSameAs(get("/usr/lib/x.so"));
    assertThat(get("")).isEmpty();
  }

  @Test
  void longTextIsRightThoughNotKept() {
    String text = "ä".repeat(StringCache.LONGEST);
    assertThat(get(text)).isEqualTo(text).isNotSameAs(get(text));
  }

  @Test
  void moreTextsThanSlotsAreAllRight() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 3 * StringCache.SLOTS; i++) {
        assertThat(get("/path/" + i)).isEqualTo("/path/" + i);
      }
    }
  }

  @Property(tries = 200)
  void anyBytesAreWhatUtf8SaysTheyAre(@ForAll @Size(max = 600) byte[] bytes) {
    for (int i = 0; i < 2; i++) {
      assertThat(cache.get(ByteBuffer.wrap(bytes), bytes.length))
          .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
