package dev.quintai.daemon.cli;

import picocli.CommandLine.IVersionProvider;

/** The version, from the jar's manifest. */
public final class Version implements IVersionProvider {

  /** For picocli. */
  public Version() {}

  /** The version's text, {@code development} outside a jar. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"quint " + text()};
  }
}
