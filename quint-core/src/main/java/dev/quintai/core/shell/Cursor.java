package dev.quintai.core.shell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A place in a text, and what all texts of one command line share: bounds, errors, and whether
 * reading has stopped. Once it has, every text looks as if it had ended, so all loops run out.
 */
final class Cursor {
  private static final int MAX_ERRORS = 32;

  /** What the texts of one line share. */
  private static final class Shared {
    final ShellLimits limits;
    final List<ShellError> errors = new ArrayList<>();
    int nodes;

    /** A bound was reached: reading has stopped. */
    boolean truncated;

    /** The line was longer than the limit; that does not stop the reading of what is left. */
    boolean cut;

    Shared(ShellLimits limits) {
      this.limits = limits;
    }
  }

  private final Shared shared;
  final String text;
  private final int end;
  private final Deque<HereDocument> pending = new ArrayDeque<>(0);
  private int depth;
  int pos;

  private Cursor(Shared shared, String text, int end, int depth) {
    this.shared = shared;
    this.text = text;
    this.end = end;
    this.depth = depth;
  }

  static Cursor of(String text, ShellLimits limits) {
    Shared shared = new Shared(limits);
    int end = Math.min(text.length(), limits.maxLength());
    shared.cut = text.length() > end;
    return new Cursor(shared, text, end, 0);
  }

  /** A text that was taken out of this one, one level deeper. */
  Cursor inner(String innerText) {
    return new Cursor(shared, innerText, innerText.length(), depth);
  }

  boolean atEnd() {
    return pos >= end || shared.truncated;
  }

  int end() {
    return end;
  }

  char peek() {
    return atEnd() ? '\0' : text.charAt(pos);
  }

  char peek(int ahead) {
    int at = pos + ahead;
    return at >= end || shared.truncated ? '\0' : text.charAt(at);
  }

  boolean startsWith(String prefix) {
    return !atEnd() && pos + prefix.length() <= end && text.startsWith(prefix, pos);
  }

  /** Goes on by the prefix if it stands here. */
  boolean take(String prefix) {
    if (startsWith(prefix)) {
      pos += prefix.length();
      return true;
    }
    return false;
  }

  /** Counts a node; at the bound reading stops. */
  void node() {
    if (++shared.nodes > shared.limits.maxNodes()) {
      shared.truncated = true;
    }
  }

  /** Goes a level deeper; false at the bound, where reading stops. */
  boolean enter() {
    if (depth >= shared.limits.maxDepth()) {
      shared.truncated = true;
      return false;
    }
    depth++;
    return true;
  }

  void leave() {
    depth--;
  }

  void error(String message) {
    if (shared.errors.size() < MAX_ERRORS && !shared.truncated) {
      shared.errors.add(new ShellError(pos, message));
    }
  }

  List<ShellError> errors() {
    return shared.errors;
  }

  boolean truncated() {
    return shared.truncated || shared.cut;
  }

  /** Skips blanks, line continuations and comments, but no newline. */
  void skipBlanks() {
    while (!atEnd()) {
      char c = text.charAt(pos);
      if (c == ' ' || c == '\t' || (c == '\r' && peek(1) == '\n')) {
        pos++;
      } else if (c == '\\' && peek(1) == '\n') {
        pos += 2;
      } else if (c == '#') {
        int newline = text.indexOf('\n', pos);
        pos = newline < 0 || newline > end ? end : newline;
      } else {
        return;
      }
    }
  }

  /** Remembers a here-document whose body begins after the next newline. */
  void expect(HereDocument document) {
    pending.add(document);
  }

  /** Goes over the newline that stands here and the here-documents that follow it. */
  void newline() {
    pos++;
    HereDocument document;
    while ((document = pending.poll()) != null) {
      document.read(this);
    }
  }

  /** Says which here-documents never came. */
  void unfinished() {
    if (!pending.isEmpty()) {
      error("a here-document has no body");
      pending.clear();
    }
  }
}
