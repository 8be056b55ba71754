/** Parsers of LLM API traffic: bytes in, tool calls out. */
module dev.quintai.parsers {
  requires transitive dev.quintai.core;
  requires com.fasterxml.jackson.core;
}
