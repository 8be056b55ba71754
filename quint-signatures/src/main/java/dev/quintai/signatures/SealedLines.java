package dev.quintai.signatures;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Lines of JSON, the last of which bears the SHA-256 of all before it, so that a torn or changed
 * file is told from a whole one. Written and read line by line: a file need not fit into memory
 * beside what is made of it.
 */
final class SealedLines {

  /** The longest line, in bytes; none that is written comes near. */
  private static final int MAX_LINE = 8 << 20;

  private static final byte[] SEAL = "{\"sha256\":\"".getBytes(US_ASCII);

  private SealedLines() {}

  /** A file that is not what was written. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static byte[] seal(MessageDigest digest) {
    return (new String(SEAL, US_ASCII) + HexFormat.of().formatHex(digest.digest()) + "\"}")
        .getBytes(US_ASCII);
  }

  /** Writes them. */
  static final class Writer {
    private final OutputStream out;
    private final MessageDigest digest = sha256();

    Writer(OutputStream out) {
      this.out = out;
    }

    void write(byte[] part, int length) throws IOException {
      digest.update(part, 0, length);
      out.write(part, 0, length);
    }

    void write(byte... part) throws IOException {
      write(part, part.length);
    }

    /** Writes the last line. */
    void seal() throws IOException {
      out.write(SealedLines.seal(digest));
      out.write('\n');
    }
  }

  /** Reads them. What it gives out is to be believed once {@link #next} has said false. */
  static final class Reader {
    private final InputStream in;
    private final MessageDigest digest = sha256();
    private final byte[] buffer = new byte[64 << 10];
    private int at;
    private int end;
    private byte[] line = new byte[4 << 10];
    private int length;

    Reader(InputStream in) {
      this.in = in;
    }

    /**
     * Goes to the next line.
     *
     * @return false after the last one
     * @throws DamagedException when the seal is missing or another, or something follows it
     */
    boolean next() throws IOException {
      if (!readLine()) {
        throw new DamagedException("the file is torn");
      }
      if (length < SEAL.length || !Arrays.equals(line, 0, SEAL.length, SEAL, 0, SEAL.length)) {
        digest.update(line, 0, length);
        digest.update((byte) '\n');
        return true;
      }
      byte[] seal = SealedLines.seal(digest);
      if (!Arrays.equals(line, 0, length, seal, 0, seal.length) || fill()) {
        throw new DamagedException("the content is not what was written");
      }
      return false;
    }

    /** Whether there was a whole line. */
    private boolean readLine() throws IOException {
      length = 0;
      while (fill()) {
        int stop = at;
        while (stop < end && buffer[stop] != '\n') {
          stop++;
        }
        keep(stop - at);
        at = stop;
        if (stop < end) {
          at++;
          return true;
        }
      }
      return false;
    }

    /** Whether there is more to read. */
    private boolean fill() throws IOException {
      while (at == end) {
        int read = in.read(buffer);
        if (read < 0) {
          return false;
        }
        at = 0;
        end = read;
      }
      return true;
    }

    private void keep(int bytes) throws DamagedException {
      if (length + bytes > line.length) {
        if (length + bytes > MAX_LINE) {
          throw new DamagedException("a line is longer than any that was written");
        }
        line = Arrays.copyOf(line, Math.max(length + bytes, 2 * line.length));
      }
      System.arraycopy(buffer, at, line, length, bytes);
      length += bytes;
    }

    /** The line at hand, in the first {@link #length} bytes; changes with the next. */
    byte[] line() {
      return line;
    }

    int length() {
      return length;
    }
  }
}
