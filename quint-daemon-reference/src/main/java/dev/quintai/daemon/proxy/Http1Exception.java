package dev.quintai.daemon.proxy;

/** Bytes that are not HTTP/1 in the one form that can be read in one way only. */
final class Http1Exception extends Exception {
  private static final long serialVersionUID = 1L;

  Http1Exception(String message) {
    super(message, null, false, false);
  }
}
