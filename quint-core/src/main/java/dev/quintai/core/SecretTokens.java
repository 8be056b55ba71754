package dev.quintai.core;

import java.util.List;

/**
 * Tokens that are known by their prefix. The prefixes and lengths are those that the issuers
 * publish, mostly for secret scanning (https://docs.github.com/code-security/secret-scanning,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html, RFC 7519 for JWT).
 */
final class SecretTokens {

  /**
   * A kind of token.
   *
   * @param prefix what it begins with; stays readable
   * @param least how many characters follow at least
   * @param dots whether dots belong to it
   * @param digit whether a digit must be among them, where the prefix begins plain words too
   */
  private record Kind(String prefix, int least, boolean dots, boolean digit) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("AKIA", 16, false, false),
          new Kind("ASIA", 16, false, false),
          new Kind("ghp_", 20, false, false),
          new Kind("gho_", 20, false, false),
          new Kind("ghu_", 20, false, false),
          new Kind("ghs_", 20, false, false),
          new Kind("ghr_", 20, false, false),
          new Kind("github_pat_", 20, false, false),
          new Kind("glpat-", 16, true, false),
          new Kind("sk-", 16, false, true),
          new Kind("sk_live_", 16, false, false),
          new Kind("sk_test_", 16, false, false),
          new Kind("rk_live_", 16, false, false),
          new Kind("whsec_", 16, false, false),
          new Kind("xoxb-", 10, false, false),
          new Kind("xoxp-", 10, false, false),
          new Kind("xoxa-", 10, false, false),
          new Kind("xoxr-", 10, false, false),
          new Kind("xoxs-", 10, false, false),
          new Kind("xoxe-", 10, false, false),
          new Kind("xapp-", 10, false, false),
          new Kind("npm_", 36, false, false),
          new Kind("pypi-AgE", 16, false, false),
          new Kind("AIza", 30, false, false),
          new Kind("ya29", 20, true, false),
          new Kind("hf_", 30, false, false),
          new Kind("gsk_", 20, false, false),
          new Kind("SG", 40, true, false),
          new Kind("dop_v1_", 32, false, false),
          new Kind("dckr_pat_", 16, false, false),
          new Kind("hvs", 20, true, false),
          new Kind("shpat_", 20, false, false),
          new Kind("lin_api_", 20, false, false),
          new Kind("nvapi-", 20, false, false),
          new Kind("xai-", 20, false, true),
          new Kind("AGE-SECRET-KEY-1", 20, false, false),
          new Kind("eyJ", 17, true, false));

  private SecretTokens() {}

  /** Where the token that starts at {@code start} ends, or -1 when none does. */
  static int endOf(String text, int start, int wordEnd) {
    Kind kind = kindAt(text, start);
    if (kind == null) {
      return -1;
    }
    int from = start + kind.prefix.length();
    int end = wordEnd;
    boolean dotted = false;
    if (kind.dots) {
      while (end < text.length() && isToken(text.charAt(end), end, text)) {
        dotted |= text.charAt(end) == '.';
        end++;
      }
    }
    if (end - from < kind.least) {
      return -1;
    }
    boolean needsDot = kind.dots && !kind.prefix.endsWith("-");
    if ((needsDot && !dotted) || (kind.digit && !hasDigit(text, from, end))) {
      return -1;
    }
    return end;
  }

  /** The length of the readable prefix of a token at {@code start}. */
  static int prefixLength(String text, int start) {
    Kind kind = kindAt(text, start);
    return kind == null ? 0 : kind.prefix.length();
  }

  private static Kind kindAt(String text, int start) {
    for (int i = 0; i < KINDS.size(); i++) {
      if (text.startsWith(KINDS.get(i).prefix, start)) {
        return KINDS.get(i);
      }
    }
    return null;
  }

  private static boolean isToken(char c, int at, String text) {
    boolean word =
        (c >= 'a' && c <= 'z')
            || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9')
            || c == '_'
            || c == '-';
    boolean innerDot =
        c == '.' && at + 1 < text.length() && Character.isLetterOrDigit(text.charAt(at + 1));
    return word || innerDot;
  }

  private static boolean hasDigit(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) >= '0' && text.charAt(i) <= '9') {
        return true;
      }
    }
    return false;
  }
}
