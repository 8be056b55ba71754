package dev.quintai.parsers.json;

/**
 * How a document is read that differs from the one before in one string only.
 *
 * @param taker the sink that took this string of the document before
 * @param next the sink that takes the string of the next one and does all that reading the whole of
 *     it would do; the document's other sinks still stand as the one before left them
 * @param numbers whether whole numbers may differ, too; those that were taken are told to their
 *     sinks before the string
 */
public record Repeat(JsonSink taker, JsonSink next, boolean numbers) {

  /** A document that differs in one string only. */
  public Repeat(JsonSink taker, JsonSink next) {
    this(taker, next, false);
  }

  /**
   * Sets a field and ends the object at the document's root once more. For documents of which
   * nothing is told before their end.
   */
  public static Repeat ofField(JsonSink field, JsonSink root) {
    return new Repeat(
        field,
        new JsonSink() {
          @Override
          public void string(JsonText text) {
            field.string(text);
            root.endObject();
          }
        });
  }
}
