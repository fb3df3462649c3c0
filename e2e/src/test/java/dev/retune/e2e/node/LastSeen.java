package dev.retune.e2e.node;

import org.awaitility.core.ConditionEvaluationListener;
import org.awaitility.core.EvaluatedCondition;
import org.awaitility.core.TimeoutEvent;
import org.jspecify.annotations.Nullable;

/** Prints what was there instead when a wait ends in vain. */
final class LastSeen<T> implements ConditionEvaluationListener<T> {
  private final String what;
  private @Nullable T last;

  LastSeen(String what) {
    this.what = what;
  }

  @Override
  public void conditionEvaluated(EvaluatedCondition<T> condition) {
    last = condition.getValue();
  }

  @Override
  public void onTimeout(TimeoutEvent event) {
    System.out.println("waited in vain for " + what + "; last seen: " + last);
  }
}
