package dev.quintai.core.capability;

import dev.quintai.core.Capability;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the words of a tool's name say it does: the first that is a verb decides. */
final class Verbs {
  private static final Map<String, Capability> TABLE = new HashMap<>();

  /** Words for secrets: what is done to them is {@code auth}. */
  private static final Set<String> SECRETS =
      Set.of(
          "secret",
          "secrets",
          "credential",
          "credentials",
          "password",
          "passwords",
          "passphrase",
          "apikey",
          "keychain",
          "keyring");

  static {
    put(
        Capability.READ,
        "read get view show open load describe display cat head tail parse extract inspect retrieve"
            + " summarize summarise print dump peek preview access compare diff count export"
            + " analyze analyse");
    put(
        Capability.WRITE,
        "write create add insert update edit append save put replace modify patch move copy rename"
            + " mkdir make commit store fill input book schedule reschedule upsert merge format"
            + " apply draw plot generate compose touch undo redo stage tag label pin archive paste"
            + " remember memorize");
    put(
        Capability.DELETE,
        "delete remove rm drop purge erase destroy clear cancel uninstall unlink trash wipe truncate"
            + " unset forget");
    put(
        Capability.AUTH,
        "auth authenticate authentication authorize authorise authorization login logon signin"
            + " logout signout oauth sso mfa otp verify unlock impersonate token");
    put(
        Capability.EXECUTE,
        "execute exec run invoke call eval evaluate shell bash terminal cmd command python script"
            + " launch start stop restart kill compile build test trigger calculate compute simulate"
            + " click press type drag scroll tap solve");
    put(
        Capability.SEARCH,
        "search find query list lookup grep glob explore scan filter discover locate ls browse");
    put(
        Capability.SEND,
        "send post email mail message publish push upload share notify reply forward tweet transfer"
            + " submit invite broadcast comment pay respond announce chat report dm");
    put(
        Capability.RECEIVE,
        "receive fetch download pull import crawl scrape navigate goto visit subscribe listen ingest"
            + " collect clone webfetch");
    put(
        Capability.CONFIGURE,
        "configure config configuration setup set enable disable install register switch toggle"
            + " deploy init initialize initialise mount migrate provision adjust change customize"
            + " schedule_config attach detach plan");
    put(
        Capability.MONITOR,
        "monitor watch observe track status check ping health logs log poll diagnose audit trace wait"
            + " measure profile");
    put(
        Capability.DELEGATE,
        "delegate assign handoff subagent agent spawn task dispatch orchestrate ask outsource");
    put(Capability.ESCALATE, "escalate elevate sudo grant promote privilege privileges admin");
  }

  private Verbs() {}

  private static void put(Capability capability, String words) {
    for (String word : words.split(" ")) {
      TABLE.putIfAbsent(word, capability);
    }
  }

  /** What the words say, or null when none is a verb. */
  static Capability of(List<String> words) {
    Capability found = null;
    boolean secret = false;
    for (String word : words) {
      if (found == null) {
        found = TABLE.get(word);
      }
      secret |= SECRETS.contains(word);
    }
    if (words.contains("transfer") && (words.contains("human") || words.contains("agent"))) {
      return Capability.DELEGATE;
    }
    boolean plain =
        found == null
            || found == Capability.READ
            || found == Capability.SEARCH
            || found == Capability.WRITE;
    return secret && plain ? Capability.AUTH : found;
  }

  /** The words of a name in lower case: split at what is no letter or digit, and at humps. */
  static List<String> words(String name) {
    List<String> words = new ArrayList<>(4);
    int start = -1;
    int length = Math.min(name.length(), 256);
    for (int i = 0; i <= length; i++) {
      char c = i < length ? name.charAt(i) : ' ';
      boolean inside = Character.isLetterOrDigit(c);
      boolean hump =
          inside
              && start >= 0
              && Character.isUpperCase(c)
              && (!Character.isUpperCase(name.charAt(i - 1))
                  || (i + 1 < length && Character.isLowerCase(name.charAt(i + 1))));
      if (start >= 0 && (!inside || hump)) {
        words.add(name.substring(start, i).toLowerCase(Locale.ROOT));
        start = -1;
      }
      if (inside && start < 0) {
        start = i;
      }
    }
    return words;
  }
}
