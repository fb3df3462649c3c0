package dev.retune.kubelet.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads JSON by the letter of the standard, as Go does; Go replaces malformed UTF-8. */
final class JsonReader {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Document.MAX_BYTES)
                  .maxNameLength(Document.MAX_BYTES)
                  .maxStringLength(Document.MAX_BYTES)
                  .maxNestingDepth(Document.MAX_DEPTH + 1)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private final JsonParser parser;

  private JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  static Node read(byte[] bytes) throws UnreadableException {
    try (JsonParser parser = open(bytes)) {
      JsonReader reader = new JsonReader(parser);
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw reader.fault("the document is empty");
      }
      Node root = reader.value(first, 0);
      if (parser.nextToken() != null) {
        throw reader.fault("there is more after the end of the object");
      }
      return root;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new UnreadableException(
          "this is no JSON: " + e.getOriginalMessage(),
          at == null ? 0 : Math.max(0, at.getLineNr()),
          at == null ? 0 : Math.max(0, at.getColumnNr()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonParser open(byte[] bytes) throws IOException {
    boolean ascii = true;
    boolean surrogate = false;
    for (int i = 0; i < bytes.length; i++) {
      ascii &= bytes[i] >= 0;
      surrogate |= (bytes[i] | 0x20) == 'd' && i > 0 && bytes[i - 1] == 'u';
    }
    if (ascii && !surrogate) {
      return FACTORY.createParser(bytes);
    }
    return FACTORY.createParser(GoText.withoutHalfPairs(GoText.decode(bytes)));
  }

  private Node value(JsonToken token, int depth) throws IOException, UnreadableException {
    JsonLocation at = parser.currentTokenLocation();
    int line = at.getLineNr();
    int column = at.getColumnNr();
    return switch (token) {
      case START_OBJECT -> mapping(line, column, deeper(depth));
      case START_ARRAY -> sequence(line, column, deeper(depth));
      case VALUE_STRING -> new Node.Text(parser.getText(), line, column);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Node.Numeral(parser.getText(), line, column);
      case VALUE_TRUE -> new Node.Bool(true, line, column);
      case VALUE_FALSE -> new Node.Bool(false, line, column);
      case VALUE_NULL -> new Node.Null(line, column);
      case FIELD_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw fault("unexpected " + token);
    };
  }

  private int deeper(int depth) throws UnreadableException {
    if (depth >= Document.MAX_DEPTH) {
      throw fault("nested deeper than " + Document.MAX_DEPTH + " levels");
    }
    return depth + 1;
  }

  private Node mapping(int line, int column, int depth) throws IOException, UnreadableException {
    List<Node.Entry> entries = new ArrayList<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonLocation at = parser.currentTokenLocation();
      Node value = value(parser.nextToken(), depth);
      entries.add(new Node.Entry(key, value, at.getLineNr(), at.getColumnNr()));
    }
    return new Node.Mapping(entries, line, column);
  }

  private Node sequence(int line, int column, int depth) throws IOException, UnreadableException {
    List<Node> elements = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      elements.add(value(token, depth));
      token = parser.nextToken();
    }
    return new Node.Sequence(elements, line, column);
  }

  private UnreadableException fault(String reason) {
    JsonLocation at = parser.currentTokenLocation();
    return new UnreadableException(reason, at.getLineNr(), at.getColumnNr());
  }
}
