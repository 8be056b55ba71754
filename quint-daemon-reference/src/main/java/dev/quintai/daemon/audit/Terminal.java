package dev.quintai.daemon.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine.Help.Ansi;

/** What the audit commands print with. */
final class Terminal {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private Terminal() {}

  /** A fixed word in bold and colour where standard output is a terminal. */
  static String bold(String word, String colour) {
    return Ansi.AUTO.string("@|bold," + colour + ' ' + word + "|@");
  }

  static void error(Exception e) {
    String message =
        e instanceof NoSuchFileException missing
            ? missing.getFile() + ": no such file"
            : String.valueOf(e.getMessage());
    System.err.println("quint: " + Printable.of(message));
  }

  /** Standard output with a buffer; to be flushed, not closed. */
  static OutputStream results() {
    return new BufferedOutputStream(System.out, 1 << 16);
  }

  static JsonGenerator json(OutputStream out) throws IOException {
    return JSON.createGenerator(out).setRootValueSeparator(null);
  }

  /** One line on standard error that is written over, and only where that is a terminal. */
  static final class ProgressLine {
    private static final long EVERY_NANOS = 200_000_000;

    private final String what;
    private final boolean shown = Ansi.AUTO.enabled();
    private long last = System.nanoTime();
    private boolean written;

    ProgressLine(String what) {
      this.what = what;
    }

    void at(long row, long of) {
      long now = System.nanoTime();
      if (shown && now - last >= EVERY_NANOS) {
        last = now;
        written = true;
        System.err.print("\r" + what + ": row " + row + " of " + of);
        System.err.flush();
      }
    }

    void end() {
      if (written) {
        System.err.print("\r\u001b[K");
        System.err.flush();
      }
    }
  }
}
