package dev.quintai.daemon.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.quintai.core.spi.LlmHead;
import dev.quintai.parsers.LlmExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Reads one line of recorded exchanges. */
final class ExchangeReader {

  /** One line. */
  record Line(String id, LlmExchange exchange) {}

  /** A line that is no exchange: which field, and what was expected. */
  static final class BadLine extends Exception {
    private static final long serialVersionUID = 1;

    BadLine(String message) {
      super(message);
    }
  }

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxDocumentLength(-1)
                  .maxTokenCount(-1)
                  .build())
          .build();

  private String id;
  private String method;
  private String url;
  private String requestType;
  private String requestEncoding;
  private String responseType;
  private String responseEncoding;
  private byte[] request;
  private byte[] response;
  private int status;

  /**
   * The exchange of the line.
   *
   * @throws BadLine if the line is no exchange
   */
  Line read(byte[] bytes, int from, int to) throws BadLine {
    id = null;
    method = null;
    url = null;
    requestType = null;
    requestEncoding = null;
    responseType = null;
    responseEncoding = null;
    request = null;
    response = null;
    status = 0;
    try (JsonParser parser = FACTORY.createParser(bytes, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadLine("expected a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        field(name, parser);
      }
      if (parser.nextToken() != null) {
        throw new BadLine("text behind the JSON object");
      }
    } catch (JsonParseException e) {
      throw new BadLine("not JSON, column " + e.getLocation().getColumnNr());
    } catch (IOException e) {
      throw new BadLine("not readable as JSON: " + e.getMessage());
    }
    require("id", id);
    require("method", method);
    require("url", url);
    require("request_body", request);
    require("response_body", response);
    LlmHead head = LlmHead.of(method, url, requestType).withResponse(status, responseType);
    return new Line(
        id,
        new LlmExchange(
            head,
            ByteBuffer.wrap(request),
            requestEncoding,
            ByteBuffer.wrap(response),
            responseEncoding));
  }

  private static void require(String name, Object value) throws BadLine {
    if (value == null) {
      throw new BadLine("field " + name + " is missing");
    }
  }

  private void field(String name, JsonParser parser) throws IOException, BadLine {
    switch (name) {
      case "id" -> id = string(name, parser);
      case "method" -> method = string(name, parser);
      case "url" -> url = string(name, parser);
      case "request_content_type" -> requestType = string(name, parser);
      case "request_content_encoding" -> requestEncoding = string(name, parser);
      case "response_content_type" -> responseType = string(name, parser);
      case "response_content_encoding" -> responseEncoding = string(name, parser);
      case "request_body" -> request = bytes(name, parser, request);
      case "request_body_b64" -> request = base64(name, parser, request);
      case "response_body" -> response = bytes(name, parser, response);
      case "response_body_b64" -> response = base64(name, parser, response);
      case "status" -> {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          status = parser.getIntValue();
        } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
          throw new BadLine("field status: expected a whole number");
        }
      }
      default -> parser.skipChildren();
    }
  }

  private static String string(String name, JsonParser parser) throws IOException, BadLine {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NULL -> null;
      default -> throw new BadLine("field " + name + ": expected a string");
    };
  }

  private static byte[] bytes(String name, JsonParser parser, byte[] before)
      throws IOException, BadLine {
    String text = string(name, parser);
    return text == null ? before : text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] base64(String name, JsonParser parser, byte[] before)
      throws IOException, BadLine {
    String text = string(name, parser);
    if (text == null) {
      return before;
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new BadLine("field " + name + ": expected base64");
    }
  }
}
