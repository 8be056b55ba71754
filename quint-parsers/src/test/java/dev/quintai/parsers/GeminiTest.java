package dev.quintai.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quintai.parsers.support.Reading;
import dev.quintai.parsers.support.Recorder;
import org.junit.jupiter.api.Test;

class GeminiTest {

  private static final String ONE =
      "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hm\",\"thought\":true},{\"text\":\"Hel\"}],\"role\":\"model\"},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":3},\"modelVersion\":\"gemini-x\",\"responseId\":\"r1\"}";
  private static final String TWO =
      "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"ls\",\"args\":{\"path\":\"/w\"}},\"thoughtSignature\":\"xx\"},{\"functionCall\":{\"id\":\"c2\",\"args\":{},\"name\":\"pwd\"}}],\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":8},\"modelVersion\":\"gemini-x\",\"responseId\":\"r1\"}";

  private static final String[] TOLD = {
    "begin RESPONSE",
    "thinking 0 hm",
    "text 0 Hel",
    "id r1",
    "model gemini-x",
    "usage 3 -1",
    "start 0 null ls function",
    "delta 0 {\"path\":\"/w\"}",
    "end 0 null ls function {path=/w}",
    "start 1 c2 pwd function",
    "delta 1 {}",
    "end 1 c2 pwd function {}",
    "stop STOP",
    "usage 3 8",
    "complete RESPONSE"
  };

  @Test
  void readsSse() {
    String body = "data: " + ONE + "\n\ndata: " + TWO + "\n\n";
    assertThat(Reading.response("google-gemini", "text/event-stream", body).told())
        .containsExactly(TOLD);
    assertThat(
            Reading.response("google-gemini", "text/event-stream", body.replace("\n", "\r\n"))
                .told())
        .containsExactly(TOLD);
    assertThat(
            Reading.response("google-gemini", "text/event-stream", body.replace("\n", "\r")).told())
        .containsExactly(TOLD);
  }

  @Test
  void readsAnArrayStream() {
    String body = " [" + ONE + "\n,\r\n" + TWO + "\n]\n";
    Recorder read = Reading.response("google-gemini", "application/json", body);
    assertThat(read.told()).containsExactly(TOLD);
    assertThat(read.only("framing")).containsExactly("framing JSON_ARRAY");
    assertThat(read.only("frame"))
        .containsExactly(
            "frame 0-" + (2 + ONE.length()),
            "frame " + (2 + ONE.length()) + "-" + (2 + ONE.length() + 4 + TWO.length()));
  }

  @Test
  void losesNothingOfACutArray() {
    Recorder read =
        Reading.response(
            "google-gemini", "application/json", "[" + ONE + ",\n" + TWO.substring(0, 60));
    assertThat(read.only("text", "end", "complete"))
        .containsExactly("text 0 Hel", "complete RESPONSE cut");
  }

  @Test
  void putsStreamedArgumentsTogether() {
    String body =
        """
        data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"move","willContinue":true}}]}}]}

        data: {"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.to.name","stringValue":"New ","willContinue":true}],"willContinue":true}}]}}]}

        data: {"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.to.name","stringValue":"York"},{"jsonPath":"$.at[1]","numberValue":2.5},{"jsonPath":"$.at[0]","numberValue":1},{"jsonPath":"$['a.b']","boolValue":true},{"jsonPath":"$.n","nullValue":"NULL_VALUE"}],"willContinue":true}}]}}]}

        data: {"candidates":[{"content":{"parts":[{"functionCall":{}}]},"finishReason":"STOP"}]}

        """;
    Recorder read = Reading.response("google-gemini", "text/event-stream", body);
    assertThat(read.only("start", "end"))
        .containsExactly(
            "start 0 null move function",
            "end 0 null move function {to={name=New York}, at=[1, 2.5], a.b=true, n=null}");
    Recorder cut =
        Reading.response(
            "google-gemini", "text/event-stream", body.substring(0, body.lastIndexOf("data:")));
    assertThat(cut.only("end", "lost", "complete"))
        .containsExactly("lost 0 null move function", "complete RESPONSE cut");
  }

  @Test
  void readsADocumentWithNumbersForNames() {
    Recorder read =
        Reading.response(
            "google-gemini",
            "application/json",
            """
            {"candidates":[
              {"finishReason":1,"content":{"parts":[{"executableCode":{"id":"e1","language":"PYTHON","code":"print(1)"}},
                {"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}},
                {"toolCall":{"id":"t1","toolType":"GOOGLE_SEARCH_WEB","args":{"queries":["q"]}}},{"text":"x"}]}},
              {"index":1,"finishReason":2,"content":{"parts":[{"text":"y"}]}}]}
            """);
    assertThat(read.only("end", "text", "stop"))
        .containsExactly(
            "end 0 e1 code_execution server {language=PYTHON, code=print(1)}",
            "end 1 t1 GOOGLE_SEARCH_WEB server {queries=[q]}",
            "text 0 x",
            "stop 1",
            "text 1 y");
  }

  @Test
  void tellsErrorsAndBlockedPrompts() {
    String error = "{\"error\":{\"code\":400,\"message\":\"no\",\"status\":\"INVALID_ARGUMENT\"}}";
    assertThat(
            Reading.response(
                    "google-gemini", Reading.head("https://h/", 400, "text/event-stream"), error)
                .only("framing", "error"))
        .containsExactly("framing JSON", "error [INVALID_ARGUMENT] no");
    assertThat(
            Reading.response(
                    "google-gemini",
                    Reading.head("https://h/", 429, "application/json"),
                    "[" + error + "]")
                .only("error", "complete"))
        .containsExactly("error [INVALID_ARGUMENT] no", "complete RESPONSE");
    assertThat(
            Reading.response(
                    "google-gemini",
                    "application/json",
                    "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}")
                .only("stop", "complete"))
        .containsExactly("stop SAFETY", "complete RESPONSE");
  }

  @Test
  void readsARequest() {
    Recorder read =
        Reading.request(
            "google-gemini",
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:streamGenerateContent?alt=sse",
            """
            {"systemInstruction":{"role":"user","parts":[{"text":"Be good"}]},
             "contents":[{"role":"user","parts":[{"text":"I'm currently working in the directory: /home/u/q\\nHere is the folder structure"}]},
              {"role":"model","parts":[{"functionCall":{"name":"ls","args":{"text":"x"}}}]},
              {"role":"user","parts":[{"functionResponse":{"id":"c1","name":"ls","response":{"output":"a b"}}},
                {"function_response":{"name":"pwd","response":{"error":"no"}}}]}],
             "tools":[{"functionDeclarations":[{"name":"ls","parameters":{"properties":{"name":{"type":"STRING"}}}},{"name":"pwd"}]},{"googleSearch":{}}]}
            """);
    assertThat(read.told())
        .containsExactly(
            "begin REQUEST",
            "requestModel gemini-x",
            "message system",
            "said Be good",
            "message user",
            "cwd /home/u/q",
            "said I'm currently working in the directory: /home/u/q\nHere is the folder structure",
            "message model",
            "prior null ls",
            "message user",
            "result c1 ls ok {\"output\":\"a b\"}",
            "result null pwd ok {\"error\":\"no\"}",
            "tool ls function",
            "tool pwd function",
            "tool googleSearch server",
            "complete REQUEST");
  }

  @Test
  void readsTheEnvelopeOfCodeAssist() {
    assertThat(
            Reading.request(
                    "google-gemini",
                    "https://cloudcode-pa.googleapis.com/v1internal:streamGenerateContent?alt=sse",
                    "{\"model\":\"gemini-x\",\"project\":\"p\",\"request\":{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}],\"session_id\":\"s\"}}")
                .told())
        .containsExactly(
            "begin REQUEST",
            "requestModel gemini-x",
            "message user",
            "said hi",
            "conversation s",
            "complete REQUEST");
    assertThat(
            Reading.response(
                    "google-gemini", "text/event-stream", "data: {\"response\":" + TWO + "}\n\n")
                .only("end", "stop"))
        .containsExactly(
            "end 0 null ls function {path=/w}", "end 1 c2 pwd function {}", "stop STOP");
  }

  /** Clients may give a text where the reference has a content. */
  @Test
  void readsTextsInThePlaceOfContents() {
    Recorder read =
        Reading.request(
            "google-gemini",
            "https://example.test/v1beta/models/m:generateContent",
            """
            {"systemInstruction":"be kind","contents":["hi",{"role":"user","parts":[{"text":"you"}]}]}\
            """);
    assertThat(read.only("said", "message"))
        .containsExactly("message system", "said be kind", "said hi", "message user", "said you");
  }

  @Test
  void readsCandidatesInAnyOrder() {
    Recorder read =
        Reading.response(
            "google-gemini",
            "application/json",
            "{\"candidates\":[{\"index\":1,\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"SAFETY\"},{\"index\":0,\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}");
    assertThat(read.only("text", "stop")).containsExactly("text 1 b", "text 0 a", "stop STOP");
  }

  /** A place far behind the others would cost much memory for few bytes. */
  @Test
  void boundsTheGapsOfStreamedArguments() {
    StringBuilder parts = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      parts
          .append(i == 0 ? "" : ",")
          .append("{\"jsonPath\":\"$.a" + i + "[9999]\",\"numberValue\":1}");
    }
    Recorder read =
        Reading.response(
            "google-gemini",
            "text/event-stream",
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"partialArgs\":["
                + parts
                + "]}}]},\"finishReason\":\"STOP\"}]}\n\n");
    assertThat(read.only("end").get(0)).endsWith("truncated");
  }
}
