package dev.retune.sandbox.faults;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Trouble on order. Everything takes effect at once and lasts until it is taken back. */
public final class Faults {
  private final Network network;
  private final List<Order> orders = new CopyOnWriteArrayList<>();

  /** The part of the server that owns the connections. */
  public interface Network {
    /** Closes every connection and refuses new ones. */
    void disconnect();

    /** Listens again, on the same port. */
    void reconnect();

    /** Breaks the running watches that match; their clients see the connection close. */
    void dropWatches(Match match);

    /** Ends the running watches that match with an ERROR event, 410 Expired. */
    void expireWatches(Match match);

    /** Forgets past changes, so that older revisions are expired. */
    void compact();
  }

  /** A fault in force. Closing it ends the fault. */
  public final class Order implements AutoCloseable {
    private final Match match;
    private final Fault fault;
    private final AtomicInteger left;
    private final AtomicInteger hits = new AtomicInteger();

    private Order(Match match, Fault fault, int times) {
      this.match = match;
      this.fault = fault;
      this.left = new AtomicInteger(times);
    }

    /** How many requests it has struck. */
    public int hits() {
      return hits.get();
    }

    @Override
    public void close() {
      orders.remove(this);
    }

    private boolean strikes(String verb, String resource, String user) {
      if (!match.matches(verb, resource, user) || left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
        return false;
      }
      hits.incrementAndGet();
      return true;
    }
  }

  public Faults(Network network) {
    this.network = network;
  }

  /** Strikes every matching request until the order is closed. */
  public Order inject(Match match, Fault fault) {
    return inject(match, fault, Integer.MAX_VALUE);
  }

  /** Strikes the next matching requests, this many of them. */
  public Order inject(Match match, Fault fault, int times) {
    Order order = new Order(match, fault, times);
    orders.add(order);
    return order;
  }

  /** Takes every injected fault back. Does not bring a server back that is gone. */
  public void clear() {
    orders.clear();
  }

  /** The server is gone: open connections break, new ones are refused. Its objects stay. */
  public void gone() {
    network.disconnect();
  }

  /** The server is back on its old port. */
  public void back() {
    network.reconnect();
  }

  /** Breaks running watches now. */
  public void dropWatches(Match match) {
    network.dropWatches(match);
  }

  /** Ends running watches now with an ERROR event, 410 Expired. */
  public void expireWatches(Match match) {
    network.expireWatches(match);
  }

  /** Forgets past changes, as a compaction of etcd does. */
  public void compact() {
    network.compact();
  }

  /** The faults that strike this request, in the order they were injected. For the server. */
  public List<Fault> strike(String verb, String resource, String user) {
    return orders.stream()
        .flatMap(order ->
            order.strikes(verb, resource, user)
                ? Optional.of(order.fault).stream()
                : Optional.<Fault>empty().stream())
        .toList();
  }
}
