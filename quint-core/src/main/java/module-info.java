/** Events, sessions, platforms, the SPI and the engine that runs detectors. */
module dev.quintai.core {
  exports dev.quintai.core;
  exports dev.quintai.core.event;
  exports dev.quintai.core.shell;
  exports dev.quintai.core.spi;
}
