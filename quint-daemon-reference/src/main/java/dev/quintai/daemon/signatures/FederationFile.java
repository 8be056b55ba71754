package dev.quintai.daemon.signatures;

import dev.quintai.daemon.events.JsonTree;
import dev.quintai.daemon.run.DataDirectory;
import dev.quintai.daemon.run.SecureFiles;
import dev.quintai.signatures.federation.FederationPolicy;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The operator's choice about federation, {@code federation.json} in the data folder. */
final class FederationFile {
  private static final String NAME = "federation.json";

  private FederationFile() {}

  /**
   * The choice; both ways are open where none was made.
   *
   * @throws IOException when there is a file that says something else: nothing is guessed then
   */
  static FederationPolicy read(Path data) throws IOException {
    Path file = data.resolve(NAME);
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return FederationPolicy.BOTH;
    }
    if (JsonTree.read(text) instanceof Map<?, ?> map
        && map.get("contribute") instanceof Boolean contribute
        && map.get("receive") instanceof Boolean receive) {
      return new FederationPolicy(contribute, receive);
    }
    throw new IOException(file + ": contribute and receive, true or false, were expected");
  }

  static void write(Path data, FederationPolicy policy) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("contribute", policy.contribute());
    map.put("receive", policy.receive());
    try (Writer out = SecureFiles.replace(DataDirectory.open(data).file(NAME))) {
      out.write(JsonTree.text(map));
      out.write('\n');
    }
  }
}
