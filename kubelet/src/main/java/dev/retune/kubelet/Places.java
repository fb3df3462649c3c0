package dev.retune.kubelet;

import dev.retune.kubelet.document.Node;
import java.util.ArrayList;
import java.util.List;

/** Finds where the value a complaint is about stands in the document. */
final class Places {
  private Places() {}

  static Complaint locate(Complaint complaint, Node.Mapping root) {
    if (complaint.line() > 0 || complaint.field().isEmpty()) {
      return complaint;
    }
    Node at = root;
    int line = 0;
    int column = 0;
    for (String step : steps(complaint.field())) {
      Node next = null;
      switch (at) {
        case Node.Mapping mapping -> {
          for (Node.Entry entry : mapping.entries()) {
            if (entry.key().equals(step)) {
              next = entry.value();
              line = entry.line();
              column = entry.column();
            }
          }
        }
        case Node.Sequence sequence -> {
          int index = step.isEmpty() ? -1 : Integer.parseInt(step);
          if (index >= 0 && index < sequence.elements().size()) {
            next = sequence.elements().get(index);
            line = next.line();
            column = next.column();
          }
        }
        default -> next = null;
      }
      if (next == null) {
        break;
      }
      at = next;
    }
    return new Complaint(complaint.field(), complaint.message(), line, column);
  }

  private static List<String> steps(String field) {
    List<String> steps = new ArrayList<>();
    int at = 0;
    while (at < field.length()) {
      if (field.charAt(at) == '[') {
        int end = field.indexOf(']', at);
        if (end < 0) {
          return steps;
        }
        steps.add(field.substring(at + 1, end));
        at = end + 1;
      } else {
        int start = field.charAt(at) == '.' ? at + 1 : at;
        int end = start;
        while (end < field.length() && field.charAt(end) != '.' && field.charAt(end) != '[') {
          end++;
        }
        steps.add(field.substring(start, end));
        at = end;
      }
    }
    return steps;
  }
}
