package dev.quintai.daemon.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallLedgerTest {

  private final CallLedger ledger = new CallLedger("1-2");

  @Test
  void aCallWithAnIdIsDeclaredOnceAndEndsOnce() {
    assertThat(ledger.declare("t1", "Bash", "{}")).isEqualTo("t1");
    assertThat(ledger.declare("t1", "Bash", "{}")).isNull();
    assertThat(ledger.finish("t1", null, 0)).isEqualTo("t1");
    assertThat(ledger.finish("t1", null, 0)).isNull();
    assertThat(ledger.finish("other", null, 0)).isNull();
  }

  @Test
  void callsWithoutIdsAreToldApartByOrder() {
    String first = ledger.declare(null, "read", "{}");
    String shell = ledger.declare(null, "shell", "{}");
    String second = ledger.declare(null, "read", "{}");
    assertThat(Set.of(first, shell, second)).hasSize(3);
    // every request repeats all results so far
    assertThat(ledger.finish(null, "read", 0)).isEqualTo(first);
    assertThat(ledger.finish(null, "read", 0)).isNull();
    assertThat(ledger.finish(null, "shell", 0)).isEqualTo(shell);
    assertThat(ledger.finish(null, "read", 1)).isEqualTo(second);
    assertThat(ledger.finish(null, "read", 2)).isNull();
  }

  @Test
  void anIdThatIsUsedAgainForSomethingElseIsAnotherCall() {
    assertThat(ledger.declare("call_0", "Bash", "{\"command\":\"ls\"}")).isEqualTo("call_0");
    String other = ledger.declare("call_0", "Bash", "{\"command\":\"curl x\"}");
    assertThat(other).isNotNull().isNotEqualTo("call_0");
    assertThat(ledger.finish("call_0", null, 0)).isEqualTo(other);
  }

  @Test
  void theSameCallAfterItsResultIsAnotherCall() {
    ledger.declare("call_0", "Bash", "{}");
    ledger.finish("call_0", null, 0);
    String again = ledger.declare("call_0", "Bash", "{}");
    assertThat(again).isNotNull().isNotEqualTo("call_0");
    assertThat(ledger.finish("call_0", null, 0)).isEqualTo(again);
  }

  @Test
  void theOldestCallsAreForgottenAndOrdinalsStillCountThem() {
    for (int i = 0; i < CallLedger.CAPACITY; i++) {
      ledger.declare(null, "read", "{}");
    }
    String latest = ledger.declare(null, "read", "{}");
    assertThat(ledger.finish(null, "read", 0)).isNull();
    assertThat(ledger.finish(null, "read", CallLedger.CAPACITY)).isEqualTo(latest);
  }

  @Test
  void manyNamesAreBoundedToo() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 3 * CallLedger.CAPACITY; i++) {
      ids.add(ledger.declare(i % 2 == 0 ? null : "id" + i, "tool" + i, "{}"));
    }
    assertThat(ids).hasSize(3 * CallLedger.CAPACITY);
    assertThat(ledger.finish("id1", null, 0)).isNull();
  }
}
