package dev.quintai.esjni;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The native side of the EndpointSecurity bridge ({@code src/main/c/es}). The library is taken from
 * {@code META-INF/native} of this jar, copied to where only we can read it once its SHA-256 holds,
 * loaded once, and its functions registered by itself as it is loaded.
 */
final class EsLibrary {

  /** What {@link #abi} must be. */
  private static final int ABI = 1;

  static final int BLOCKS = 1;
  static final int LATE_DENIES = 2;
  static final int SELECTS = 4;

  static final int IGNORED = 1;
  static final int WATCHED = 2;

  static final int REFUSE = 0;
  static final int DECLARE = 1;
  static final int FORGET = 2;

  static final int ALREADY_OPEN = 101;
  static final int NOT_DELETED = 105;

  private static boolean loaded;

  private EsLibrary() {}

  /** Why there is no library for this machine in the jar, or an empty string when there is. */
  static String missing() {
    if (NativeFile.present(resource())) {
      return "";
    }
    return isMac()
        ? "this build has no libquint_es for macOS; build quint-es-jni on a Mac with Xcode installed"
        : "EndpointSecurity needs macOS 12 or later";
  }

  private static boolean isMac() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
  }

  private static String resource() {
    return isMac()
        ? "/META-INF/native/macos-universal/libquint_es.dylib"
        : "/META-INF/native/linux-" + NativeFile.architecture() + "/libquint_es.so";
  }

  /**
   * Loads it unless it is.
   *
   * @param directory ours, closed to others
   */
  static synchronized void load(Path directory) throws IOException {
    if (loaded) {
      return;
    }
    String missing = missing();
    if (!missing.isEmpty()) {
      throw new IOException(missing);
    }
    Path library = NativeFile.extract(resource(), directory.toAbsolutePath());
    try {
      System.load(library.toString());
    } catch (UnsatisfiedLinkError e) {
      throw new IOException("libquint_es cannot be loaded: " + e.getMessage(), e);
    }
    if (abi() != ABI) {
      throw new IOException("libquint_es is of version " + abi() + ", not " + ABI);
    }
    loaded = true;
  }

  private static native int abi();

  /** Makes the client, from the thread that will close it. 0 or the number of an error. */
  static native int open(ByteBuffer ring, int options);

  /** 0 or the number of an error. */
  static native int close();

  static native void mark(int pid, int version, int state);

  /** False when it is no pattern or there are too many. */
  static native boolean policy(int kind, byte[] pattern);

  static native void statistics(long[] to);

  /** What an error means, and what to do about it. */
  static String cause(int error) {
    return switch (error) {
      case 1 ->
          "EndpointSecurity refused our request as malformed: this build does not fit this macOS";
      case 2 ->
          "EndpointSecurity had an internal error: look at the log of endpointsecurityd and try again";
      case 3 ->
          "the program that runs us is not entitled: sign the app or system extension that hosts this"
              + " JVM with com.apple.developer.endpoint-security.client (a plain java launcher has it"
              + " not), or feed eslogger's output to `quint run --truth eslogger:...`";
      case 4 ->
          "the user has not allowed it: turn on Full Disk Access for the program that runs us in"
              + " System Settings, Privacy & Security, and start again";
      case 5 -> "it must run as root: start it with sudo or from a LaunchDaemon";
      case 6 ->
          "too many EndpointSecurity clients are connected: stop another one (`sudo launchctl list`"
              + " shows security products) and try again";
      case 100 -> "the ring has no size that works";
      case ALREADY_OPEN -> "this process has an EndpointSecurity client already; it may have one";
      case 102 -> "EndpointSecurity would not keep our own events from us: try again";
      case 103 ->
          "EndpointSecurity would not subscribe us: this macOS lacks an event that we need (12)";
      case 104 -> "only the thread that made the client may close it";
      case NOT_DELETED ->
          "EndpointSecurity would not give up its client; it ends with this process";
      default -> "EndpointSecurity answered with the unknown error " + error;
    };
  }
}
