package dev.retune.sandbox.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpsExchange;
import dev.retune.sandbox.authorization.Action;
import dev.retune.sandbox.authorization.User;
import dev.retune.sandbox.registry.ApiFailure;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Finds out who asks: from the client certificate (common name and organizations), from a bearer
 * token, or from {@code Impersonate-*} headers of a member of system:masters.
 */
final class Authentication {
  private static final String BEARER = "Bearer ";

  private final Map<String, User> tokens = new ConcurrentHashMap<>();

  void accept(String token, User user) {
    tokens.put(token, user);
  }

  /**
   * @throws ApiFailure 401 when nobody vouches for the caller, 403 for impersonation by who may not
   */
  User identify(HttpsExchange exchange, Authorization authorization) {
    Headers headers = exchange.getRequestHeaders();
    User user =
        fromToken(headers)
            .or(() -> fromCertificate(exchange))
            .orElseThrow(ApiFailure::unauthorized);
    String impersonated = headers.getFirst("Impersonate-User");
    if (impersonated == null) {
      return user;
    }
    List<String> groups = headers.getOrDefault("Impersonate-Group", List.of());
    authorization.require(user, impersonation(impersonated));
    for (String group : groups) {
      authorization.require(user, impersonate("groups", "", group));
    }
    return User.authenticated(impersonated, groups);
  }

  private static Action impersonation(String name) {
    List<String> parts = List.of(name.split(":", -1));
    boolean serviceAccount = name.startsWith("system:serviceaccount:") && parts.size() == 4;
    return serviceAccount
        ? impersonate("serviceaccounts", parts.get(2), parts.get(3))
        : impersonate("users", "", name);
  }

  private static Action impersonate(String resource, String namespace, String name) {
    return new Action.OnResource("impersonate", "", resource, "", namespace, name, Map.of());
  }

  private Optional<User> fromToken(Headers headers) {
    String authorization = headers.getFirst("Authorization");
    if (authorization == null || !authorization.startsWith(BEARER)) {
      return Optional.empty();
    }
    User user = tokens.get(authorization.substring(BEARER.length()).strip());
    if (user == null) {
      throw ApiFailure.unauthorized();
    }
    return Optional.of(user);
  }

  private static Optional<User> fromCertificate(HttpsExchange exchange) {
    try {
      return fromName(exchange.getSSLSession().getPeerPrincipal());
    } catch (SSLPeerUnverifiedException noCertificate) {
      return Optional.empty();
    }
  }

  private static Optional<User> fromName(Principal principal) {
    String name = "";
    List<String> groups = new ArrayList<>();
    try {
      for (Rdn part : new LdapName(principal.getName()).getRdns()) {
        String value = String.valueOf(part.getValue());
        switch (part.getType()) {
          case "CN" -> name = value;
          case "O" -> groups.add(value);
          default -> {}
        }
      }
    } catch (InvalidNameException e) {
      throw ApiFailure.badRequest("client certificate: " + e.getMessage());
    }
    return name.isEmpty() ? Optional.empty() : Optional.of(User.authenticated(name, groups));
  }
}
