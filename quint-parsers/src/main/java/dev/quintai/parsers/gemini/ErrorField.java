package dev.quintai.parsers.gemini;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Whether an object has an {@code error} field with a value. */
final class ErrorField {

  private static final JsonFactory FACTORY = new JsonFactory();

  private ErrorField() {}

  static boolean present(String json) {
    if (!json.contains("\"error\"")) {
      return false;
    }
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean error = parser.currentName().equals("error");
        JsonToken value = parser.nextToken();
        if (error) {
          return value != JsonToken.VALUE_NULL;
        }
        parser.skipChildren();
      }
      return false;
    } catch (IOException e) {
      return false; // cut at the limit before any such field
    }
  }
}
