package dev.quintai.esjni;

/** Reads the lines of one stream of one sensor. Keeps what it needs to see losses. */
interface SensorTranslator {

  /**
   * Tells what a line says; nothing where it says nothing about what we follow.
   *
   * @throws BadLineException when the line is not what the sensor's format promises
   */
  void translate(JsonFields line, SensorLine out) throws BadLineException;
}
