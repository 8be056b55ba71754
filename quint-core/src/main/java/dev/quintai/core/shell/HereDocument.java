package dev.quintai.core.shell;

import java.util.List;

/**
 * A here-document whose body is still to come.
 *
 * @param delimiter the line that ends it
 * @param expands whether expansions in it count (the delimiter was not quoted)
 * @param stripTabs whether leading tabs are removed ({@code <<-})
 * @param body the parts of the body's word, filled in by {@link #read}
 */
record HereDocument(String delimiter, boolean expands, boolean stripTabs, List<WordPart> body) {

  /** Reads the body, which starts at the cursor. */
  void read(Cursor in) {
    StringBuilder text = new StringBuilder();
    while (!in.atEnd()) {
      int from = in.pos;
      if (stripTabs) {
        while (from < in.end() && in.text.charAt(from) == '\t') {
          from++;
        }
      }
      int newline = in.text.indexOf('\n', from);
      int to = newline < 0 || newline > in.end() ? in.end() : newline;
      in.pos = Math.min(to + 1, in.end());
      if (to - from == delimiter.length() && in.text.startsWith(delimiter, from)) {
        fill(in, text.toString());
        return;
      }
      text.append(in.text, from, to).append('\n');
    }
    in.error("a here-document ends with the text, not with " + delimiter);
    fill(in, text.toString());
  }

  private void fill(Cursor in, String text) {
    if (!expands) {
      in.node();
      body.add(new WordPart.Literal(text, true));
    } else if (in.enter()) {
      body.addAll(new WordParser(in.inner(text)).text().parts());
      in.leave();
    }
  }
}
