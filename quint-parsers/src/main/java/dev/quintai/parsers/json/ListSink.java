package dev.quintai.parsers.json;

/** An array whose elements all go to one sink. A value that is no array goes to it too. */
public final class ListSink extends JsonSink {

  private final JsonSink element;

  /** Hands each element to {@code element}. */
  public ListSink(JsonSink element) {
    this.element = element;
  }

  @Override
  public JsonSink element() {
    return element;
  }

  @Override
  public JsonSink field(String name) {
    return element.field(name);
  }

  @Override
  public void beginObject() {
    element.beginObject();
  }

  @Override
  public void endObject() {
    element.endObject();
  }

  @Override
  public void string(JsonText text) {
    element.string(text);
  }

  @Override
  public boolean inPieces() {
    return element.inPieces();
  }

  @Override
  public void piece(byte[] bytes, int from, int to, boolean last) {
    element.piece(bytes, from, to, last);
  }
}
