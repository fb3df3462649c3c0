package dev.retune.sandbox.faults;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which requests a fault is for. An absent part matches everything.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code
 *     patch}, {@code delete}, {@code deletecollection}
 * @param resource plural with its subresource if it has one: {@code nodekubelets}, {@code
 *     nodekubelets/status}
 * @param user the name of who asks
 */
public record Match(
    Optional<String> verb, Optional<String> resource, Optional<Predicate<String>> user) {

  /** Every request. */
  public static Match any() {
    return new Match(Optional.empty(), Optional.empty(), Optional.empty());
  }

  public Match verb(String wanted) {
    return new Match(Optional.of(wanted), resource, user);
  }

  public Match resource(String wanted) {
    return new Match(verb, Optional.of(wanted), user);
  }

  public Match user(String wanted) {
    return user(wanted::equals);
  }

  public Match user(Predicate<String> wanted) {
    return new Match(verb, resource, Optional.of(wanted));
  }

  /** Whether a request is meant. {@code aResource} is empty for paths that are no resource. */
  public boolean matches(String aVerb, String aResource, String aUser) {
    return verb.map(aVerb::equals).orElse(true)
        && resource.map(aResource::equals).orElse(true)
        && user.map(wanted -> wanted.test(aUser)).orElse(true);
  }
}
