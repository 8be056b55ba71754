package dev.quintai.daemon.proxy;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The hosts at which language-model providers serve their APIs, as they are written in the
 * providers' own API references.
 */
public final class LlmHosts {
  private static final Set<String> EXACT =
      Set.of(
          "api.anthropic.com",
          "api.openai.com",
          "chatgpt.com", // Codex with a ChatGPT account: /backend-api/codex/responses
          "generativelanguage.googleapis.com",
          "cloudcode-pa.googleapis.com", // Gemini CLI with a Google account
          "aiplatform.googleapis.com",
          "api.mistral.ai",
          "codestral.mistral.ai",
          "api.cohere.com",
          "api.cohere.ai",
          "api.groq.com",
          "api.x.ai",
          "api.deepseek.com",
          "api.together.xyz",
          "api.together.ai",
          "api.fireworks.ai",
          "api.perplexity.ai",
          "api.cerebras.ai",
          "api.sambanova.ai",
          "api.moonshot.ai",
          "api.moonshot.cn",
          "api.kimi.com",
          "api.z.ai",
          "open.bigmodel.cn",
          "api.minimax.io",
          "dashscope.aliyuncs.com",
          "dashscope-intl.aliyuncs.com",
          "portal.qwen.ai",
          "openrouter.ai",
          "router.huggingface.co",
          "api-inference.huggingface.co",
          "integrate.api.nvidia.com",
          "api.githubcopilot.com",
          "models.github.ai",
          "models.inference.ai.azure.com",
          "ai-gateway.vercel.sh",
          "gateway.ai.cloudflare.com",
          "opencode.ai",
          "api.cline.bot");

  private static final List<String> SUFFIXES =
      List.of(
          ".openai.azure.com",
          ".services.ai.azure.com",
          ".cognitiveservices.azure.com",
          ".models.ai.azure.com",
          ".githubcopilot.com",
          ".inference.ai.azure.com");

  private LlmHosts() {}

  /** Returns the policy that observes these hosts, on any port. */
  public static HostPolicy defaults() {
    return (host, port) -> known(host);
  }

  /** Returns the policy that observes exactly the given, normalised hosts, on any port. */
  public static HostPolicy exactly(Collection<String> hosts) {
    Set<String> names = Set.copyOf(hosts);
    return (host, port) -> names.contains(host);
  }

  /** Whether the normalised host is a known provider's. */
  static boolean known(String host) {
    if (EXACT.contains(host)) {
      return true;
    }
    for (String suffix : SUFFIXES) {
      if (host.endsWith(suffix)) {
        return true;
      }
    }
    return bedrock(host) || vertex(host);
  }

  /** {@code REGION-aiplatform.googleapis.com} and {@code aiplatform.REGION.rep.googleapis.com}. */
  private static boolean vertex(String host) {
    return host.endsWith("-aiplatform.googleapis.com")
        || (host.startsWith("aiplatform.") && host.endsWith(".rep.googleapis.com"));
  }

  /** {@code bedrock-runtime[-fips].REGION.amazonaws.com[.cn]}. */
  private static boolean bedrock(String host) {
    return (host.startsWith("bedrock-runtime.") || host.startsWith("bedrock-runtime-fips."))
        && (host.endsWith(".amazonaws.com")
            || host.endsWith(".amazonaws.com.cn")
            || host.endsWith(".api.aws"));
  }
}
