package dev.retune.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.store.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Request bodies in the formats the API takes: JSON, YAML and, for built-in kinds, protobuf. */
final class Bodies {
  static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
  static final List<String> ACCEPTED = List.of("application/json", "application/yaml", PROTOBUF);
  private static final int YAML_LIMIT = 4 * 1024 * 1024;

  private Bodies() {}

  /**
   * @throws ApiFailure 400 when the body is no object, 415 for another format
   */
  static ObjectNode object(Request request) {
    byte[] body = request.body();
    JsonNode tree =
        switch (request.contentType()) {
          case "", "application/json" -> json(body);
          case "application/yaml" -> yaml(body);
          case PROTOBUF -> ProtobufReader.read(body);
          default -> throw ApiFailure.unsupportedMediaType(ACCEPTED);
        };
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw ApiFailure.badRequest("the body is no object: " + shortened(tree));
  }

  static JsonNode json(byte[] body) {
    try {
      JsonNode tree = Json.MAPPER.readTree(body);
      if (tree == null || tree.isMissingNode()) {
        throw ApiFailure.badRequest("the body is empty");
      }
      return tree;
    } catch (IOException e) {
      throw ApiFailure.badRequest("the body is no JSON: " + firstLine(e));
    }
  }

  static JsonNode yaml(byte[] body) {
    return yaml(new String(body, StandardCharsets.UTF_8)).stream()
        .findFirst()
        .orElseThrow(() -> ApiFailure.badRequest("the body is empty"));
  }

  /** Every document that is not empty. */
  static List<JsonNode> yaml(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setCodePointLimit(YAML_LIMIT)
            .setMaxAliasesForCollections(20)
            .build();
    List<JsonNode> documents = new ArrayList<>();
    try {
      for (Object document : new Load(settings).loadAllFromString(text)) {
        if (document != null) {
          documents.add(Json.MAPPER.valueToTree(document));
        }
      }
      return documents;
    } catch (YamlEngineException | IllegalArgumentException e) {
      throw ApiFailure.badRequest("the body is no YAML: " + e.getMessage());
    }
  }

  private static String shortened(JsonNode tree) {
    String text = tree.toString();
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
