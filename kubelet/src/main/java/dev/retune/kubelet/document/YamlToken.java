package dev.retune.kubelet.document;

/**
 * What the scanner finds, with its place from 1.
 *
 * @param value the text of a scalar, the name of an anchor or alias, the handle of a tag or of a
 *     %TAG directive, the version of a %YAML directive
 * @param suffix the rest of a tag, the prefix of a %TAG directive
 * @param plain whether a scalar stands without quotation marks and is no block
 */
record YamlToken(Kind kind, String value, String suffix, boolean plain, int line, int column) {

  enum Kind {
    STREAM_END,
    VERSION,
    TAG_DIRECTIVE,
    DOCUMENT_START,
    DOCUMENT_END,
    BLOCK_SEQUENCE,
    BLOCK_MAPPING,
    BLOCK_END,
    FLOW_SEQUENCE,
    FLOW_SEQUENCE_END,
    FLOW_MAPPING,
    FLOW_MAPPING_END,
    BLOCK_ENTRY,
    FLOW_ENTRY,
    KEY,
    VALUE,
    ALIAS,
    ANCHOR,
    TAG,
    SCALAR
  }

  static YamlToken of(Kind kind, int line, int column) {
    return new YamlToken(kind, "", "", false, line, column);
  }

  static YamlToken of(Kind kind, String value, int line, int column) {
    return new YamlToken(kind, value, "", false, line, column);
  }

  boolean is(Kind... kinds) {
    for (Kind one : kinds) {
      if (kind == one) {
        return true;
      }
    }
    return false;
  }
}
