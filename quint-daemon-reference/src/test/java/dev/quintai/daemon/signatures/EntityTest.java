package dev.quintai.daemon.signatures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.daemon.signatures.Entity.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTest {

  private static List<Entity> field(String value) {
    return Entity.of(ArgumentValues.Kind.TARGET, value);
  }

  @ParameterizedTest
  @CsvSource({
    "ann.lee@firm.org, MAILBOX, ann.lee@firm.org",
    "de8937040044, ACCOUNT, de8937040044",
    "1234567890, ACCOUNT, 1234567890",
    "https://www.paste-bin.com, HOST, pastebin.com",
    "http://api.shop.co.uk/, HOST, shop.co.uk",
    "www.my_company.internal, HOST, mycompany.internal",
    "203.0.113.7, HOST, 203.0.113.7",
    "files.collect.io:8443, HOST, collect.io",
    "evil.example, HOST, evil.example",
    "/w/notes.txt, PLACE, /w/notes.txt",
    "/w/notes/, PLACE, /w/notes",
    "report.py, PLACE, report.py",
    "emma.johnson, PLACE, emma.johnson",
    "general, PLACE, general",
    "42, PLACE, 42"
  })
  void knowsWhatAFieldNames(String value, Kind kind, String key) {
    assertThat(field(value)).containsExactly(new Entity(kind, key, false));
  }

  @Test
  void aPageIsAPlaceOfItsHost() {
    assertThat(field("https://www.shop.com/cart/"))
        .containsExactly(
            new Entity(Kind.HOST, "shop.com", false),
            new Entity(Kind.PLACE, "shop.com/cart", false));
  }

  @Test
  void otherShortValuesAreValuesUnlessTheyNameSomebody() {
    assertThat(Entity.of(ArgumentValues.Kind.OTHER, "blue"))
        .containsExactly(new Entity(Kind.VALUE, "blue", false));
    assertThat(Entity.of(ArgumentValues.Kind.OTHER, "a@b.org"))
        .containsExactly(new Entity(Kind.MAILBOX, "a@b.org", false));
    assertThat(Entity.of(ArgumentValues.Kind.EMBEDDED, "a@b.org"))
        .containsExactly(new Entity(Kind.MAILBOX, "a@b.org", true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:3000", "localhost:8080/x", "http://127.0.0.1/"})
  void thisMachineIsNobodyElse(String value) {
    assertThat(field(value)).isEmpty();
  }

  @Test
  void someNamesBelongToNobody() {
    assertThat(field("me@example.com")).allMatch(Entity::isNobody);
    assertThat(field("https://www.example.org/x").get(0).isNobody()).isTrue();
    assertThat(field("me@evil.example")).noneMatch(Entity::isNobody);
    assertThat(field("evil.example")).noneMatch(Entity::isNobody);
  }

  @Test
  void noTextTakesLong() {
    String dots = "a.".repeat(8_000);
    for (String text : List.of(dots, dots + "@", "x@" + dots, "a".repeat(16_000) + "@")) {
      Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> field(text));
    }
  }

  @Test
  void aMailboxHasANameAndADomain() {
    Entity mailbox = field("ann.lee@mail.firm.org").get(0);
    assertThat(mailbox.mailName()).isEqualTo("ann.lee");
    assertThat(mailbox.mailDomain()).isEqualTo("firm.org");
  }
}
