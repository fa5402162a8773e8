package dev.gatehouse.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.Cidr;
import dev.gatehouse.config.Origin;
import dev.gatehouse.testing.HeadersOnly;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Any headers: without a trusted proxy they change nothing, and behind one nothing that a client
/// writes to the left of what the proxy wrote makes anybody else of it.
public final class ForwardedFuzz {
  private static final InetAddress PROXY = InetAddress.ofLiteral("10.0.0.7");
  private static final InetAddress STRANGER = InetAddress.ofLiteral("203.0.113.7");
  private static final InetAddress CLIENT = InetAddress.ofLiteral("2001:db8:0:1::7");
  private static final List<Cidr> PROXIES =
      List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8"));
  private static final ProxyTrust TRUST =
      new ProxyTrust(
          PROXIES,
          List.of(
              new Origin("https", "app.example.com", 443), new Origin("http", "localhost", 8080)));
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]+");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");

  private ForwardedFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    HeadersOnly head = HeadersOnly.of("GET", HeadersOnly.lines(input));
    strangersAreNotBelieved(head);
    proxiesAreBelievedAsFarAsTheyVouch(head);
    theirOwnEntryStands(head);
    Optional<InetAddress> found = TRUST.client(Optional.of(PROXY), head.request());
    addressesOfOneNetworkAreOne(found.orElseThrow());
  }

  private static void strangersAreNotBelieved(HeadersOnly head) {
    Optional<InetAddress> stranger = Optional.of(STRANGER);
    assertEquals(stranger, TRUST.client(stranger, head.request()));
    Forwarding told = TRUST.forwarding(stranger, head.request());
    assertEquals("203.0.113.7", told.forwardedFor());
    assertEquals(
        "for=203.0.113.7;host=\"%s\";proto=%s".formatted(told.host(), told.proto()),
        told.forwarded());
    boolean local = "localhost:8080".equalsIgnoreCase(first(head, "Host"));
    assertEquals(local ? "localhost:8080" : "app.example.com", told.host());
    assertEquals(local ? "http" : "https", told.proto());
  }

  private static void proxiesAreBelievedAsFarAsTheyVouch(HeadersOnly head) {
    Optional<InetAddress> proxy = Optional.of(PROXY);
    InetAddress client = TRUST.client(proxy, head.request()).orElseThrow();
    assertTrue(client.equals(PROXY) || literals(head).contains(client), client.toString());
    Forwarding told = TRUST.forwarding(proxy, head.request());
    assertTrue(told.forwardedFor().endsWith("10.0.0.7"));
    assertTrue(told.forwarded().endsWith("proto=" + told.proto()));
    assertTrue(VALUE.matcher(told.forwardedFor() + told.forwarded()).matches());
  }

  /// What the proxy appends decides, whatever stands before it, quotes left open included.
  private static void theirOwnEntryStands(HeadersOnly head) {
    for (InetAddress last : List.of(CLIENT, STRANGER)) {
      String node = last.equals(CLIENT) ? "2001:db8:0:1::7" : "203.0.113.7";
      String quoted = last.equals(CLIENT) ? "\"[2001:db8:0:1::7]:4711\"" : node;
      HeadersOnly appended =
          appended(appended(head, "X-Forwarded-For", node), "Forwarded", "for=" + quoted);
      assertEquals(Optional.of(last), TRUST.client(Optional.of(PROXY), appended.request()));
    }
  }

  /// As a proxy does it: behind the last value, on a line of its own where there is none.
  private static HeadersOnly appended(HeadersOnly head, String name, String value) {
    List<HeadersOnly.Field> fields = new ArrayList<>(head.fields());
    for (int i = fields.size() - 1; i >= 0; i--) {
      if (fields.get(i).name().equalsIgnoreCase(name)) {
        fields.set(i, new HeadersOnly.Field(name, fields.get(i).value() + ", " + value));
        return new HeadersOnly(head.method(), fields);
      }
    }
    fields.add(new HeadersOnly.Field(name, value));
    return new HeadersOnly(head.method(), fields);
  }

  private static void addressesOfOneNetworkAreOne(InetAddress address) {
    byte[] bytes = address.getAddress();
    Network network = Network.of(Optional.of(address));
    BigInteger number = new BigInteger(1, bytes);
    boolean six = bytes.length == 16;
    assertEquals(six, network.six());
    assertEquals((six ? number.shiftRight(64) : number).longValue(), network.prefix());
  }

  /// All that could be an address, wherever it stands and wherever it is torn apart.
  private static List<InetAddress> literals(HeadersOnly head) {
    List<InetAddress> found = new ArrayList<>();
    for (String name : List.of("X-Forwarded-For", "Forwarded")) {
      for (String value : head.values(name)) {
        Matcher matcher = ADDRESS.matcher(value);
        while (matcher.find()) {
          found.addAll(starts(matcher.group()));
        }
      }
    }
    return found;
  }

  /// The address, also with a port behind it.
  private static List<InetAddress> starts(String text) {
    int colon = text.lastIndexOf(':');
    List<InetAddress> found = new ArrayList<>(literal(text));
    if (colon > 0) {
      found.addAll(literal(text.substring(0, colon)));
    }
    return found;
  }

  private static List<InetAddress> literal(String text) {
    try {
      return List.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Collections.emptyList();
    }
  }

  private static String first(HeadersOnly head, String name) {
    return head.values(name).stream().findFirst().orElse("");
  }
}
