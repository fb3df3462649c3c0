package dev.retune.cli.text;

/** What a piece of text means, and the colour that shows it on a terminal. */
public enum Style {
  PLAIN(""),
  GOOD("32"),
  BUSY("33"),
  BAD("31"),
  FAINT("2"),
  STRONG("1");

  private final String sgr;

  Style(String sgr) {
    this.sgr = sgr;
  }

  public String paint(String text, boolean colors) {
    return colors && !sgr.isEmpty() && !text.isEmpty()
        ? "\u001b[" + sgr + "m" + text + "\u001b[0m"
        : text;
  }
}
