package dev.quintai.esjni;

import java.io.IOException;

/** The bytes from the supervisor are not what its protocol promises. */
final class WireFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  WireFormatException(String message) {
    super(message);
  }
}
