package dev.retune.api;

import dev.retune.api.schema.Description;
import dev.retune.api.schema.MaxLength;
import dev.retune.api.schema.Rule;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One document in one ConfigMap, with the fields of core/v1 {@code ConfigMapNodeConfigSource}. An
 * empty string means unset. In a spec {@code uid} and {@code resourceVersion} are unset; in a
 * status they name the exact version.
 *
 * <p>{@code __namespace__} in a rule is the field {@code namespace}: CEL reserves the plain word.
 */
@Description("A kubelet config document in a ConfigMap.")
@Rule(
    value = "has(self.name) && size(self.name) > 0",
    message = "name must be set",
    reason = Rule.REQUIRED,
    fieldPath = ".name")
@Rule(
    value = "has(self.__namespace__) && size(self.__namespace__) > 0",
    message = "namespace must be set",
    reason = Rule.REQUIRED,
    fieldPath = ".namespace")
@Rule(
    value = "has(self.kubeletConfigKey) && size(self.kubeletConfigKey) > 0",
    message = "kubeletConfigKey must be set",
    reason = Rule.REQUIRED,
    fieldPath = ".kubeletConfigKey")
@Rule(
    value = "!has(self.uid)",
    message = "uid must not be set in spec",
    reason = Rule.FORBIDDEN,
    fieldPath = ".uid")
@Rule(
    value = "!has(self.resourceVersion)",
    message = "resourceVersion must not be set in spec",
    reason = Rule.FORBIDDEN,
    fieldPath = ".resourceVersion")
@Rule(
    value =
        "!has(self.name) || size(self.name) == 0 || self.name.matches("
            + "'^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
    message =
        "name must be a DNS subdomain: lower case letters, digits, '-' and '.', starting and"
            + " ending with a letter or digit",
    fieldPath = ".name")
@Rule(
    value =
        "!has(self.__namespace__) || size(self.__namespace__) == 0 ||"
            + " self.__namespace__.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "namespace must be a DNS label: lower case letters, digits and '-', starting and ending"
            + " with a letter or digit",
    fieldPath = ".namespace")
@Rule(
    value =
        "!has(self.kubeletConfigKey) || size(self.kubeletConfigKey) == 0 ||"
            + " (self.kubeletConfigKey.matches('^[-._a-zA-Z0-9]+$') && self.kubeletConfigKey != '.'"
            + " && !self.kubeletConfigKey.startsWith('..'))",
    message =
        "kubeletConfigKey must be a key of a ConfigMap: letters, digits, '-', '_' and '.', not '.'"
            + " and not starting with '..'",
    fieldPath = ".kubeletConfigKey")
public record ConfigMapNodeConfigSource(
    @Description("Namespace of the ConfigMap. A DNS label.") @MaxLength(63) String namespace,
    @Description("Name of the ConfigMap. A DNS subdomain.") @MaxLength(253) String name,
    @Description("UID of the exact version. Set in status only.") @MaxLength(128) String uid,
    @Description("resourceVersion of the exact version. Set in status only.") @MaxLength(128)
        String resourceVersion,
    @Description("Key in the ConfigMap whose value is the KubeletConfiguration document.")
        @MaxLength(253)
        String kubeletConfigKey) {

  /** A reference as a spec has it: no uid, no resourceVersion. */
  public static ConfigMapNodeConfigSource reference(
      String namespace, String name, String kubeletConfigKey) {
    return new ConfigMapNodeConfigSource(namespace, name, "", "", kubeletConfigKey);
  }

  /** This source resolved to one exact version of the ConfigMap. */
  public ConfigMapNodeConfigSource resolved(String uid, String resourceVersion) {
    return new ConfigMapNodeConfigSource(namespace, name, uid, resourceVersion, kubeletConfigKey);
  }

  /** This source without its version: what a spec would say. */
  public ConfigMapNodeConfigSource unresolved() {
    return reference(namespace, name, kubeletConfigKey);
  }

  /** Path of the ConfigMap below an API server's address. */
  public String path() {
    return "/api/v1/namespaces/" + namespace + "/configmaps/" + name;
  }

  static ConfigMapNodeConfigSource fromTree(Map<String, @Nullable Object> tree) {
    return new ConfigMapNodeConfigSource(
        Fields.string(tree, "namespace"),
        Fields.string(tree, "name"),
        Fields.string(tree, "uid"),
        Fields.string(tree, "resourceVersion"),
        Fields.string(tree, "kubeletConfigKey"));
  }

  Map<String, @Nullable Object> toTree() {
    var tree = new LinkedHashMap<String, @Nullable Object>();
    Fields.put(tree, "namespace", namespace);
    Fields.put(tree, "name", name);
    Fields.put(tree, "uid", uid);
    Fields.put(tree, "resourceVersion", resourceVersion);
    Fields.put(tree, "kubeletConfigKey", kubeletConfigKey);
    return tree;
  }
}
