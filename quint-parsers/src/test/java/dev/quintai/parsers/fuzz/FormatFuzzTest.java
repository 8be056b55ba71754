package dev.quintai.parsers.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.quintai.parsers.fuzz.Hostile.Framing;

/** Hostile bodies of each format, in each of its framings. */
class FormatFuzzTest {

  @FuzzTest(maxDuration = "10m")
  void anthropic(byte[] data) {
    Hostile.check("anthropic", data, Framing.SSE, Framing.JSON, Framing.CHUNKS);
  }

  /** OpenAI and Azure differ in their requests' model only. */
  @FuzzTest(maxDuration = "10m")
  void chat(byte[] data) {
    boolean azure = data.length > 0 && data[0] < 0;
    Hostile.check(azure ? "azure-openai" : "openai", data, Framing.SSE, Framing.JSON);
  }

  @FuzzTest(maxDuration = "10m")
  void responses(byte[] data) {
    Hostile.check("openai-responses", data, Framing.SSE, Framing.JSON, Framing.MESSAGES);
  }

  @FuzzTest(maxDuration = "10m")
  void converse(byte[] data) {
    Hostile.check("aws-bedrock-converse", data, Framing.EVENTS, Framing.JSON);
  }

  /** JSON that begins with a bracket is a stream in an array. */
  @FuzzTest(maxDuration = "10m")
  void gemini(byte[] data) {
    Hostile.check("google-gemini", data, Framing.SSE, Framing.JSON);
  }

  @FuzzTest(maxDuration = "10m")
  void generic(byte[] data) {
    Hostile.check("generic", data, Framing.SSE, Framing.JSON, Framing.LINES, Framing.CHUNKS);
  }
}
