package dev.quintai.core.shell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes brace expansions of the braces and commas of a word, in one pass with a stack. */
final class BraceFolder {
  private static final Pattern RANGE =
      Pattern.compile("(-?\\d{1,9}|[a-zA-Z])\\.\\.(-?\\d{1,9}|[a-zA-Z])(?:\\.\\.(-?\\d{1,9}))?");

  /** Levels that fold; deeper braces are plain text. */
  private static final int MAX_DEPTH = 32;

  /** An open brace: its finished alternatives and the one being read. */
  private static final class Open {
    final List<Word> alternatives = new ArrayList<>();
    List<WordPart> current = new ArrayList<>();
  }

  private BraceFolder() {}

  /**
   * The parts with expansions made of them.
   *
   * @param parts of one word
   * @param marks indexes of the parts that are an unquoted brace or comma, ascending
   */
  static List<WordPart> fold(List<WordPart> parts, List<Integer> marks) {
    Deque<Open> stack = new ArrayDeque<>();
    Open top = new Open();
    int next = 0;
    for (int i = 0; i < parts.size(); i++) {
      WordPart part = parts.get(i);
      if (next >= marks.size() || marks.get(next) != i) {
        top.current.add(part);
        continue;
      }
      next++;
      char c = ((WordPart.Literal) part).text().charAt(0);
      if (c == '{' && stack.size() < MAX_DEPTH) {
        stack.push(top);
        top = new Open();
      } else if (c == ',' && !stack.isEmpty()) {
        top.alternatives.add(new Word(List.copyOf(top.current)));
        top.current = new ArrayList<>();
      } else if (c == '}' && !stack.isEmpty()) {
        Open closed = top;
        top = stack.pop();
        close(closed, top.current);
      } else {
        top.current.add(part);
      }
    }
    while (!stack.isEmpty()) {
      Open unclosed = top;
      top = stack.pop();
      top.current.add(new WordPart.Literal("{", false));
      restore(unclosed, top.current);
    }
    return joined(top.current);
  }

  private static void close(Open closed, List<WordPart> into) {
    if (!closed.alternatives.isEmpty()) {
      closed.alternatives.add(new Word(List.copyOf(closed.current)));
      into.add(new WordPart.Brace(closed.alternatives));
      return;
    }
    if (closed.current.size() == 1
        && closed.current.get(0) instanceof WordPart.Literal literal
        && !literal.quoted()) {
      Matcher range = RANGE.matcher(literal.text());
      if (range.matches() && letters(range.group(1)) == letters(range.group(2))) {
        int step = range.group(3) == null ? 1 : Math.abs(Integer.parseInt(range.group(3)));
        into.add(new WordPart.BraceRange(range.group(1), range.group(2), Math.max(1, step)));
        return;
      }
    }
    into.add(new WordPart.Literal("{", false));
    into.addAll(closed.current);
    into.add(new WordPart.Literal("}", false));
  }

  private static boolean letters(String s) {
    return Character.isLetter(s.charAt(0));
  }

  /** Puts back what stood after a brace that was never closed. */
  private static void restore(Open unclosed, List<WordPart> into) {
    for (Word word : unclosed.alternatives) {
      into.addAll(word.parts());
      into.add(new WordPart.Literal(",", false));
    }
    into.addAll(unclosed.current);
  }

  /** Joins neighbouring unquoted text again. */
  private static List<WordPart> joined(List<WordPart> parts) {
    List<WordPart> out = new ArrayList<>(parts.size());
    StringBuilder text = new StringBuilder();
    for (WordPart part : parts) {
      if (part instanceof WordPart.Literal literal && !literal.quoted()) {
        text.append(literal.text());
        continue;
      }
      if (text.length() > 0) {
        out.add(new WordPart.Literal(text.toString(), false));
        text.setLength(0);
      }
      out.add(part);
    }
    if (text.length() > 0) {
      out.add(new WordPart.Literal(text.toString(), false));
    }
    return out;
  }
}
