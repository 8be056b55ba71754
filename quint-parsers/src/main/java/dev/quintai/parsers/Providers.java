package dev.quintai.parsers;

import dev.quintai.core.spi.LlmHead;
import java.util.List;
import java.util.Map;

/** Who serves a model: the owner of the host. */
public final class Providers {

  private static final Map<String, String> HOSTS =
      Map.ofEntries(
          Map.entry("api.anthropic.com", "anthropic"),
          Map.entry("api.openai.com", "openai"),
          Map.entry("chatgpt.com", "openai"),
          Map.entry("generativelanguage.googleapis.com", "google"),
          Map.entry("aiplatform.googleapis.com", "google"),
          Map.entry("cloudcode-pa.googleapis.com", "google"),
          Map.entry("api.mistral.ai", "mistral"),
          Map.entry("codestral.mistral.ai", "mistral"),
          Map.entry("api.groq.com", "groq"),
          Map.entry("openrouter.ai", "openrouter"),
          Map.entry("api.deepseek.com", "deepseek"),
          Map.entry("api.x.ai", "xai"),
          Map.entry("api.together.xyz", "together"),
          Map.entry("api.together.ai", "together"),
          Map.entry("api.fireworks.ai", "fireworks"),
          Map.entry("api.cerebras.ai", "cerebras"),
          Map.entry("api.cohere.com", "cohere"),
          Map.entry("api.cohere.ai", "cohere"),
          Map.entry("api.perplexity.ai", "perplexity"),
          Map.entry("api.z.ai", "zai"),
          Map.entry("api.moonshot.ai", "moonshot"),
          Map.entry("api.moonshot.cn", "moonshot"),
          Map.entry("dashscope.aliyuncs.com", "alibaba"),
          Map.entry("dashscope-intl.aliyuncs.com", "alibaba"),
          Map.entry("portal.qwen.ai", "alibaba"),
          Map.entry("router.huggingface.co", "huggingface"),
          Map.entry("ollama.com", "ollama"),
          Map.entry("models.github.ai", "github"),
          Map.entry("api.githubcopilot.com", "github"),
          Map.entry("api.inference.crusoecloud.com", "crusoe"));

  /** Suffixes of host names that begin with a region, a resource or an account. */
  private static final List<Map.Entry<String, String>> SUFFIXES =
      List.of(
          Map.entry(".openai.azure.com", "azure"),
          Map.entry(".cognitiveservices.azure.com", "azure"),
          Map.entry(".services.ai.azure.com", "azure"),
          Map.entry(".models.ai.azure.com", "azure"),
          Map.entry(".googleapis.com", "google"),
          Map.entry(".api.x.ai", "xai"),
          Map.entry(".githubcopilot.com", "github"),
          Map.entry(".snowflakecomputing.com", "snowflake"));

  private Providers() {}

  /** The provider, or null when the host is nobody's that is known. */
  public static String of(LlmHead head) {
    String host = head.hostName();
    String exact = HOSTS.get(host);
    if (exact != null) {
      return exact;
    }
    if (host.startsWith("bedrock")
        && (host.endsWith(".amazonaws.com") || host.endsWith(".api.aws"))) {
      return "aws-bedrock";
    }
    for (Map.Entry<String, String> suffix : SUFFIXES) {
      if (host.endsWith(suffix.getKey())) {
        return suffix.getValue();
      }
    }
    return null;
  }
}
