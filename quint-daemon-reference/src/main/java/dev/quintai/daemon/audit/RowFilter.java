package dev.quintai.daemon.audit;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that choose rows. */
final class RowFilter {
  private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");

  @Option(names = "--session", paramLabel = "ID", description = "Only rows of this session.")
  private String session;

  @Option(names = "--tool", paramLabel = "NAME", description = "Only rows of this tool.")
  private String tool;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only rows since then: 2026-11-21T08:00:00Z, 2026-11-21 (UTC), or 90m, 24h, 7d.")
  private String since;

  AuditFilter filter(int last, CommandSpec spec) {
    return new AuditFilter(session, tool, since(spec), last);
  }

  private Instant since(CommandSpec spec) {
    if (since == null) {
      return null;
    }
    try {
      return time(since, InstantSource.system());
    } catch (DateTimeException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--since: expected a time such as 2026-11-21T08:00:00Z, 2026-11-21 or 24h, not "
              + Printable.of(since),
          e);
    }
  }

  /** The instant that a person wrote. */
  static Instant time(String text, InstantSource clock) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long n = Long.parseLong(ago.group(1));
      Duration duration =
          switch (ago.group(2)) {
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            case "h" -> Duration.ofHours(n);
            default -> Duration.ofDays(n);
          };
      return clock.instant().minus(duration);
    }
    if (text.indexOf('T') < 0) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    return OffsetDateTime.parse(text).toInstant();
  }
}
