package dev.quintai.core.sensitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.quintai.core.sensitive.SensitiveTarget.Kind;
import java.lang.management.ManagementFactory;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SensitiveTargetsTest {
  private static final SensitiveTargets TABLE = SensitiveTargets.defaults();

  private static Kind kind(String path, String home, String cwd) {
    return TABLE.path(path, home, cwd).map(SensitiveTarget::kind).orElse(null);
  }

  @ParameterizedTest
  @CsvSource({
    "/home/dev/.aws/credentials, CREDENTIAL",
    "/root/.ssh/id_ed25519, CREDENTIAL",
    "/home/dev/.ssh/work-key, CREDENTIAL",
    "/Users/dev/.npmrc, CREDENTIAL",
    "/Users/dev/.NPMRC, CREDENTIAL",
    "/var/home/dev/.netrc, CREDENTIAL",
    "/home/dev/backup/id_rsa, CREDENTIAL",
    "/home/dev/.config/gh/hosts.yml, CREDENTIAL",
    "/home/dev/.azure/msal_token_cache.json, CREDENTIAL",
    "/home/dev/.claude/.credentials.json, CREDENTIAL",
    "/etc/shadow, CREDENTIAL",
    "/etc/ssh/ssh_host_ed25519_key, CREDENTIAL",
    "/proc/4242/environ, CREDENTIAL",
    "/home/dev/secrets/team.kdbx, CREDENTIAL",
    "/Users/dev/Library/Keychains/login.keychain-db, KEYCHAIN",
    "/home/dev/.local/share/keyrings/login.keyring, KEYCHAIN",
    "/home/dev/.config/google-chrome/Default/Cookies, BROWSER",
    "/Users/dev/Library/Application Support/Firefox/Profiles/x/logins.json, BROWSER",
    "/home/dev/.bashrc, PERSISTENCE",
    "/home/dev/.ssh/authorized_keys, PERSISTENCE",
    "/Users/dev/Library/LaunchAgents/com.example.plist, PERSISTENCE",
    "/private/etc/sudoers.d/dev, PERSISTENCE",
    "/private/var/root/.ssh/id_rsa, CREDENTIAL",
    "/etc/cron.d/job, PERSISTENCE",
  })
  void findsTheUsualPlaces(String path, Kind expected) {
    assertThat(kind(path, null, null)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/home/dev/.ssh/config",
        "/home/dev/.ssh/known_hosts",
        "/home/dev/.ssh/known_hosts.old",
        "/home/dev/.ssh/id_ed25519.pub",
        "/home/dev/.ssh",
        "/home/dev/.aws/config",
        "/home/dev/.AWS/credentials",
        "/home/dev/project/.npmrc",
        "/home/dev/project/.aws/credentials",
        "/home/dev/.config/google-chrome/NativeMessagingHosts/org.example.json",
        "/home/dev/project/.env.example",
        "/home/dev/project/.env.production.example",
        "/home/dev/project/.environment",
        "/home/dev/project/env",
        "/etc/ssh/ssh_host_ed25519_key.pub",
        "/etc/passwd",
        "/proc/4242/status",
        "/home/dev",
        "/home",
        "/",
        "",
        "relative/.ssh/x",
      })
  void leavesPublicNeighboursAlone(String path) {
    assertThat(TABLE.path(path, null, "/home/dev/project")).isEmpty();
  }

  @Test
  void takesAnyHomeThatIsGiven() {
    assertThat(kind("/data/people/ann/.aws/credentials", "/data/people/ann", null))
        .isEqualTo(Kind.CREDENTIAL);
    assertThat(kind("/data/people/ann/.aws/credentials", "/data/people/ann/", null))
        .isEqualTo(Kind.CREDENTIAL);
    assertThat(kind("/data/people/annex/.aws/credentials", "/data/people/ann", null)).isNull();
    assertThat(kind("/home/other/.aws/credentials", "/data/people/ann", null))
        .as("another user's secrets count too")
        .isEqualTo(Kind.CREDENTIAL);
  }

  @Test
  void anEnvFileIsMilderInsideTheWorkingDirectory() {
    assertThat(kind("/w/.env", null, "/w")).isEqualTo(Kind.ENV_FILE);
    assertThat(kind("/w/api/.env.local", null, "/w/")).isEqualTo(Kind.ENV_FILE);
    assertThat(kind("/other/.env", null, "/w")).isEqualTo(Kind.CREDENTIAL);
    assertThat(kind("/wider/.env", null, "/w")).isEqualTo(Kind.CREDENTIAL);
    assertThat(kind("/w/.env", null, null)).isEqualTo(Kind.CREDENTIAL);
    assertThat(kind("/w/.env", null, "/")).as("all is inside the root").isEqualTo(Kind.CREDENTIAL);
  }

  @Test
  void persistenceIsSensitiveToWritingOnly() {
    assertThat(TABLE.path("/home/dev/.zshrc", null, null).orElseThrow().writeOnly()).isTrue();
    assertThat(TABLE.path("/home/dev/.zshrc", null, null).orElseThrow().secret()).isFalse();
    assertThat(TABLE.path("/home/dev/.npmrc", null, null).orElseThrow().writeOnly()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/home/dev/.ssh",
        "/home/dev/.ssh/",
        "/home/dev/.aws",
        "/root/.gnupg",
        "/Users/dev/Library/Keychains",
        "/home/dev/.mozilla/firefox",
      })
  void aFolderOfSecretsIsOneForDeclarationsOnly(String path) {
    assertThat(TABLE.folder(path, null)).isPresent();
    assertThat(TABLE.path(path, null, null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/home/dev", "/home/dev/.config", "/home/dev/.claude", "/etc", "/"})
  void otherFoldersAreNot(String path) {
    assertThat(TABLE.folder(path, null)).isEmpty();
  }

  @Test
  void ownersAreKnownByTheirOwnImage() {
    SensitiveTarget npmrc = TABLE.path("/Users/dev/.npmrc", null, null).orElseThrow();
    assertThat(npmrc.ownedBy("/usr/local/bin/npm", "/Users/dev/shop")).isTrue();
    assertThat(npmrc.ownedBy("/usr/local/lib/node_modules/npm/bin/npm-cli.js", null)).isTrue();
    assertThat(npmrc.ownedBy("/usr/local/bin/node", null)).isFalse();
    assertThat(npmrc.ownedBy("/Users/dev/shop/npm", "/Users/dev/shop"))
        .as("a program in the project can borrow any name")
        .isFalse();
    assertThat(npmrc.ownedBy("/tmp/npm", null)).isFalse();
    assertThat(npmrc.ownedBy("/Users/dev/.nvm/versions/node/v22/bin/npm", "/Users/dev"))
        .as("a working directory that is the home borrows nothing")
        .isTrue();
    assertThat(npmrc.ownedBy(null, null)).isFalse();

    SensitiveTarget login = TABLE.path("/root/.codex/auth.json", null, null).orElseThrow();
    assertThat(login.ownedByAgent("codex")).isTrue();
    assertThat(login.ownedByAgent("claude-code")).isFalse();
    assertThat(npmrc.ownedByAgent(null)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "2852039166",
        "0xA9FEA9FE",
        "0251.0376.0251.0376",
        "169.254.43518",
        "[::ffff:169.254.169.254]",
        "::ffff:a9fe:a9fe",
        "0:0:0:0:0:ffff:a9fe:a9fe",
        "fd00:ec2::254",
        "FD00:0EC2:0000:0:0:0:0:0254",
        "[fd00:ec2::254%eth0]",
        "Metadata.Google.Internal.",
        "100.100.100.200",
      })
  void readsMetadataAddressesInEveryForm(String host) {
    assertThat(TABLE.host(host)).hasValueSatisfying(t -> assertThat(t.secret()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.253",
        "example.org",
        "",
        ".",
        "::",
        ":::",
        "1::2::3",
        "1:2:3",
        "256.1.1.1",
        "0x",
        "08.1.1.1",
        "169.254.169.254.1",
        "[",
        "fd00:ec2::254:0:0:0:0:0:0",
        "-1",
        "99999999999999"
      })
  void otherHostsAreNotSensitive(String host) {
    assertThat(TABLE.host(host)).isEmpty();
  }

  @Test
  void knowsProgramsThatChangeTheUserOrLeaveWorkForLater() {
    for (String exe :
        new String[] {"/usr/bin/sudo", "sudo", "/bin/su", "doas", "/usr/bin/pkexec"}) {
      assertThat(TABLE.program(exe)).as(exe).isPresent();
    }
    for (String exe : new String[] {"/usr/bin/at", "batch", "/usr/bin/crontab", "systemd-run"}) {
      assertThat(TABLE.program(exe).orElseThrow().kind()).as(exe).isEqualTo(Kind.SCHEDULER);
    }
    assertThat(TABLE.program("/usr/bin/sum")).isEmpty();
    assertThat(TABLE.program(null)).isEmpty();
  }

  @Test
  void aTableCanBeExtendedAndNarrowed() {
    SensitiveTargets table =
        SensitiveTargets.builder()
            .path(Kind.CREDENTIAL, "deploy key", "/srv/deploy/*.key", Set.of("deploy"), "runbook")
            .path(Kind.CREDENTIAL, "token", "~/.acme/**", Set.of(), "runbook")
            .notSensitive("~/.acme/cache/**")
            .notSensitive("~/.npmrc")
            .host("vault", "vault.corp.example", "runbook")
            .program("become", "become", "runbook")
            .ignoreCase(true)
            .build();
    assertThat(table.path("/srv/deploy/prod.key", null, null)).isPresent();
    assertThat(table.path("/srv/deploy/sub/prod.key", null, null)).isEmpty();
    assertThat(table.path("/home/a/.acme/x/y", null, null)).isPresent();
    assertThat(table.path("/home/a/.acme/cache/x", null, null)).isEmpty();
    assertThat(table.path("/home/a/.npmrc", null, null)).isEmpty();
    assertThat(table.path("/home/a/.AWS/Credentials", null, null)).isPresent();
    assertThat(table.host("VAULT.corp.example")).isPresent();
    assertThat(table.program("/opt/become")).isPresent();
    assertThat(SensitiveTargets.defaults().path("/home/a/.npmrc", null, null)).isPresent();
    assertThat(SensitiveTargets.emptyBuilder().build().path("/etc/shadow", null, null)).isEmpty();
  }

  @Test
  void refusesPatternsThatItCannotMean() {
    SensitiveTargets.Builder builder = SensitiveTargets.emptyBuilder();
    for (String pattern : new String[] {"", "a/b", "/a*/b", "/a/*b*", "~"}) {
      boolean plainName = pattern.equals("~");
      if (!plainName) {
        assertThatThrownBy(() -> builder.path(Kind.CREDENTIAL, "x", pattern, Set.of(), "x"))
            .as(pattern)
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThatThrownBy(() -> builder.path(Kind.METADATA, "x", "/x", Set.of(), "x"))
        .isInstanceOf(IllegalArgumentException.class);
    builder.build();
    assertThatThrownBy(() -> builder.notSensitive("/x")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPathThatIsNotSensitiveAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String[] paths = {
      "/home/dev/shop/src/main/java/App.java",
      "/usr/lib/x86_64-linux-gnu/libc.so.6",
      "/Users/dev/work/shop/node_modules/left-pad/index.js"
    };
    long found = 0;
    for (int i = 0; i < 20_000; i++) {
      found += look(paths);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1_000; i++) {
      found += look(paths);
    }
    long perLookUp = (threads.getCurrentThreadAllocatedBytes() - before) / 3_000;
    assertThat(found).isZero();
    assertThat(perLookUp).isZero();
  }

  private static long look(String[] paths) {
    long found = 0;
    for (String path : paths) {
      if (TABLE.path(path, "/home/dev", "/home/dev/shop").isPresent()) {
        found++;
      }
    }
    return found;
  }
}
