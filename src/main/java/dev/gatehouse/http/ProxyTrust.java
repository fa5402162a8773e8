package dev.gatehouse.http;

import dev.gatehouse.config.Cidr;
import dev.gatehouse.config.Origin;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/// Decides whose `Forwarded` and `X-Forwarded-*` are believed: those of the configured proxies, and
/// nobody else's. Host and scheme come from the public origins rather than from the `Host` header,
/// so that no caller can make an upstream mint links to another host.
public final class ProxyTrust {
  private static final Pattern ADDRESSES = Pattern.compile("[0-9A-Za-z.:,_\\[\\] -]{1,1024}");
  private static final Pattern ELEMENTS = Pattern.compile("[0-9A-Za-z.:,;=_\\[\\]\" -]{1,1024}");

  private final List<Cidr> proxies;
  private final List<Origin> origins;

  /// @param origins what browsers have in the address bar, the preferred one first; not empty
  public ProxyTrust(List<Cidr> proxies, List<Origin> origins) {
    this.proxies = List.copyOf(proxies);
    this.origins = List.copyOf(origins);
  }

  /// What to tell the upstream about this request.
  public Forwarding forwarding(HttpServletRequest request) {
    return forwarding(peer(request), request);
  }

  Forwarding forwarding(Optional<InetAddress> peer, HttpServletRequest request) {
    boolean trusted = peer.isPresent() && trusts(peer.get());
    String address = peer.map(InetAddress::getHostAddress).orElse("unknown");
    Origin origin = origin(request);
    String element = element(address, origin);
    return new Forwarding(
        appended(trusted, request, "X-Forwarded-For", ADDRESSES, address),
        origin.scheme(),
        origin.authority(),
        appended(trusted, request, "Forwarded", ELEMENTS, element));
  }

  /// Where a request comes from: its peer, or behind trusted proxies the nearest address that is
  /// none of theirs. Where two headers tell different stories, one of them may be the client's own
  /// invention, and nobody is believed.
  Optional<InetAddress> client(HttpServletRequest request) {
    return client(peer(request), request);
  }

  Optional<InetAddress> client(Optional<InetAddress> peer, HttpServletRequest request) {
    return peer.map(address -> trusts(address) ? behind(address, request) : address);
  }

  private InetAddress behind(InetAddress proxy, HttpServletRequest request) {
    List<String> forwardedFor = values(request, "X-Forwarded-For");
    List<String> forwarded = values(request, "Forwarded");
    InetAddress one = walk(proxy, Hops.ofForwardedFor(forwardedFor));
    InetAddress other = walk(proxy, Hops.ofForwarded(forwarded));
    if (forwardedFor.isEmpty() || forwarded.isEmpty()) {
      return forwarded.isEmpty() ? one : other;
    }
    return one.equals(other) ? one : proxy;
  }

  /// Goes back on the way as far as trust reaches.
  private InetAddress walk(InetAddress proxy, Hops hops) {
    InetAddress nearest = proxy;
    Iterator<Optional<InetAddress>> way = hops.addresses().iterator();
    while (trusts(nearest) && way.hasNext()) {
      Optional<InetAddress> next = way.next();
      if (next.isEmpty()) {
        break;
      }
      nearest = next.get();
    }
    return nearest;
  }

  private boolean trusts(InetAddress address) {
    return proxies.stream().anyMatch(block -> block.contains(address));
  }

  private static List<String> values(HttpServletRequest request, String header) {
    return Collections.list(request.getHeaders(header));
  }

  private Origin origin(HttpServletRequest request) {
    String host = request.getHeader("Host");
    return origins.stream()
        .filter(origin -> origin.authority().equalsIgnoreCase(host))
        .findFirst()
        .orElse(origins.getFirst());
  }

  private static String element(String address, Origin origin) {
    String node = address.contains(":") ? "\"[" + address + "]\"" : address;
    return "for=" + node + ";host=\"" + origin.authority() + "\";proto=" + origin.scheme();
  }

  private static String appended(
      boolean trusted, HttpServletRequest request, String header, Pattern valid, String ours) {
    if (!trusted) {
      return ours;
    }
    String before = String.join(", ", values(request, header));
    return valid.matcher(before).matches() ? before + ", " + ours : ours;
  }

  private static Optional<InetAddress> peer(HttpServletRequest request) {
    SocketAddress address =
        ServletContextRequest.getServletContextRequest(request)
            .getConnectionMetaData()
            .getRemoteSocketAddress();
    return address instanceof InetSocketAddress inet
        ? Optional.ofNullable(inet.getAddress())
        : Optional.empty();
  }
}
