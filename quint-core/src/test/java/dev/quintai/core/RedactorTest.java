package dev.quintai.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  /** The planted secret; nothing of it may be left. */
  private static final String S = "hunter2-Zx81";

  private static final String LONG = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password=" + S,
        "PASSWORD = \"" + S + "\"",
        "export PGPASSWORD=" + S + " && psql",
        "MYSQL_PWD=" + S + " mysql",
        "{\"apiKey\":\"" + S + "\",\"x\":1}",
        "{\"api_key\": \"" + S + "\"}",
        "{\\\"clientSecret\\\":\\\"" + S + "\\\",\\\"x\\\":1}",
        "aws_secret_access_key = " + S,
        "aws configure set aws_session_token " + S + " --token " + S,
        "tool --password " + S + " --verbose",
        "tool --api-key=" + S,
        "tool --client-secret '" + S + "'",
        "curl -H 'Authorization: Bearer " + S + "' https://x",
        "curl -H \"X-Api-Key: " + S + "\" https://x",
        "curl -u ann:" + S + " https://x",
        "curl --user='ann:" + S + "' https://x",
        "Authorization: Basic " + S + "\r\nHost: x",
        "Cookie: a=1; session=" + S + "; b=2\nNext: line",
        "\"authorization\":\"Bearer " + S + "\"",
        "https://ann:" + S + "@example.org/path",
        "postgres://u:" + S + "@db:5432/x",
        "https://x.example/?access_token=" + S + "&page=2",
        "https://x.example/?X-Amz-Signature=" + S,
        "//registry.example/:_authToken=" + S,
        "{\"auths\":{\"ghcr.io\":{\"auth\":\"" + S + "\"}}}",
        "machine example.org login ann password " + S,
        "config['password'] = '" + S + "'",
        "password => '" + S + "'",
        "token: " + S,
        "-----BEGIN OPENSSH PRIVATE KEY-----\n" + S + "\n-----END OPENSSH PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n" + S + " and no end",
      })
  void takesTheSecretOut(String text) {
    String redacted = Redactor.redact(text);
    assertThat(redacted).contains(Redactor.MARK).doesNotContain(S).doesNotContain("hunter2");
    assertThat(Redactor.redact(redacted)).as("again").isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + LONG,
        "github_pat_" + LONG,
        "glpat-" + LONG,
        "sk-ant-api03-" + LONG,
        "sk-proj-" + LONG,
        "sk_live_" + LONG,
        "xoxb-123456789012-" + LONG,
        "npm_" + LONG,
        "AIza" + LONG,
        "hf_" + LONG,
        "ya29." + LONG,
        "hvs." + LONG,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
      })
  void takesTokensOutThatAreKnownByTheirPrefix(String token) {
    for (String around : new String[] {"%s", "x %s y", "\"%s\"", "a=%s&b", "(%s)", "/%s/"}) {
      String redacted = Redactor.redact(String.format(around, token));
      assertThat(redacted)
          .contains(Redactor.MARK)
          .contains(token.substring(0, 2))
          .doesNotContain(token.substring(token.length() - 12));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat notes.txt",
        "PWD=/home/dev",
        "max_tokens: 4096, input_tokens=17",
        "TOKEN_FILE=/run/secrets/token-file",
        "curl -H \"Authorization: Bearer $TOKEN\" https://x",
        "export API_KEY=${OTHER}",
        "password: null",
        "\"password\": {\"type\": \"string\"}",
        "ssh://git@github.com/x.git",
        "https://example.org:8443/path@v1",
        "docker run -u 1000:1000 image",
        "sort -u a.txt",
        "git push -u origin main",
        "npm_config_registry=https://registry.example",
        "the sk-learn-something-like-that package",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "keyboard: qwerty",
        "author: ann",
        "signature: void f(int)",
        "",
        "ab",
      })
  void leavesOtherTextAlone(String text) {
    assertThat(Redactor.redact(text)).isSameAs(text);
  }

  @Test
  void keepsWhatAPersonNeeds() {
    assertThat(
            Redactor.redact(
                "curl -X POST -H 'Authorization: Bearer abc123' https://u:p4ss@api.example.org/v1"))
        .isEqualTo(
            "curl -X POST -H 'Authorization: Bearer [redacted]'"
                + " https://u:[redacted]@api.example.org/v1");
    assertThat(Redactor.redact("export GH=ghp_" + LONG)).isEqualTo("export GH=ghp_[redacted]");
    assertThat(Redactor.redact(List.of("tool", "--password", "x y", "in.txt")))
        .isEqualTo("tool --password [redacted] y in.txt");
    assertThat(Redactor.withheld("AWS credentials", 118))
        .isEqualTo("[118 characters of AWS credentials redacted]");
    assertThat(Redactor.redact((String) null)).isNull();
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(
            "password",
            "token",
            "=",
            ":",
            " ",
            "\"",
            "'",
            "\\\"",
            "--",
            "-u ",
            "://",
            "@",
            "$",
            "{",
            "[redacted]",
            "authorization",
            "cookie",
            "Bearer ",
            "-----BEGIN ",
            "PRIVATE KEY-----",
            "-----END ",
            "sk-",
            "a1B2c3D4e5F6g7H8i9J0",
            "machine login ",
            "\n",
            ";",
            "\\",
            "]",
            "é")
        .list()
        .ofMaxSize(25)
        .map(list -> String.join("", list));
  }

  @Property(tries = 5_000)
  void isIdempotent(@ForAll("pieces") String text) {
    String once = Redactor.redact(text);
    assertThat(Redactor.redact(once)).isEqualTo(once);
  }

  /** Would not end in reasonable time if any of these were read more than a few times. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "password=\"",
        "cookie:{",
        "://",
        "-----BEGIN ",
        "-u a:",
        "token:'$",
        "eyJ.",
        "sk-",
        "machine login password ",
        "a:b@",
        "\\\"token\\\":\\\"",
        "-",
        "authorization: Basic "
      })
  void readsHostileTextOnce(String piece) {
    String text = piece.repeat(100_000);
    assertThat(Redactor.redact(text)).isNotNull();
  }
}
