package dev.quintai.daemon.proxy;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Says in a sentence why an upstream host was not reached. */
final class Failure {
  private Failure() {}

  /** Returns the reason, in words for a person, without a stack trace or a class name. */
  static String reason(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException) {
        return "its name could not be resolved";
      }
      if (t instanceof ConnectTimeoutException) {
        return "the connection timed out";
      }
      if (t instanceof ProxyConnectException) {
        return "the parent proxy refused: " + brief(t.getMessage());
      }
      if (t instanceof NoRouteToHostException) {
        return "there is no route to it";
      }
      if (t instanceof ConnectException) {
        return String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT).contains("refused")
            ? "the connection was refused"
            : brief(t.getMessage());
      }
    }
    String tls = null;
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof CertificateException) {
        return "its certificate is not trusted: " + brief(t.getMessage());
      }
      if (tls == null && t instanceof SSLException) {
        tls = "the TLS handshake failed: " + brief(t.getMessage());
      }
    }
    return tls != null ? tls : brief(cause.getMessage());
  }

  /** Whether a client's TLS handshake failed because it does not trust our certificate. */
  static boolean distrusts(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      if (message.contains("alert")
          && (message.contains("unknown_ca")
              || message.contains("certificate_unknown")
              || message.contains("bad_certificate"))) {
        return true;
      }
    }
    return false;
  }

  private static String brief(String message) {
    if (message == null) {
      return "the connection failed";
    }
    String line = message.lines().findFirst().orElse("").strip();
    return line.length() <= 200 ? line : line.substring(0, 200) + "...";
  }
}
