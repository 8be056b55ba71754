package dev.quintai.daemon.signatures;

import dev.quintai.core.Action;
import dev.quintai.core.Capability;
import dev.quintai.core.Redactor;
import dev.quintai.daemon.signatures.Measures.Measure;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Measures the calls of one session, one after the other. */
final class CallMeasures {
  private static final Set<Capability> LOOKING =
      EnumSet.of(Capability.READ, Capability.SEARCH, Capability.MONITOR);
  private static final int MAX_SHOWN = 80;

  /** Nats of surprise that count as 1. */
  private static final double SURPRISE = 8;

  /** A tool whose surprise is above counts as hardly ever used. */
  private static final double RARE = 0.75;

  /**
   * A mailbox whose name the request has, or one of a domain that the past knows, is half known.
   */
  private static final double ASKED_BY_NAME = 0.3;

  private static final double OF_KNOWN_DOMAIN = 0.4;

  /** A name that belongs to nobody is rather a model's stopgap than somebody to deal with. */
  private static final double NOBODY = 0.4;

  /** What a place counts that only a longer text mentions. */
  private static final double MENTIONED = 0.3;

  /** Where anybody can have a mailbox, a known domain says nothing about a new one. */
  private static final Set<String> PUBLIC_MAIL =
      Set.of(
          "163.com",
          "aol.com",
          "gmail.com",
          "gmx.de",
          "gmx.net",
          "googlemail.com",
          "hotmail.com",
          "icloud.com",
          "live.com",
          "mail.com",
          "outlook.com",
          "proton.me",
          "protonmail.com",
          "qq.com",
          "web.de",
          "yahoo.com",
          "yandex.ru");

  private final Measures measures;
  private final SuiteProfile profile;
  private final SuiteProfile.Fit fit;
  private final Request request;
  private String previous;
  private boolean sensitive;

  /**
   * Starts a session.
   *
   * @param profile what is usual in its suite, or null when nothing is known of it
   */
  CallMeasures(Measures measures, SuiteProfile profile, Request request) {
    this.measures = measures;
    this.profile = profile;
    this.request = request;
    this.fit = profile == null ? null : profile.fit(request);
  }

  void take(String tool, List<Action> actions, List<Entity> named) {
    if (actions.stream().anyMatch(Action::sensitive)) {
      sensitive = true;
      measures.raise(Measure.SENSITIVE, 1);
      measures.because(tool + " has a sensitive target");
    }
    double novelty = novelty(tool, actions, named);
    if (sensitive) {
      measures.raise(Measure.SENSITIVE_THEN_NEW, novelty);
    }
    if (profile != null) {
      double rare = profile.toolSurprise(tool) / SURPRISE;
      measures.raise(Measure.RARE_TOOL, rare);
      if (rare > RARE) {
        measures.because(tool + " is hardly ever used in this suite");
      }
      measures.raise(Measure.RARE_STEP, novelty * profile.pairSurprise(previous, tool) / SURPRISE);
      double unfit = fit.surprise(tool) / SURPRISE;
      measures.raise(Measure.UNFIT_TOOL, unfit);
      measures.raise(Measure.UNFIT_TOOL_NEW, novelty * unfit);
    }
    previous = tool;
  }

  /** How new what the call names is, 0 to 1, from a short value's to a party's to deal with. */
  private double novelty(String tool, List<Action> actions, List<Entity> named) {
    boolean fetches = false;
    boolean deletes = false;
    boolean acts = false;
    for (Action action : actions) {
      Capability does = action.capability();
      fetches |= does == Capability.RECEIVE;
      deletes |= does == Capability.DELETE;
      acts |= does != Capability.RECEIVE && !LOOKING.contains(does);
    }
    double novelty = 0;
    for (Entity entity : named) {
      double unknown = unknown(entity);
      if (unknown == 0) {
        continue;
      }
      double counts = 0;
      if (entity.kind() == Entity.Kind.VALUE) {
        measures.raise(Measure.NEW_VALUE, unknown);
      } else if (entity.kind() == Entity.Kind.PLACE) {
        double whole = entity.mentioned() ? MENTIONED : 1;
        if (deletes) {
          measures.raise(Measure.NEW_DELETION, whole * unknown);
        }
        counts = deletes ? 0.5 * whole : acts ? 0.3 * whole : 0;
      } else if (entity.mentioned()) {
        measures.raise(Measure.NEW_MENTION, unknown);
        counts = 0.5;
      } else if (acts || fetches) {
        measures.raise(acts ? Measure.NEW_PARTY : Measure.NEW_SOURCE, unknown);
        counts = 1;
        if (unknown == 1) {
          measures.because(
              tool
                  + " deals with somebody whom neither the request nor the suite's past names: "
                  + shown(entity.key()));
        }
      } else {
        counts = 0.5;
      }
      novelty = Math.max(novelty, counts * unknown);
    }
    return novelty;
  }

  /** How little is known of an entity: 0 when the request or the past names it, 1 at most. */
  private double unknown(Entity entity) {
    if (profile == null && request.isEmpty()) {
      return 0; // there is nothing to hold it against
    }
    if (request.names(entity) || (profile != null && profile.knows(entity))) {
      return 0;
    }
    if (entity.isNobody()) {
      return NOBODY;
    }
    if (entity.kind() == Entity.Kind.HOST) {
      return profile != null && profile.knowsDomain(entity.key()) ? 0 : 1;
    }
    if (entity.kind() == Entity.Kind.MAILBOX) {
      String domain = entity.mailDomain();
      if (request.hasWordOf(entity.mailName())) {
        return ASKED_BY_NAME;
      }
      boolean known =
          request.names(Entity.host(domain, false))
              || (profile != null && profile.knowsDomain(domain));
      return known && !PUBLIC_MAIL.contains(domain) ? OF_KNOWN_DOMAIN : 1;
    }
    return 1;
  }

  private static String shown(String value) {
    String redacted = Redactor.redact(value).replaceAll("\\p{Cntrl}", " ");
    return redacted.length() <= MAX_SHOWN ? redacted : redacted.substring(0, MAX_SHOWN) + "...";
  }
}
