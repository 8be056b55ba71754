package dev.quintai.parsers.turn;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The model that a URL's path names. */
public final class UrlModel {

  private UrlModel() {}

  /** Whether the path is that of Bedrock's InvokeModel, streaming or not. */
  public static boolean isInvoke(String path) {
    return path.contains("/model/")
        && (path.endsWith("/invoke") || path.endsWith("/invoke-with-response-stream"));
  }

  /** Whether the path is that of Bedrock's Converse, streaming or not. */
  public static boolean isConverse(String path) {
    return path.contains("/model/")
        && (path.endsWith("/converse") || path.endsWith("/converse-stream"));
  }

  /** The model of a Bedrock path, {@code /model/MODEL/ACTION}; empty when there is none. */
  public static String bedrock(String path) {
    int from = path.indexOf("/model/");
    int to = path.lastIndexOf('/');
    return from < 0 || to < from + 7 ? "" : decode(path.substring(from + 7, to));
  }

  /**
   * The model of a Google path, {@code .../models/MODEL:action}, or the tuned model or endpoint in
   * its place; empty when there is none.
   */
  public static String google(String path) {
    int to = path.lastIndexOf(':');
    for (String place : new String[] {"/models/", "/tunedModels/", "/endpoints/"}) {
      int from = path.lastIndexOf(place);
      if (from >= 0 && to >= from + place.length()) {
        return decode(path.substring(from + place.length(), to));
      }
    }
    return "";
  }

  /** The deployment of an Azure path, {@code /deployments/NAME/...}; empty when there is none. */
  public static String azure(String path) {
    int from = path.indexOf("/deployments/");
    if (from < 0) {
      return "";
    }
    int to = path.indexOf('/', from + 13);
    return decode(path.substring(from + 13, to < 0 ? path.length() : to));
  }

  /** The model of any such path, or null. */
  public static String of(String path) {
    String model = isInvoke(path) || isConverse(path) ? bedrock(path) : google(path);
    model = model.isEmpty() ? azure(path) : model;
    return model.isEmpty() ? null : model;
  }

  /** Decodes percent signs; a wrong one stands for itself. */
  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (low >= 0) {
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
