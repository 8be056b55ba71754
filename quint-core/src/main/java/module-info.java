/** Events, sessions, platforms, the SPI and the engine that runs detectors. */
module dev.quintai.core {
  exports dev.quintai.core.capability;
  exports dev.quintai.core.contract;
  exports dev.quintai.core.event;
  exports dev.quintai.core.platform;
  exports dev.quintai.core.sensitive;
  exports dev.quintai.core.shell;
  exports dev.quintai.core.snapshot;
  exports dev.quintai.core.spi;
  exports dev.quintai.core;

  uses dev.quintai.core.spi.LlmParser;
}
