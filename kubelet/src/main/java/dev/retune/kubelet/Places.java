package dev.retune.kubelet;

import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.value.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** The path of an entry; its bare key when a later one took its place. */
  static String path(Node.Mapping root, Node.Entry wanted) {
    Path path = path(root, null, wanted);
    return path == null ? Path.field(wanted.key()).toString() : path.toString();
  }

  private static @Nullable Path path(Node at, @Nullable Path parent, Node.Entry wanted) {
    switch (at) {
      case Node.Mapping mapping -> {
        for (Node.Entry entry : mapping.entries()) {
          Path here = parent == null ? Path.field(entry.key()) : parent.then(entry.key());
          Path found = isSame(entry, wanted) ? here : path(entry.value(), here, wanted);
          if (found != null) {
            return found;
          }
        }
      }
      case Node.Sequence sequence -> {
        for (int i = 0; i < sequence.elements().size(); i++) {
          Path here = parent == null ? new Path(null, "", i) : parent.at(i);
          Path found = path(sequence.elements().get(i), here, wanted);
          if (found != null) {
            return found;
          }
        }
      }
      default -> {}
    }
    return null;
  }

  private static boolean isSame(Node.Entry entry, Node.Entry wanted) {
    return entry.line() == wanted.line()
        && entry.column() == wanted.column()
        && entry.key().equals(wanted.key());
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
