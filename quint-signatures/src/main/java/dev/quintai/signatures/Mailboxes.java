package dev.quintai.signatures;

import dev.quintai.core.event.IntentEvent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * To whom a call sends mail. A mail tool names no host: its destinations are the mailboxes in the
 * fields that name recipients. Looking allocates nothing but the lower case of names and addresses
 * that are written otherwise. Not thread-safe.
 */
final class Mailboxes {
  private static final Set<String> FIELDS = Set.of("to", "recipient", "recipients", "cc", "bcc");

  /** The longest address of RFC 5321; what is longer is none. */
  private static final int MAX_LENGTH = 254;

  /** More are not looked at. */
  private static final int MAX_RECIPIENTS = 64;

  private final Predicate<String> condition;
  private final BiConsumer<String, Object> look = this::look;
  private boolean any;

  /** Asks a condition of recipients, in lower case. */
  Mailboxes(Predicate<String> condition) {
    this.condition = condition;
  }

  /** Whether the condition holds of any recipient; it is asked of all of them. */
  boolean anyOf(IntentEvent call) {
    any = false;
    Map<String, Object> fields = call.arguments().object();
    // Walking an empty map would make an iterator; walking a parsed object makes none.
    if (!fields.isEmpty()) {
      fields.forEach(look);
    }
    return any;
  }

  private void look(String field, Object value) {
    if (!FIELDS.contains(field.toLowerCase(Locale.ROOT))) {
      return;
    }
    if (value instanceof List<?> list) {
      for (int i = 0; i < Math.min(MAX_RECIPIENTS, list.size()); i++) {
        any |= holds(list.get(i));
      }
    } else {
      any |= holds(value);
    }
  }

  private boolean holds(Object recipient) {
    return recipient instanceof String text
        && text.indexOf('@') > 0
        && text.length() <= MAX_LENGTH
        && condition.test(text.toLowerCase(Locale.ROOT));
  }
}
