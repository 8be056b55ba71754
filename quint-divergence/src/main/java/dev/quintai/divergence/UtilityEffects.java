package dev.quintai.divergence;

import java.util.List;

/**
 * What one simple command declares for its own process.
 *
 * @param files files it names, redirections included
 * @param hosts hosts it names
 * @param boundedReads how many files it may read, or -1 when that is not bounded
 * @param boundedHosts how many hosts it may contact, or -1 when that is not bounded
 */
record UtilityEffects(
    List<FileEffect> files, List<String> hosts, int boundedReads, int boundedHosts) {

  static final UtilityEffects NONE = new UtilityEffects(List.of(), List.of(), -1, -1);

  UtilityEffects {
    files = List.copyOf(files);
    hosts = List.copyOf(hosts);
  }

  /** A bit for each class of acts that it declares. */
  int classes() {
    int bits = hosts.isEmpty() ? 0 : ActClass.NETWORK.bit();
    for (FileEffect file : files) {
      bits |= file.actClass().bit();
    }
    return bits;
  }

  boolean covers(ActClass act, String canonical) {
    for (FileEffect file : files) {
      if (file.actClass() == act && file.covers(canonical)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it names the contact's host, or its address. */
  boolean coversHost(Act contact) {
    for (String declared : hosts) {
      if (HostIdentity.same(declared, contact.target()) || declared.equals(contact.requested())) {
        return true;
      }
    }
    return false;
  }
}
