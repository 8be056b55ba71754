package dev.quintai.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RiskTableTest {

  @ParameterizedTest
  @EnumSource(Capability.class)
  void neitherColumnLowersTheRisk(Capability capability) {
    double plain = RiskTable.risk(capability, false, false);
    double first = RiskTable.risk(capability, false, true);
    double sensitive = RiskTable.risk(capability, true, false);
    double both = RiskTable.risk(capability, true, true);
    assertThat(plain).isBetween(0.0, 1.0).isLessThanOrEqualTo(first);
    assertThat(sensitive).isGreaterThan(plain);
    assertThat(both).isBetween(Math.max(first, sensitive), 1.0);
  }

  @ParameterizedTest
  @CsvSource({
    "READ, false, false, 0.05, low",
    "SEND, false, true, 0.45, medium",
    "AUTH, true, false, 0.60, high",
    "SEND, true, true, 0.90, critical",
    "ESCALATE, true, false, 0.85, critical",
  })
  void theTableIsTheDocumentedOne(
      Capability capability, boolean sensitive, boolean first, double risk, String level) {
    assertThat(RiskTable.risk(capability, sensitive, first)).isEqualTo(risk);
    assertThat(RiskTable.level(risk)).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"0, low", "0.299, low", "0.3, medium", "0.599, medium", "0.849, high", "1, critical"})
  void levelsBeginWhereTheySay(double risk, String level) {
    assertThat(RiskTable.level(risk)).isEqualTo(level);
  }
}
