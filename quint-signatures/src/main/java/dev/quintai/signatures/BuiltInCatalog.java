package dev.quintai.signatures;

import static dev.quintai.core.Capability.AUTH;
import static dev.quintai.core.Capability.CONFIGURE;
import static dev.quintai.core.Capability.DELEGATE;
import static dev.quintai.core.Capability.DELETE;
import static dev.quintai.core.Capability.ESCALATE;
import static dev.quintai.core.Capability.EXECUTE;
import static dev.quintai.core.Capability.MONITOR;
import static dev.quintai.core.Capability.READ;
import static dev.quintai.core.Capability.RECEIVE;
import static dev.quintai.core.Capability.SEARCH;
import static dev.quintai.core.Capability.SEND;
import static dev.quintai.core.Capability.WRITE;
import static dev.quintai.core.SessionFacts.Fact.NEW_DESTINATION;
import static dev.quintai.core.SessionFacts.Fact.SENSITIVE_TARGET;
import static dev.quintai.core.SessionFacts.Fact.TOOL_OUTPUT_SEEN;
import static dev.quintai.core.Severity.CRITICAL;
import static dev.quintai.core.Severity.HIGH;
import static dev.quintai.core.Severity.LOW;
import static dev.quintai.core.Severity.MEDIUM;

import dev.quintai.core.Capability;
import dev.quintai.core.SessionFacts.Fact;
import dev.quintai.core.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The built-in signatures, written down. ATT&CK techniques are those of version 19, ATLAS
 * techniques those of data version 5.6. What of the citations could be checked, and how, stands in
 * the module's README.
 */
final class BuiltInCatalog {
  private static final Instant CREATED = Instant.parse("2026-11-01T00:00:00Z");

  private BuiltInCatalog() {}

  static List<BuiltInSignatures.BuiltIn> all() {
    List<Draft> drafts = new ArrayList<>();
    credentials(drafts);
    execution(drafts);
    persistence(drafts);
    List<BuiltInSignatures.BuiltIn> all = new ArrayList<>();
    for (Draft draft : drafts) {
      all.add(draft.builtIn());
    }
    all.sort(Comparator.comparing(builtIn -> builtIn.signature().id()));
    return List.copyOf(all);
  }

  private static void credentials(List<Draft> all) {
    all.add(
        new Draft("QT-SIG-001", "credentials read, then sent to a new host", CRITICAL)
            .flow(AUTH, SEND, 1)
            .within(3, 0.35, 1)
            .requires(AUTH, SEND, SENSITIVE_TARGET)
            .requires(AUTH, SEND, NEW_DESTINATION)
            .mitre("credential-access,exfiltration", "T1552.001", "T1567", "AML.T0086")
            .attack(
                "An injected instruction makes the agent send the machine's secrets to a server of"
                    + " the attacker, with the shell or the browser.",
                "https://embracethered.com/blog/posts/2025/devin-can-leak-your-secrets/"));
    all.add(
        new Draft("QT-SIG-002", "sweep for secrets, archive, upload", CRITICAL)
            .flow(AUTH, AUTH, 4)
            .flow(AUTH, WRITE, 1)
            .flow(WRITE, SEND, 1)
            .flow(AUTH, SEND, 1)
            .within(9, 0.35, 4)
            .requires(AUTH, AUTH, SENSITIVE_TARGET)
            .mitre(
                "credential-access,collection,exfiltration",
                "T1552.001",
                "T1552.004",
                "T1560",
                "T1567.001",
                "AML.T0086")
            .attack(
                "A malicious package has the installed agents list wallets, keys and tokens, encodes"
                    + " what they find and pushes it to a public repository (s1ngularity).",
                "https://github.com/nrwl/nx/security/advisories/GHSA-cxm3-wv7p-598c"));
    all.add(
        new Draft("QT-SIG-003", "credential relay through a sub-agent", CRITICAL)
            .flow(AUTH, DELEGATE, 1)
            .flow(DELEGATE, SEND, 1)
            .within(0, 0.45, 2)
            .requires(AUTH, DELEGATE, SENSITIVE_TARGET)
            .requires(DELEGATE, SEND, NEW_DESTINATION)
            .mitre("credential-access,exfiltration", "T1552.001", "T1567", "AML.T0053", "AML.T0086")
            .attack(
                "A planted instruction makes an agent recruit another one, which sends out what the"
                    + " first has read, so that neither looks like a leak alone.",
                "https://appomni.com/ao-labs/ai-agent-to-agent-discovery-prompt-injection/"));
    all.add(
        new Draft("QT-SIG-005", "secrets gathered for a poisoned tool's argument", MEDIUM)
            .flow(AUTH, AUTH, 2)
            .flow(AUTH, WRITE, 1)
            .flow(AUTH, EXECUTE, 1)
            .within(4, 0.4, 2)
            .requires(AUTH, AUTH, SENSITIVE_TARGET)
            .mitre(
                "credential-access,exfiltration",
                "T1552.001",
                "AML.T0110",
                "AML.T0053",
                "AML.T0086")
            .attack(
                "An MCP tool's description tells the model to read configuration and keys and to pass"
                    + " them along in a harmless-looking argument.",
                "https://invariantlabs.ai/blog/mcp-security-notification-tool-poisoning-attacks"));
    all.add(
        new Draft("QT-SIG-007", "CI token taken from the environment and published", CRITICAL)
            .flow(READ, AUTH, 3)
            .flow(RECEIVE, AUTH, 2)
            .flow(AUTH, SEND, 5)
            .within(3, 0.25, 2)
            .requires(AUTH, SEND, TOOL_OUTPUT_SEEN)
            .requires(AUTH, SEND, SENSITIVE_TARGET)
            .mitre(
                "credential-access,exfiltration",
                "T1552",
                "T1567.001",
                "AML.T0051.001",
                "AML.T0086")
            .attack(
                "The text of an issue makes an agent in a CI job take the job's token and publish it"
                    + " in the issue.",
                "https://www.aikido.dev/blog/promptpwnd-github-actions-ai-agents"));
    all.add(
        new Draft("QT-SIG-011", "credentials taken with a fetch, as from cloud metadata", MEDIUM)
            .flow(RECEIVE, AUTH, 1)
            .within(2, 0.1, 1)
            .requires(RECEIVE, AUTH, SENSITIVE_TARGET)
            .mitre("credential-access", "T1552.005", "AML.T0055")
            .attack(
                "Code that an agent runs asks the metadata address of its sandbox for the role's"
                    + " credentials.",
                "https://sonraisecurity.com/blog/sandboxed-to-compromised-new-research-exposes-"
                    + "credential-exfiltration-paths-in-aws-code-interpreters"));
    all.add(
        new Draft("QT-SIG-015", "secrets smuggled out in host names", MEDIUM)
            .flow(AUTH, MONITOR, 1)
            .within(2, 0.1, 1)
            .requires(AUTH, MONITOR, SENSITIVE_TARGET)
            .mitre("credential-access,exfiltration", "T1552.001", "T1048.003", "AML.T0086")
            .attack(
                "A secret is encoded into a name that an approved tool such as ping resolves.",
                "https://nvd.nist.gov/vuln/detail/CVE-2025-55284"));
  }

  private static void execution(List<Draft> all) {
    all.add(
        new Draft("QT-SIG-004", "download, make executable, run", HIGH)
            .flow(RECEIVE, CONFIGURE, 1)
            .flow(CONFIGURE, EXECUTE, 1)
            .within(3, 0.1, 2)
            .requires(RECEIVE, CONFIGURE, NEW_DESTINATION)
            .mitre(
                "execution,command-and-control,defense-impairment",
                "T1105",
                "T1222.002",
                "T1204.002",
                "AML.T0053")
            .attack(
                "A web page tells the agent to fetch a program, mark it executable and start it.",
                "https://embracethered.com/blog/posts/2024/claude-computer-use-c2-the-zombais-are-coming/"));
    all.add(
        new Draft("QT-SIG-006", "remote script piped to a shell", LOW)
            .flow(RECEIVE, EXECUTE, 1)
            .within(2, 0.1, 1)
            .requires(RECEIVE, EXECUTE, NEW_DESTINATION)
            .mitre("execution,command-and-control", "T1059.004", "T1105", "AML.T0100")
            .attack(
                "A page talks the agent into a terminal command that downloads a script and runs it,"
                    + " unseen.",
                "https://embracethered.com/blog/posts/2025/ai-clickfix-ttp-claude/"));
    all.add(
        new Draft("QT-SIG-008", "wiper prompt: deletion of files and cloud resources", MEDIUM)
            .flow(DELETE, DELETE, 4)
            .flow(DELETE, EXECUTE, 1)
            .flow(EXECUTE, EXECUTE, 1)
            .within(6, 0.3, 4)
            .requires(DELETE, DELETE, TOOL_OUTPUT_SEEN)
            .mitre("impact,defense-impairment", "T1485", "T1578.003", "AML.T0101")
            .attack(
                "A prompt planted in an extension asks the agent to bring the system back to a"
                    + " near-factory state and to remove what the cloud profiles can reach.",
                "https://atlas.mitre.org/studies/AML.CS0047"));
    all.add(
        new Draft("QT-SIG-012", "privileges raised, then credentials read", HIGH)
            .flow(ESCALATE, AUTH, 1)
            .within(2, 0.1, 1)
            .requires(ESCALATE, AUTH, SENSITIVE_TARGET)
            .mitre("privilege-escalation,credential-access", "T1548.003", "T1003.008", "AML.T0090")
            .attack(
                "An intruder has the agent harvest the credentials of systems it has entered. That it"
                    + " does so with sudo is our reading.",
                "https://www.anthropic.com/news/disrupting-AI-espionage"));
    all.add(
        new Draft("QT-SIG-013", "reverse shell", LOW)
            .flow(EXECUTE, SEND, 1)
            .within(2, 0.1, 1)
            .requires(EXECUTE, SEND, NEW_DESTINATION)
            .mitre("execution,command-and-control", "T1059.004", "T1095", "AML.T0072")
            .attack(
                "A prompt makes a framework's agent run code that binds a shell to a connection to a"
                    + " host never seen before (LLMSmith).",
                "https://arxiv.org/abs/2309.02926"));
    all.add(
        new Draft("QT-SIG-014", "survey of the host, privileges raised, credentials read", HIGH)
            .flow(MONITOR, MONITOR, 3)
            .flow(MONITOR, ESCALATE, 1)
            .flow(ESCALATE, AUTH, 1)
            .flow(AUTH, AUTH, 1)
            .within(8, 0.4, 4)
            .requires(ESCALATE, AUTH, SENSITIVE_TARGET)
            .mitre(
                "discovery,privilege-escalation,credential-access",
                "T1082",
                "T1057",
                "T1548.003",
                "T1003.008",
                "AML.T0053")
            .attack(
                "An agent under an intruder's direction maps the host, raises its privileges and"
                    + " harvests credentials.",
                "https://www.anthropic.com/news/disrupting-AI-espionage"));
  }

  private static void persistence(List<Draft> all) {
    all.add(
        new Draft("QT-SIG-009", "start-up or agent settings changed, then run", HIGH)
            .flow(WRITE, EXECUTE, 1)
            .within(2, 0.1, 1)
            .requires(WRITE, EXECUTE, SENSITIVE_TARGET)
            .requires(WRITE, EXECUTE, TOOL_OUTPUT_SEEN)
            .mitre("persistence,defense-impairment", "T1546.004", "T1685", "AML.T0081")
            .attack(
                "An injected instruction switches approvals off or plants a start-up file, and then"
                    + " runs a command that nobody is asked about.",
                "https://nvd.nist.gov/vuln/detail/CVE-2025-53773"));
    all.add(
        new Draft("QT-SIG-010", "downloaded content written to a place that starts programs", HIGH)
            .flow(RECEIVE, WRITE, 1)
            .within(2, 0.1, 1)
            .requires(RECEIVE, WRITE, SENSITIVE_TARGET)
            .mitre(
                "persistence,command-and-control",
                "T1105",
                "T1546.004",
                "T1098.004",
                "AML.T0051.001",
                "AML.T0081")
            .attack(
                "A fetched message ends up in a file whose programs are started unasked, such as the"
                    + " editor's MCP configuration (CurXecute).",
                "https://nvd.nist.gov/vuln/detail/CVE-2025-54135"));
    all.add(
        new Draft("QT-SIG-016", "secrets looked for, then a message to somebody new", MEDIUM)
            .flow(SEARCH, AUTH, 1)
            .flow(AUTH, SEND, 1)
            .within(3, 0.2, 2)
            .requires(AUTH, SEND, TOOL_OUTPUT_SEEN)
            .requires(AUTH, SEND, NEW_DESTINATION)
            .mitre(
                "credential-access,collection,exfiltration",
                "T1552",
                "T1213",
                "AML.T0098",
                "AML.T0086")
            .attack(
                "A message in a shared data source makes the agent look up stored tokens and pass"
                    + " them on.",
                "https://www.generalanalysis.com/blog/supabase-mcp-blog"));
  }

  /** A signature while it is written. */
  private static final class Draft {
    private final ThreatSignature.Builder builder;
    private final double[][] shape = new double[Capability.COUNT][Capability.COUNT];
    private final List<FlowConditions.Requirement> require = new ArrayList<>();
    private int window;
    private int evidence;
    private String attack;
    private String citation;

    Draft(String id, String name, Severity severity) {
      builder =
          ThreatSignature.builder()
              .id(id)
              .name(name)
              .severity(severity)
              .createdAt(CREATED)
              .ttlHours(0)
              .tags(List.of("built-in"));
    }

    Draft flow(Capability from, Capability to, double weight) {
      shape[from.index()][to.index()] = weight;
      return this;
    }

    /** How many actions it looks at, how near they must come, after how many transitions. */
    Draft within(int actions, double maxJsd, int transitions) {
      window = actions;
      evidence = transitions;
      builder.maxJsd(maxJsd);
      return this;
    }

    Draft requires(Capability from, Capability to, Fact fact) {
      require.add(new FlowConditions.Requirement(from, to, fact));
      return this;
    }

    Draft mitre(String tactics, String... techniques) {
      builder.mitreTactics(List.of(tactics.split(",")));
      builder.mitreAttack(List.of(techniques));
      return this;
    }

    Draft attack(String what, String where) {
      attack = what;
      citation = where;
      return this;
    }

    BuiltInSignatures.BuiltIn builtIn() {
      ThreatSignature signature =
          builder
              .flowShape(shape)
              .conditions(new FlowConditions(window, evidence, require))
              .build();
      return new BuiltInSignatures.BuiltIn(signature, attack, citation);
    }
  }
}
