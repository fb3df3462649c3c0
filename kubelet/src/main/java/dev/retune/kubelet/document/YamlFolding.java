package dev.retune.kubelet.document;

/**
 * The blanks and line breaks between two words of a scalar: one line break becomes a space, further
 * ones stay, and blanks around them go.
 */
final class YamlFolding {

  private final StringBuilder blanks = new StringBuilder();
  private final StringBuilder lineBreak = new StringBuilder();
  private final StringBuilder furtherBreaks = new StringBuilder();
  private boolean brokeLine;

  /** Whether there is a line break in it. */
  boolean brokeLine() {
    return brokeLine;
  }

  /** A line break that is not to become a space. */
  void breakLine() {
    brokeLine = true;
  }

  /** Takes one blank or line break. */
  void take(YamlSource source) {
    if (source.isBlank()) {
      if (brokeLine) {
        source.skip();
      } else {
        source.read(blanks);
      }
    } else if (brokeLine) {
      source.readLine(furtherBreaks);
    } else {
      blanks.setLength(0);
      source.readLine(lineBreak);
      brokeLine = true;
    }
  }

  /** Appends what remains of it, and starts anew. */
  void flush(StringBuilder into) {
    if (!brokeLine) {
      into.append(blanks);
    } else if (lineBreak.isEmpty() || lineBreak.charAt(0) != '\n') {
      into.append(lineBreak).append(furtherBreaks);
    } else if (furtherBreaks.isEmpty()) {
      into.append(' ');
    } else {
      into.append(furtherBreaks);
    }
    blanks.setLength(0);
    lineBreak.setLength(0);
    furtherBreaks.setLength(0);
    brokeLine = false;
  }
}
