package dev.quintai.daemon.signatures;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user asked for, as far as words tell: which entities it names, and how like another it is.
 */
final class Request {
  private static final Pattern WORD = Pattern.compile("[a-z0-9]{3,}");

  private final String text;
  private final String squashed;
  private final Set<String> words;

  Request(String text) {
    this.text = text.toLowerCase(Locale.ROOT);
    this.squashed = Entity.squashed(text);
    this.words = words(this.text);
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  String text() {
    return text;
  }

  /** Whether it names the entity. */
  boolean names(Entity entity) {
    if (text.contains(entity.key())) {
      return true;
    }
    String key = Entity.squashed(entity.key());
    return entity.kind() != Entity.Kind.VALUE && !key.isEmpty() && squashed.contains(key);
  }

  /** Whether it has a word of the name, as a request for Ann's mailbox has of ann.lee@a.example. */
  boolean hasWordOf(String name) {
    for (String word : words(name)) {
      if (words.contains(word)) {
        return true;
      }
    }
    return false;
  }

  /** The share of the words of both that both have. */
  double likeness(Request other) {
    int common = 0;
    for (String word : words) {
      if (other.words.contains(word)) {
        common++;
      }
    }
    return common == 0 ? 0 : (double) common / (words.size() + other.words.size() - common);
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      String word = matcher.group();
      words.add(
          word.length() > 3 && word.endsWith("s") ? word.substring(0, word.length() - 1) : word);
    }
    return words;
  }
}
