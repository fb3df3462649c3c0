package dev.retune.kubelet.value;

import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.document.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Collects complaints, at most as many as a person would read. */
public final class Problems {

  private static final int MOST = 200;

  private final List<Complaint> complaints = new ArrayList<>();

  /** Whether more would not be kept, so that nobody need put them into words. */
  public boolean isFull() {
    return complaints.size() >= MOST;
  }

  public void add(String field, String message, int line, int column) {
    if (!isFull()) {
      complaints.add(new Complaint(field, message, line, column));
    }
  }

  public void add(String field, String message, Node at) {
    add(field, message, at.line(), at.column());
  }

  public void add(String field, String message) {
    add(field, message, 0, 0);
  }

  public boolean isEmpty() {
    return complaints.isEmpty();
  }

  /** Replaces each complaint by what the function makes of it. */
  public void replaceAll(UnaryOperator<Complaint> function) {
    complaints.replaceAll(function);
  }

  public List<Complaint> toList() {
    return List.copyOf(complaints);
  }
}
