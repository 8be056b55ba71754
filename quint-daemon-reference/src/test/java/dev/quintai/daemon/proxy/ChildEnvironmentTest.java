package dev.quintai.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is set for the agent, and what is read from the environment before it. */
class ChildEnvironmentTest {
  @Test
  void setsEveryVariableOverInheritedOnes() {
    Map<String, String> environment =
        ChildEnvironment.of(
            Map.of("HTTPS_PROXY", "http://old:1", "NO_PROXY", "api.openai.com", "PATH", "/bin"),
            URI.create("http://127.0.0.1:4000"),
            Path.of("/d/bundle.pem"),
            Path.of("/d/certs"));
    for (String name :
        List.of("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY")) {
      assertThat(environment).containsEntry(name, "http://127.0.0.1:4000");
    }
    for (String name :
        List.of(
            "NODE_EXTRA_CA_CERTS",
            "SSL_CERT_FILE",
            "CODEX_CA_CERTIFICATE",
            "CURL_CA_BUNDLE",
            "GIT_SSL_CAINFO",
            "REQUESTS_CA_BUNDLE",
            "AWS_CA_BUNDLE",
            "DENO_CERT")) {
      assertThat(environment).containsEntry(name, "/d/bundle.pem");
    }
    assertThat(environment)
        .containsEntry("SSL_CERT_DIR", "/d/certs")
        .containsEntry("NO_PROXY", "localhost,127.0.0.1,::1")
        .containsEntry("no_proxy", "localhost,127.0.0.1,::1")
        .containsEntry("PATH", "/bin");
  }

  @Test
  void findsTheUsersOwnBundles() {
    assertThat(
            ChildEnvironment.presetBundles(
                Map.of(
                    "SSL_CERT_FILE",
                    "/a.pem",
                    "CURL_CA_BUNDLE",
                    "/a.pem",
                    "SSL_CERT_DIR",
                    "/x:/y")))
        .containsExactly(Path.of("/a.pem"), Path.of("/x"), Path.of("/y"));
  }

  @Test
  void followsTheProxyThatWasSetBefore() {
    ParentProxy parent =
        ParentProxy.of(
            Map.of(
                "HTTPS_PROXY", "http://user:p%40ss@proxy.corp:3128",
                "http_proxy", "socks5://127.0.0.1",
                "no_proxy", "localhost, .corp,10.0.0.0/8,exact.example:8443"));
    ParentProxy.Endpoint https = parent.forHost(true, "api.openai.com", 443).orElseThrow();
    assertThat(https.address()).isEqualTo(new HostPort("proxy.corp", 3128));
    assertThat(https.user()).isEqualTo("user");
    assertThat(https.password()).isEqualTo("p@ss");
    assertThat(https.toString()).doesNotContain("p@ss");
    ParentProxy.Endpoint http = parent.forHost(false, "example.com", 80).orElseThrow();
    assertThat(http.socks()).isTrue();
    assertThat(http.address()).isEqualTo(new HostPort("127.0.0.1", 1080));
    for (String direct : List.of("localhost", "git.corp", "corp", "10.1.2.3")) {
      assertThat(parent.forHost(true, direct, 443)).as(direct).isEmpty();
    }
    assertThat(parent.forHost(true, "exact.example", 8443)).isEmpty();
    assertThat(parent.forHost(true, "exact.example", 443)).isPresent();
    assertThat(parent.forHost(true, "notcorp", 443)).isPresent();
    assertThat(
            ParentProxy.of(Map.of("ALL_PROXY", "proxy:1", "NO_PROXY", "*")).forHost(true, "a", 1))
        .isEmpty();
    assertThatThrownBy(() -> ParentProxy.of(Map.of("HTTPS_PROXY", "https://u:secret@p:1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HTTPS_PROXY")
        .hasMessageNotContaining("secret");
  }

  @Test
  void readsUpstreamMappings() {
    UpstreamMap map = UpstreamMap.parse(List.of("API.example.com=127.0.0.1:8443", "b=[::1]:1"));
    assertThat(map.hosts()).containsExactlyInAnyOrder("api.example.com", "b");
    assertThat(map.target("api.example.com")).contains(new HostPort("127.0.0.1", 8443));
    assertThat(map.target("b")).contains(new HostPort("::1", 1));
    for (String odd : List.of("a", "=b:1", "a=b", "a=b:0", "a=b:70000", "a b=c:1")) {
      assertThatThrownBy(() -> UpstreamMap.parse(List.of(odd)))
          .as(odd)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(odd);
    }
    assertThatThrownBy(() -> UpstreamMap.parse(List.of("a=b:1", "A=c:1")))
        .hasMessageContaining("twice");
  }

  @Test
  void knowsProvidersAndNoLookAlikes() {
    HostPolicy policy = LlmHosts.defaults();
    for (String host :
        List.of(
            "api.anthropic.com",
            "api.openai.com",
            "generativelanguage.googleapis.com",
            "us-central1-aiplatform.googleapis.com",
            "bedrock-runtime.eu-central-1.amazonaws.com",
            "mine.openai.azure.com")) {
      assertThat(policy.observes(host, 443)).as(host).isTrue();
    }
    for (String host :
        List.of("api.anthropic.com.evil.example", "github.com", "bedrock-runtime.evil.example")) {
      assertThat(policy.observes(host, 443)).as(host).isFalse();
    }
  }
}
