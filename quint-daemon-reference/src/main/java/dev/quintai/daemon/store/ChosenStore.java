package dev.quintai.daemon.store;

import dev.quintai.core.spi.FingerprintStore;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * The store that an installation has chosen: SQLite in its data folder, or Redis where the folder
 * holds a file {@value #FILE} with an address in it, such as {@code
 * rediss://:password@host:6380/0}.
 *
 * <p>The address stands in a file, since it may hold a password: arguments are seen by everybody on
 * the machine, and the environment is inherited by the agent. The file must be closed to others.
 */
public final class ChosenStore {
  /** The name of the file with the address. */
  public static final String FILE = "fingerprint-store";

  // A fingerprint is worth no more waiting than this: without it the agent is taken as unknown.
  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final int LONGEST = 4_096;
  private static final Set<String> SCHEMES = Set.of("redis", "rediss");

  private ChosenStore() {}

  /**
   * Opens the store that is chosen in a data folder. Nothing is connected to yet.
   *
   * @throws IOException when the file with the address can be read by others, or holds no address
   */
  public static FingerprintStore open(Path data) throws IOException {
    Path file = data.resolve(FILE);
    return chosen(file)
        ? new RedisFingerprintStore(address(file), TIMEOUT, null)
        : new SqliteFingerprintStore(sqlite(data));
  }

  /**
   * Which store is chosen, without its password, after having asked it for an agent that it does
   * not know.
   *
   * @throws IOException when it does not answer
   */
  public static String tried(Path data) throws IOException {
    Path file = data.resolve(FILE);
    String name =
        chosen(file)
            ? "Redis at " + place(address(file)) + "; machines that share it need one seed file"
            : sqlite(data).toString();
    try (FingerprintStore store = open(data)) {
      store.load(new UUID(0, 0));
    }
    return name;
  }

  private static Path sqlite(Path data) {
    return data.resolve("fingerprints.db");
  }

  private static boolean chosen(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static String place(RedisURI address) {
    return address.getHost()
        + ":"
        + address.getPort()
        + (address.isSsl() ? " by TLS" : " without TLS");
  }

  private static RedisURI address(Path file) throws IOException {
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    if (!mode.endsWith("------")) {
      throw new IOException(file + " can be read by others (" + mode + "): chmod 600 it");
    }
    try {
      String text =
          Files.size(file) > LONGEST ? "" : Files.readString(file, StandardCharsets.UTF_8).strip();
      URI uri = new URI(text);
      if (SCHEMES.contains(String.valueOf(uri.getScheme())) && uri.getHost() != null) {
        return RedisURI.create(uri);
      }
    } catch (URISyntaxException | IllegalArgumentException | CharacterCodingException e) {
      // Its message may quote the password, so it goes no further.
    }
    throw new IOException(
        file + " holds no address of a Redis server: redis://HOST:PORT or rediss://HOST:PORT");
  }
}
