package dev.retune.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retune.sandbox.Api.Answer;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ListsTest {
  @RegisterExtension
  static final Fixture FIXTURE =
      Fixture.start(options -> options.rememberedChanges(20)).withWidgets();

  private final Api api = FIXTURE.api();
  private final String namespace = Fixture.name("listed");
  private final String maps = "/api/v1/namespaces/" + namespace + "/configmaps";

  @BeforeEach
  void five() {
    api.post("/api/v1/namespaces", "{metadata: {name: %s}}".formatted(namespace));
    for (int i = 0; i < 5; i++) {
      api.post(maps, "{metadata: {name: m%d, labels: {odd: \"%b\"}}}".formatted(i, i % 2 == 1));
    }
  }

  @Test
  @DisplayName("a list names its kind and revision and is ordered by name")
  void list() {
    Answer list = api.get(maps);
    assertThat(list.body().path("kind").asText()).isEqualTo("ConfigMapList");
    assertThat(names(list)).containsExactly("m0", "m1", "m2", "m3", "m4");
    assertThat(Long.parseLong(list.revision())).isPositive();
    assertThat(api.get(maps + "?labelSelector=odd%3Dtrue").body().path("items")).hasSize(2);
    assertThat(api.get(maps + "?fieldSelector=metadata.name!%3Dm0").body().path("items"))
        .hasSize(4);
  }

  @Test
  @DisplayName("pages show one revision, whatever is written between them")
  void pages() {
    Answer first = api.get(maps + "?limit=2");
    assertThat(names(first)).containsExactly("m0", "m1");
    assertThat(first.body().at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
    api.delete(maps + "/m2");
    api.post(maps, "{metadata: {name: m2b}}");
    Answer second = api.get(maps + "?limit=2&continue=" + token(first));
    assertThat(names(second)).containsExactly("m2", "m3");
    assertThat(second.revision()).isEqualTo(first.revision());
    Answer third = api.get(maps + "?limit=2&continue=" + token(second));
    assertThat(names(third)).containsExactly("m4");
    assertThat(token(third)).isEmpty();
  }

  @Test
  @DisplayName("a page whose revision is forgotten is 410 Expired")
  void expiredPage() {
    Answer first = api.get(maps + "?limit=2");
    for (int i = 0; i < 25; i++) {
      api.patch(maps + "/m0", Api.MERGE, "{\"data\":{\"i\":\"%d\"}}".formatted(i));
    }
    Answer second = api.get(maps + "?limit=2&continue=" + token(first));
    assertThat(second.code()).isEqualTo(410);
    assertThat(second.reason()).isEqualTo("Expired");
    assertThat(api.get(maps + "?limit=2&continue=nonsense").code()).isEqualTo(400);
  }

  @Test
  @DisplayName("Exact is the past, and the future is not answered yet")
  void revisions() {
    String before = api.get(maps).revision();
    api.delete(maps + "/m0");
    String exact = maps + "?resourceVersionMatch=Exact&resourceVersion=" + before;
    assertThat(names(api.get(exact))).hasSize(5);
    Answer future = api.get(maps + "?resourceVersion=999999999");
    assertThat(future.code()).isEqualTo(504);
    assertThat(future.message()).startsWith("Too large resource version: 999999999, current: ");
    assertThat(future.body().at("/details/causes/0/reason").asText())
        .isEqualTo("ResourceVersionTooLarge");
  }

  @Test
  @DisplayName("selectors that cannot be read are refused")
  void badSelectors() {
    assertThat(api.get(maps + "?labelSelector=a%3D%3D%3Db").code()).isEqualTo(400);
    assertThat(api.get(maps + "?fieldSelector=data.x%3Db").message())
        .isEqualTo("field label not supported: data.x");
  }

  @Test
  @DisplayName("a CRD's selectable fields can be selected")
  void selectableFields() {
    String widgets = "/apis/example.org/v1/namespaces/" + namespace + "/widgets";
    api.post(widgets, "{metadata: {name: r}, spec: {color: red}}");
    api.post(widgets, "{metadata: {name: b}, spec: {color: blue}}");
    assertThat(names(api.get(widgets + "?fieldSelector=spec.color%3Dblue"))).containsExactly("b");
  }

  @Test
  @DisplayName("the Accept header turns a list into a Table or into metadata only")
  void representations() throws Exception {
    HttpRequest.Builder table =
        api.builder(maps).header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
    JsonNode answer = api.request(table, "").body();
    assertThat(answer.path("kind").asText()).isEqualTo("Table");
    assertThat(answer.path("columnDefinitions").get(1).path("name").asText()).isEqualTo("Data");
    assertThat(answer.path("rows").get(4).path("cells").get(0).asText()).isEqualTo("m4");
    assertThat(answer.path("rows").get(4).at("/object/kind").asText())
        .isEqualTo("PartialObjectMetadata");
    HttpRequest.Builder metadata =
        api.builder(maps)
            .header(
                "Accept",
                "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
    JsonNode partial = api.request(metadata, "").body();
    assertThat(partial.path("kind").asText()).isEqualTo("PartialObjectMetadataList");
    assertThat(partial.path("items").get(0).has("data")).isFalse();
    HttpRequest.Builder protobuf =
        api.builder(maps).header("Accept", "application/vnd.kubernetes.protobuf");
    assertThat(api.request(protobuf, "").code()).isEqualTo(406);
  }

  private static String token(Answer list) {
    return list.body().at("/metadata/continue").asText("");
  }

  private static List<String> names(Answer list) {
    List<String> names = new ArrayList<>();
    list.body().path("items").forEach(item -> names.add(item.at("/metadata/name").asText()));
    return names;
  }
}
