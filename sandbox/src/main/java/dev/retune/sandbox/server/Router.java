package dev.retune.sandbox.server;

import com.sun.net.httpserver.HttpsExchange;
import dev.retune.sandbox.authorization.User;
import dev.retune.sandbox.faults.Fault;
import dev.retune.sandbox.faults.Faults;
import dev.retune.sandbox.registry.ApiFailure;
import dev.retune.sandbox.registry.Catalog;
import dev.retune.sandbox.registry.Registry;
import dev.retune.sandbox.server.RequestInfo.Target;
import dev.retune.sandbox.store.Json;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** From the first byte of a request to who answers it: who asks, what for, what goes wrong. */
final class Router {
  private static final System.Logger LOG = System.getLogger(Router.class.getName());

  private final Authentication authentication;
  private final Authorization authorization;
  private final Supplier<Faults> faults;
  private final Registry registry;
  private final Discovery discovery;
  private final OpenApi openApi;
  private final Resources resources;
  private final Watches watches;

  Router(
      Authentication authentication,
      Authorization authorization,
      Supplier<Faults> faults,
      Catalog catalog,
      Registry registry,
      Resources resources,
      Watches watches) {
    this.authentication = authentication;
    this.authorization = authorization;
    this.faults = faults;
    this.registry = registry;
    this.discovery = new Discovery(catalog);
    this.openApi = new OpenApi(catalog);
    this.resources = resources;
    this.watches = watches;
  }

  Watches watches() {
    return watches;
  }

  void compact() {
    registry.store().compact();
  }

  void handle(HttpsExchange exchange, int port) throws IOException {
    try {
      byte[] body = Request.read(exchange);
      if (exchange.getRequestHeaders().containsKey("Upgrade")) {
        throw ApiFailure.unavailable("this server has no WebSockets; watch over plain HTTP");
      }
      User user = authentication.identify(exchange, authorization);
      RequestInfo info =
          RequestInfo.parse(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath(),
              Query.parse(exchange.getRequestURI().getRawQuery()));
      Request request = new Request(exchange, info, user, body);
      if (!struck(request)) {
        authorization.require(user, info.action());
        route(request, port);
      }
    } catch (ApiFailure failure) {
      Replies.failure(exchange, failure);
    } catch (ConnectionDropped dropped) {
      throw dropped;
    } catch (IOException clientIsGone) {
      LOG.log(Level.DEBUG, "{0}: {1}", exchange.getRequestURI(), clientIsGone.getMessage());
      throw clientIsGone;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ConnectionDropped();
    } catch (RuntimeException | Error bug) {
      LOG.log(Level.WARNING, "request failed: " + exchange.getRequestURI(), bug);
      if (exchange.getResponseCode() != -1) {
        throw new ConnectionDropped();
      }
      Replies.failure(exchange, ApiFailure.internal(bug.toString()));
    }
  }

  /** Applies the faults on order. True when one of them was the answer. */
  private boolean struck(Request request) throws IOException, InterruptedException {
    RequestInfo info = request.info();
    String resource = info.target().map(Target::resourceAndSubresource).orElse("");
    List<Fault> strikes = faults.get().strike(info.verb(), resource, request.user().name());
    for (Fault fault : strikes) {
      switch (fault) {
        case Fault.Latency(var delay) -> Thread.sleep(delay);
        case Fault.TooManyRequests(var retryAfter) -> throw ApiFailure.tooManyRequests(retryAfter);
        case Fault.Expired() -> {
          ApiFailure expired = ApiFailure.expired("expired on order");
          if (!info.verb().equals("watch")) {
            throw expired;
          }
          watches.refuse(request, expired);
          return true;
        }
        case Fault.Failure(int code, String reason, String message) ->
            throw new ApiFailure(code, reason, message);
        case Fault.Dropped() -> throw new ConnectionDropped();
        case Fault.AnswerLost() -> request.loseAnswer();
      }
    }
    return false;
  }

  private void route(Request request, int port) throws IOException, InterruptedException {
    RequestInfo info = request.info();
    Optional<Target> target = info.target();
    if (target.isPresent()) {
      resources.serve(request, target.get());
      return;
    }
    if (!info.verb().equals("get")) {
      throw ApiFailure.methodNotAllowed();
    }
    List<String> path = info.path();
    String first = path.isEmpty() ? "" : path.getFirst();
    switch (first) {
      case "healthz", "livez", "readyz" -> Replies.text(request.answer(), 200, "ok");
      case "version" -> Replies.json(request.answer(), 200, Discovery.version());
      case "api", "apis" -> discover(request, path, port);
      case "openapi" -> openApi(request, path);
      default -> throw ApiFailure.noSuchPath();
    }
  }

  private void discover(Request request, List<String> path, int port) throws IOException {
    boolean core = path.getFirst().equals("api");
    boolean aggregated =
        request.header("Accept").orElse("").replace(" ", "").contains("as=APIGroupDiscoveryList")
            && request.header("Accept").orElse("").contains("v=v2;");
    if (path.size() == 1 && aggregated) {
      Replies.bytes(
          request.answer(), 200, Discovery.AGGREGATED, Json.write(discovery.aggregated(core)));
      return;
    }
    Replies.json(
        request.answer(),
        200,
        switch (path.size()) {
          case 1 -> core ? Discovery.coreVersions("127.0.0.1:" + port) : discovery.groups();
          case 2 -> core ? discovery.resources("", path.get(1)) : discovery.group(path.get(1));
          case 3 -> discovery.resources(path.get(1), path.get(2));
          default -> throw ApiFailure.noSuchPath();
        });
  }

  private void openApi(Request request, List<String> path) throws IOException {
    if (path.equals(List.of("openapi", "v2"))) {
      Replies.bytes(request.answer(), 200, OpenApi.V2_PROTOBUF, OpenApi.v2());
      return;
    }
    if (path.size() < 2 || !path.get(1).equals("v3")) {
      throw ApiFailure.noSuchPath();
    }
    Replies.json(
        request.answer(),
        200,
        path.size() == 2
            ? openApi.index()
            : openApi.document(String.join("/", path.subList(2, path.size()))));
  }
}
