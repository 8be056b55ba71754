package dev.quintai.signatures;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The MITRE ATT&CK tactics (enterprise, version 19) of the techniques that the gates name. */
final class MitreTactics {

  private static final Map<String, String> TACTIC =
      Map.ofEntries(
          Map.entry("T1003", "credential-access"),
          Map.entry("T1041", "exfiltration"),
          Map.entry("T1048", "exfiltration"),
          Map.entry("T1053", "persistence"),
          Map.entry("T1057", "discovery"),
          Map.entry("T1059", "execution"),
          Map.entry("T1070", "stealth"),
          Map.entry("T1071", "command-and-control"),
          Map.entry("T1082", "discovery"),
          Map.entry("T1083", "discovery"),
          Map.entry("T1095", "command-and-control"),
          Map.entry("T1098", "persistence"),
          Map.entry("T1105", "command-and-control"),
          Map.entry("T1204", "execution"),
          Map.entry("T1213", "collection"),
          Map.entry("T1222", "defense-impairment"),
          Map.entry("T1485", "impact"),
          Map.entry("T1486", "impact"),
          Map.entry("T1543", "persistence"),
          Map.entry("T1546", "persistence"),
          Map.entry("T1547", "persistence"),
          Map.entry("T1548", "privilege-escalation"),
          Map.entry("T1552", "credential-access"),
          Map.entry("T1555", "credential-access"),
          Map.entry("T1560", "collection"),
          Map.entry("T1562", "defense-impairment"),
          Map.entry("T1567", "exfiltration"),
          Map.entry("T1578", "defense-impairment"),
          Map.entry("T1685", "defense-impairment"));

  private MitreTactics() {}

  /** The tactics of those techniques that are known here, sorted. */
  static List<String> of(List<String> techniques) {
    Set<String> tactics = new TreeSet<>();
    for (String technique : techniques) {
      int dot = technique.indexOf('.');
      String tactic = TACTIC.get(dot < 0 ? technique : technique.substring(0, dot));
      if (tactic != null) {
        tactics.add(tactic);
      }
    }
    return List.copyOf(tactics);
  }
}
