package dev.quintai.signatures;

import dev.quintai.core.event.IntentEvent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * To whom a call sends mail. A mail tool names no host: its destinations are the mailboxes in the
 * fields that name recipients.
 */
final class Mailboxes {
  private static final Set<String> FIELDS = Set.of("to", "recipient", "recipients", "cc", "bcc");

  /** The longest address of RFC 5321; what is longer is none. */
  private static final int MAX_LENGTH = 254;

  /** More are not looked at. */
  private static final int MAX_RECIPIENTS = 64;

  private Mailboxes() {}

  /** Whether a condition holds of any recipient; it is asked of all of them, in lower case. */
  static boolean anyOf(IntentEvent call, Predicate<String> condition) {
    boolean any = false;
    for (Map.Entry<String, ?> field : call.arguments().object().entrySet()) {
      if (!FIELDS.contains(field.getKey().toLowerCase(Locale.ROOT))) {
        continue;
      }
      if (field.getValue() instanceof List<?> list) {
        for (int i = 0; i < Math.min(MAX_RECIPIENTS, list.size()); i++) {
          any |= holds(list.get(i), condition);
        }
      } else {
        any |= holds(field.getValue(), condition);
      }
    }
    return any;
  }

  private static boolean holds(Object recipient, Predicate<String> condition) {
    return recipient instanceof String text
        && text.indexOf('@') > 0
        && text.length() <= MAX_LENGTH
        && condition.test(text.toLowerCase(Locale.ROOT));
  }
}
