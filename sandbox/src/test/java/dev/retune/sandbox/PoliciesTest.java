package dev.retune.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retune.sandbox.Api.Answer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** ValidatingAdmissionPolicies. Each test has policies about ConfigMaps of names of its own. */
class PoliciesTest {
  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  @RegisterExtension static final Fixture FIXTURE = Fixture.start();
  private final Api api = FIXTURE.api();
  private final String name = Fixture.name("policy");

  @Test
  @DisplayName("a write that fails a validation is refused in Kubernetes' words, and others pass")
  void deny() {
    policy("validations: [{expression: \"object.data.size() < 2\", message: at most one key}]");
    assertThat(create("{a: x}").code()).isEqualTo(201);
    Answer refused = create("{a: x, b: y}");
    String text =
        "ValidatingAdmissionPolicy '%s' with binding '%s' denied request: at most one key"
            .formatted(name, name);
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
    assertThat(refused.message())
        .isEqualTo("configmaps \"%s\" is forbidden: ".formatted(name) + text);
    assertThat(refused.body().at("/details/causes").toString())
        .isEqualTo("[{\"message\":\"" + text + "\"}]");
    Answer patched = api.patch(CONFIG_MAPS + "/" + name, Api.MERGE, "{\"data\": {\"b\": \"y\"}}");
    assertThat(patched.code()).isEqualTo(422);
    assertThat(
            api.post(CONFIG_MAPS, "{metadata: {name: not-%s}, data: {a: x, b: y}}".formatted(name))
                .code())
        .isEqualTo(201);
  }

  @Test
  @DisplayName(
      "a reason sets the code; a messageExpression says more; variables build on each other")
  void wording() {
    policy(
        """
        variables:
          - {name: keys, expression: "object.data.size()"}
          - {name: tooMany, expression: "variables.keys > 1"}
        validations:
          - expression: "!variables.tooMany"
            messageExpression: "string(variables.keys) + ' keys by ' + request.userInfo.username + ' ' + request.operation"
            reason: Forbidden
        """);
    Answer refused = create("{a: x, b: y}");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message()).endsWith("denied request: 2 keys by tester CREATE");
  }

  @Test
  @DisplayName("a policy without a message shows its expression")
  void expression() {
    policy("validations: [{expression: \" object.data.size() < 1 \"}]");
    assertThat(create("{a: x}").message())
        .endsWith("denied request: failed expression: object.data.size() < 1");
  }

  @Test
  @DisplayName("oldObject is null on creation, object on deletion; namespaceObject is there")
  void objects() {
    policy(
        """
        validations:
          - expression: "request.operation != 'DELETE' || (object == null && oldObject.data.a == 'free')"
            message: still in use
          - expression: "request.operation != 'CREATE' || oldObject == null"
          - expression: "namespaceObject.metadata.name == request.namespace && !has(request.subResource)"
        """);
    assertThat(create("{a: busy}").code()).isEqualTo(201);
    assertThat(api.delete(CONFIG_MAPS + "/" + name).message())
        .endsWith("denied request: still in use");
    api.patch(CONFIG_MAPS + "/" + name, Api.MERGE, "{\"data\": {\"a\": \"free\"}}");
    assertThat(api.delete(CONFIG_MAPS + "/" + name).code()).isEqualTo(200);
  }

  @Test
  @DisplayName("Warn lets the write pass and tells the caller; Audit says nothing")
  void warn() {
    put(
        policy("Fail", "validations: [{expression: 'false', message: not nice}]"),
        binding("[Warn, Audit]", ""));
    Answer warned = create("{}");
    assertThat(warned.code()).isEqualTo(201);
    assertThat(warned.response().headers().allValues("Warning"))
        .containsExactly(
            "299 - \"Validation failed for ValidatingAdmissionPolicy '%s' with binding '%s': not nice\""
                .formatted(name, name));
  }

  @Test
  @DisplayName(
      "what cannot be evaluated is refused with Fail, with the reason, and passes with Ignore")
  void failurePolicy() {
    String validations = "validations: [{expression: \"object.data.missing == 'x'\"}]";
    put(policy("Fail", validations), binding("[Deny]", ""));
    assertThat(create("{a: x}").message())
        .endsWith(
            "denied request: expression 'object.data.missing == 'x'' resulted in error: no such key: missing");
    replace(policy("Ignore", validations));
    assertThat(create("{a: x}").code()).isEqualTo(201);
    replace(policy("Fail", "validations: [{expression: \"request.nothing == 1\"}]"));
    assertThat(api.delete(CONFIG_MAPS + "/" + name).message())
        .startsWith(
            "configmaps \"%s\" is forbidden: ValidatingAdmissionPolicy '%s' denied request: failed to configure policy: compilation error: "
                .formatted(name, name));
  }

  @Test
  @DisplayName(
      "conditions keep a policy from requests it is not about; so do labels and exclusions")
  void matching() {
    put(
        keepsOutOfDeletions(
            policy(
                "Fail",
                "validations: [{expression: 'false', message: no}]\nmatchConditions: [{name: c, expression: \"request.userInfo.username == 'tester' && has(object.data)\"}]")),
        binding(
            "[Deny]",
            "matchResources: {objectSelector: {matchLabels: {checked: 'yes'}}, excludeResourceRules: [{apiGroups: [''], apiVersions: [v1], resources: [configmaps], operations: [UPDATE]}]}"));
    assertThat(create("{a: x}").code()).isEqualTo(201);
    Answer labelled =
        api.patch(
            CONFIG_MAPS + "/" + name,
            Api.MERGE,
            "{\"metadata\": {\"labels\": {\"checked\": \"yes\"}}}");
    assertThat(labelled.code()).isEqualTo(200);
    api.delete(CONFIG_MAPS + "/" + name);
    String checked = "{metadata: {name: %s, labels: {checked: 'yes'}}%s}";
    assertThat(api.post(CONFIG_MAPS, checked.formatted(name, ", data: {a: x}")).code())
        .isEqualTo(422);
    assertThat(api.post(CONFIG_MAPS, checked.formatted(name, "")).code()).isEqualTo(201);
  }

  @Test
  @DisplayName(
      "parameters come from the object the binding names; without it Deny refuses and Allow passes")
  void params() {
    String policy =
        keepsOutOfDeletions(
            policy(
                "Fail",
                "paramKind: {apiVersion: v1, kind: ConfigMap}\nvalidations: [{expression: \"object.data.size() <= int(params.data.most)\", messageExpression: \"'at most ' + params.data.most\"}]"));
    put(
        policy,
        binding(
            "[Deny]",
            "paramRef: {name: %s-params, parameterNotFoundAction: Deny}".formatted(name)));
    assertThat(create("{a: x}").message())
        .endsWith(
            "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction");
    api.post(CONFIG_MAPS, "{metadata: {name: %s-params}, data: {most: '1'}}".formatted(name));
    assertThat(create("{a: x}").code()).isEqualTo(201);
    api.delete(CONFIG_MAPS + "/" + name);
    assertThat(create("{a: x, b: y}").message()).endsWith("denied request: at most 1");
    api.patch(CONFIG_MAPS + "/" + name + "-params", Api.MERGE, "{\"data\": {\"most\": \"2\"}}");
    assertThat(create("{a: x, b: y}").code()).isEqualTo(201);
  }

  @Test
  @DisplayName("an expression that goes on too long is stopped, and the write refused")
  void budget() {
    policy(
        "validations: [{expression: \"%s\"}]"
            .formatted(
                "[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, [1,2,3,4,5,6,7,8,9,10].all(f, true))))))"));
    assertThat(create("{a: x}").message())
        .endsWith("operation cancelled: actual cost limit exceeded");
  }

  @Test
  @DisplayName("without a binding nothing happens; when the binding goes, so does the rule")
  void bindings() {
    String policy = policy("Fail", "validations: [{expression: 'false', message: never}]");
    assertThat(api.post(GROUP + "validatingadmissionpolicies", policy).code()).isEqualTo(201);
    assertThat(create("{}").code()).isEqualTo(201);
    api.post(GROUP + "validatingadmissionpolicybindings", binding("[Deny]", ""));
    assertThat(api.delete(CONFIG_MAPS + "/" + name).code()).isEqualTo(422);
    api.delete(GROUP + "validatingadmissionpolicybindings/" + name);
    assertThat(api.delete(CONFIG_MAPS + "/" + name).code()).isEqualTo(200);
  }

  private Answer create(String data) {
    return api.post(CONFIG_MAPS, "{metadata: {name: %s}, data: %s}".formatted(name, data));
  }

  private void policy(String rest) {
    put(policy("Fail", rest), binding("[Deny]", ""));
  }

  private String policy(String failurePolicy, String rest) {
    return """
    metadata: {name: %s}
    spec:
      failurePolicy: %s
      matchConstraints:
        resourceRules:
          - {apiGroups: [''], apiVersions: [v1], resources: [configmaps], operations: ['*'], resourceNames: [%s]}
    %s
    """
        .formatted(name, failurePolicy, name, rest.indent(2).stripTrailing());
  }

  private String binding(String actions, String rest) {
    return """
    metadata: {name: %s}
    spec:
      policyName: %s
      validationActions: %s
      %s
    """
        .formatted(name, name, actions, rest);
  }

  private void put(String policy, String binding) {
    assertThat(
            List.of(
                api.post(GROUP + "validatingadmissionpolicies", policy).code(),
                api.post(GROUP + "validatingadmissionpolicybindings", binding).code()))
        .containsExactly(201, 201);
  }

  /** So that a test may delete what it made. */
  private static String keepsOutOfDeletions(String policy) {
    return policy.replace("operations: ['*']", "operations: [CREATE, UPDATE]");
  }

  private void replace(String policy) {
    Answer answer =
        api.send("PUT", GROUP + "validatingadmissionpolicies/" + name, "application/yaml", policy);
    assertThat(answer.code()).describedAs(answer.message()).isEqualTo(200);
  }
}
