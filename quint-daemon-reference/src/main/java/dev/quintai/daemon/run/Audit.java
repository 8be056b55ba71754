package dev.quintai.daemon.run;

import dev.quintai.daemon.audit.AuditHealth;
import dev.quintai.daemon.audit.AuditKeys;
import dev.quintai.daemon.audit.AuditLog;
import dev.quintai.daemon.llm.Trail;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;

/** The audit log of a data folder, signed with the installation's key. */
final class Audit implements Closeable {

  private final AuditLog log;
  private final Consumer<String> notices;

  private Audit(AuditLog log, Consumer<String> notices) {
    this.log = log;
    this.notices = notices;
  }

  static Audit open(DataDirectory data, Consumer<String> notices) throws IOException {
    return new Audit(AuditLog.open(data.database(), AuditKeys.loadOrCreate(data.path())), notices);
  }

  Trail trail() {
    return new AuditTrail(log, null);
  }

  @Override
  public void close() throws IOException {
    log.close();
    AuditHealth health = log.health();
    if (health.dropped() > 0) {
      notices.accept(health.dropped() + " rows of the audit log were dropped");
    }
  }
}
