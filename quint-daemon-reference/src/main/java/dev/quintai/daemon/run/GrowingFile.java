package dev.quintai.daemon.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What is appended to a log from now on. A log that was moved away and made anew is read from its
 * beginning, once the old one has been read to its end; so is one that was cut. Waits 50 ms at a
 * time. One thread reads; any may close.
 */
final class GrowingFile extends InputStream {

  private static final long LOOK_MILLIS = 50;

  private final Path path;
  private SeekableByteChannel channel;
  private Object identity;
  private volatile boolean closed;

  GrowingFile(Path path) throws IOException {
    this.path = path;
    open();
    channel.position(channel.size());
  }

  private void open() throws IOException {
    identity = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    channel = Files.newByteChannel(path);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    while (!closed) {
      int count = channel.read(ByteBuffer.wrap(into, offset, length));
      if (count > 0) {
        return count;
      }
      if (!replaced()) {
        pause();
      }
    }
    return -1;
  }

  private boolean replaced() throws IOException {
    if (channel.size() < channel.position()) {
      channel.position(0);
      return true;
    }
    try {
      Object now = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      if (now == null || now.equals(identity)) {
        return false;
      }
      channel.close();
      open();
      return true;
    } catch (NoSuchFileException e) {
      return false; // it will be made again
    }
  }

  private void pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      closed = true;
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true; // the reader ends at its next look, and its channel with it
  }
}
