package dev.quintai.core.capability;

import dev.quintai.core.Action;
import java.util.Locale;
import java.util.Set;

/**
 * The part of a host name that somebody registered: {@code api.example.co.uk} gives {@code
 * example.co.uk}. It is what an agent's baseline remembers of its destinations.
 *
 * <p>Instead of the whole Public Suffix List (16,000 rules, a new version every few days) it knows
 * the rules that matter here: second-level registries of countries by their usual names ({@code
 * co}, {@code com}, {@code ac}, ... before a two-letter domain), and services under whose names
 * anybody can have a host. Where it errs, it merges hosts of one registry into one destination or
 * keeps a longer name apart; both only move a novelty. Thread-safe: no state.
 */
public final class RegistrableDomain {

  /** Second-level names under which countries register. */
  private static final Set<String> COUNTRY_SECOND_LEVEL =
      Set.of(
          "ac", "co", "com", "edu", "go", "gob", "gov", "gouv", "id", "ltd", "me", "mil", "ne",
          "net", "nom", "or", "org", "plc", "sch");

  /** Services that hand names below theirs to anybody. */
  private static final Set<String> SHARED =
      Set.of(
          "appspot.com",
          "azurewebsites.net",
          "blob.core.windows.net",
          "blogspot.com",
          "cloudfront.net",
          "deno.dev",
          "devtunnels.ms",
          "firebaseapp.com",
          "fly.dev",
          "github.io",
          "gitlab.io",
          "glitch.me",
          "herokuapp.com",
          "lhr.life",
          "loca.lt",
          "m.pipedream.net",
          "netlify.app",
          "ngrok-free.app",
          "ngrok-free.dev",
          "ngrok.app",
          "ngrok.dev",
          "ngrok.io",
          "oast.fun",
          "oast.live",
          "oast.me",
          "oast.online",
          "oast.pro",
          "oast.site",
          "onrender.com",
          "pages.dev",
          "railway.app",
          "repl.co",
          "replit.app",
          "replit.dev",
          "run.app",
          "s3.amazonaws.com",
          "serveo.net",
          "storage.googleapis.com",
          "surge.sh",
          "trycloudflare.com",
          "vercel.app",
          "web.app",
          "workers.dev");

  private RegistrableDomain() {}

  /**
   * The registrable domain of a host.
   *
   * @param host a host name or address, or null
   * @return in lower case; an address or a name without dots as it is; {@link Action#LOCAL} for
   *     null
   */
  public static String of(String host) {
    if (host == null || host.isEmpty()) {
      return Action.LOCAL;
    }
    String name = host.toLowerCase(Locale.ROOT);
    while (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    if (name.isEmpty() || isAddress(name)) {
      return name.isEmpty() ? Action.LOCAL : name;
    }
    for (int dot = name.indexOf('.'), before = 0; dot > 0; ) {
      String parent = name.substring(dot + 1);
      if (SHARED.contains(parent) || isCountryRegistry(parent)) {
        return name.substring(before);
      }
      int next = name.indexOf('.', dot + 1);
      if (next < 0) {
        return name.substring(before);
      }
      before = dot + 1;
      dot = next;
    }
    return name;
  }

  private static boolean isCountryRegistry(String suffix) {
    int dot = suffix.indexOf('.');
    return dot > 0
        && suffix.length() - dot == 3
        && suffix.indexOf('.', dot + 1) < 0
        && COUNTRY_SECOND_LEVEL.contains(suffix.substring(0, dot));
  }

  static boolean isAddress(String name) {
    if (name.indexOf(':') >= 0) {
      return true;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c < '0' || c > '9') && c != '.') {
        return false;
      }
    }
    return true;
  }
}
