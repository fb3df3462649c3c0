package dev.retune.kubelet.document;

import dev.retune.kubelet.document.YamlToken.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Takes YAML 1.1 apart into tokens, by the rules of the library the kubelet has: what stands where
 * a key may stand is noted, and becomes one when its colon comes on the same line.
 */
final class YamlScanner {

  /** A key that needs no question mark ends within that many characters. */
  private static final int LONGEST_KEY = 1024;

  /** What may turn out to be a key; one for each level of brackets. */
  private static final class Candidate {
    private boolean possible;
    private boolean required;
    private int token;
    private int at;
    private int line;
    private int column;
  }

  private final YamlSource source;
  private final List<YamlToken> queue = new ArrayList<>();
  private final Deque<Integer> indents = new ArrayDeque<>();
  private final Deque<Candidate> candidates = new ArrayDeque<>();
  private int taken;
  private int indent = -1;
  private boolean keyAllowed = true;
  private boolean ended;

  YamlScanner(YamlSource source) {
    this.source = source;
    candidates.push(new Candidate());
  }

  /** The next token, which stays. */
  YamlToken peek() throws UnreadableException {
    while (!ended && (queue.isEmpty() || mayBecomeKey())) {
      scan();
    }
    return queue.getFirst();
  }

  /** Takes the next token. The end of the stream is not taken. */
  YamlToken next() throws UnreadableException {
    YamlToken token = peek();
    if (token.kind() != Kind.STREAM_END) {
      queue.removeFirst();
      taken++;
    }
    return token;
  }

  private boolean mayBecomeKey() throws UnreadableException {
    for (Candidate candidate : candidates) {
      if (candidate.token == taken && isPossible(candidate)) {
        return true;
      }
    }
    return false;
  }

  private void scan() throws UnreadableException {
    toNextToken();
    unroll(source.column());
    int c = source.peek();
    if (source.isEnd()) {
      end();
    } else if (source.column() == 0 && c == '%') {
      toTopLevel();
      queue.add(YamlNames.directive(source));
    } else if (source.isMarker('-')) {
      marker(Kind.DOCUMENT_START);
    } else if (source.isMarker('.')) {
      marker(Kind.DOCUMENT_END);
    } else {
      node(c);
    }
  }

  private void node(int c) throws UnreadableException {
    boolean gapNext = source.isGap(1);
    switch (c) {
      case '[' -> open(Kind.FLOW_SEQUENCE);
      case '{' -> open(Kind.FLOW_MAPPING);
      case ']' -> close(Kind.FLOW_SEQUENCE_END);
      case '}' -> close(Kind.FLOW_MAPPING_END);
      case ',' -> {
        dropCandidate();
        keyAllowed = true;
        indicator(Kind.FLOW_ENTRY);
      }
      case '*', '&' -> {
        noteCandidate();
        keyAllowed = false;
        queue.add(YamlNames.anchor(source, c == '*' ? Kind.ALIAS : Kind.ANCHOR));
      }
      case '!' -> {
        noteCandidate();
        keyAllowed = false;
        queue.add(YamlNames.tag(source));
      }
      case '\'', '"' -> {
        noteCandidate();
        keyAllowed = false;
        queue.add(YamlQuotes.scan(source));
      }
      default -> {
        if (c == '-' && gapNext) {
          blockEntry();
        } else if (c == '?' && (inFlow() || gapNext)) {
          key();
        } else if (c == ':' && (inFlow() || gapNext)) {
          value();
        } else if ((c == '|' || c == '>') && !inFlow()) {
          dropCandidate();
          keyAllowed = true;
          queue.add(YamlBlocks.block(source, indent));
        } else if (startsPlain(c)) {
          plain();
        } else {
          throw source.fault(
              c == '\t'
                  ? "there is a tab where a value or a key is to start"
                  : "nothing starts with \"" + Character.toString(c) + '"');
        }
      }
    }
  }

  private boolean startsPlain(int c) {
    return switch (c) {
      case '-' -> !source.isBlank(1);
      case '?', ':' -> !inFlow() && !source.isGap(1);
      default -> !source.isGap(0) && "#|>%@`".indexOf(c) < 0;
    };
  }

  private void plain() throws UnreadableException {
    noteCandidate();
    keyAllowed = false;
    int line = source.line();
    int column = source.column() + 1;
    StringBuilder text = new StringBuilder();
    // A value that ended because the next line is not part of it: a key may stand there.
    keyAllowed = YamlBlocks.plain(source, indent + 1, inFlow(), text);
    queue.add(new YamlToken(Kind.SCALAR, text.toString(), "", true, line, column));
  }

  private boolean inFlow() {
    return candidates.size() > 1;
  }

  private void toNextToken() {
    while (true) {
      while (source.peek() == ' ' || ((inFlow() || !keyAllowed) && source.peek() == '\t')) {
        source.skip();
      }
      source.skipComment();
      if (!source.isBreak()) {
        return;
      }
      source.skipLine();
      if (!inFlow()) {
        keyAllowed = true;
      }
    }
  }

  private void indicator(Kind kind) {
    queue.add(YamlToken.of(kind, source.line(), source.column() + 1));
    source.skip();
  }

  private void toTopLevel() throws UnreadableException {
    unroll(-1);
    dropCandidate();
    keyAllowed = false;
  }

  private void marker(Kind kind) throws UnreadableException {
    toTopLevel();
    queue.add(YamlToken.of(kind, source.line(), source.column() + 1));
    source.skip(3);
  }

  private void end() throws UnreadableException {
    toTopLevel();
    queue.add(YamlToken.of(Kind.STREAM_END, source.line(), source.column() + 1));
    ended = true;
  }

  private void open(Kind kind) throws UnreadableException {
    noteCandidate();
    candidates.push(new Candidate());
    keyAllowed = true;
    indicator(kind);
  }

  private void close(Kind kind) throws UnreadableException {
    dropCandidate();
    if (inFlow()) {
      candidates.pop();
    }
    keyAllowed = false;
    indicator(kind);
  }

  private void blockEntry() throws UnreadableException {
    if (!inFlow()) {
      if (!keyAllowed) {
        throw source.fault("an element of a list cannot stand here");
      }
      roll(source.column(), -1, Kind.BLOCK_SEQUENCE, source.line());
    }
    dropCandidate();
    keyAllowed = true;
    indicator(Kind.BLOCK_ENTRY);
  }

  private void key() throws UnreadableException {
    if (!inFlow()) {
      if (!keyAllowed) {
        throw source.fault("a key cannot stand here");
      }
      roll(source.column(), -1, Kind.BLOCK_MAPPING, source.line());
    }
    dropCandidate();
    keyAllowed = !inFlow();
    indicator(Kind.KEY);
  }

  private void value() throws UnreadableException {
    Candidate candidate = candidates.element();
    if (isPossible(candidate)) {
      int line = candidate.line;
      queue.add(candidate.token - taken, YamlToken.of(Kind.KEY, line, candidate.column + 1));
      roll(candidate.column, candidate.token, Kind.BLOCK_MAPPING, line);
      candidate.possible = false;
      keyAllowed = false;
    } else {
      if (!inFlow()) {
        if (!keyAllowed) {
          throw source.fault("the value of a key cannot stand here");
        }
        roll(source.column(), -1, Kind.BLOCK_MAPPING, source.line());
      }
      keyAllowed = !inFlow();
    }
    indicator(Kind.VALUE);
  }

  private boolean isPossible(Candidate candidate) throws UnreadableException {
    if (!candidate.possible) {
      return false;
    }
    if (candidate.line < source.line() || candidate.at + LONGEST_KEY < source.at()) {
      forget(candidate);
      return false;
    }
    return true;
  }

  private void noteCandidate() throws UnreadableException {
    if (keyAllowed) {
      dropCandidate();
      Candidate candidate = candidates.element();
      candidate.possible = true;
      candidate.required = !inFlow() && indent == source.column();
      candidate.token = taken + queue.size();
      candidate.at = source.at();
      candidate.line = source.line();
      candidate.column = source.column();
    }
  }

  private void dropCandidate() throws UnreadableException {
    Candidate candidate = candidates.element();
    if (candidate.possible) {
      forget(candidate);
    }
  }

  /** Where keys of an object stand, nothing else can. */
  private static void forget(Candidate candidate) throws UnreadableException {
    if (candidate.required) {
      throw YamlSource.fault(
          "a key without its colon, or a value at the place of a key",
          candidate.line,
          candidate.column + 1);
    }
    candidate.possible = false;
  }

  /** Starts a list or object when it is further right than what it is in. */
  private void roll(int column, int token, Kind kind, int line) {
    if (inFlow() || indent >= column) {
      return;
    }
    indents.push(indent);
    indent = column;
    queue.add(token < 0 ? queue.size() : token - taken, YamlToken.of(kind, line, column + 1));
  }

  private void unroll(int column) {
    while (!inFlow() && indent > column) {
      queue.add(YamlToken.of(Kind.BLOCK_END, source.line(), source.column() + 1));
      indent = indents.pop();
    }
  }
}
