package dev.gatehouse.config;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A block of addresses (RFC 4632). IPv4 addresses written as IPv6 (`::ffff:10.0.0.1`) are the IPv4
/// addresses they stand for.
public record Cidr(InetAddress network, int prefixLength) {
  private static final int MAPPED_BITS = 96;
  private static final Pattern TEXT =
      Pattern.compile(
          "((?:[0-9]{1,3}\\.){3}[0-9]{1,3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(?:/([0-9]{1,3}))?");

  public Cidr {
    int bits = network.getAddress().length * 8;
    boolean fits = prefixLength >= 0 && prefixLength <= bits;
    new Requirements()
        .that(fits, "", "must have a prefix length from /0 to /" + bits)
        .that(
            !fits || isNetwork(network.getAddress(), prefixLength),
            "",
            "must be the first address of its block: bits after the prefix are set")
        .hold();
  }

  /// A block such as `10.0.0.0/8` or `fd00::/8`, or a single address.
  ///
  /// @throws IllegalArgumentException if it is neither
  public static Cidr parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw notABlock();
    }
    String literal = parts.group(1);
    InetAddress network = literal(literal);
    int bits = network.getAddress().length * 8;
    boolean mapped = literal.indexOf(':') >= 0 && bits == 32;
    String prefix = parts.group(2);
    return new Cidr(
        network, prefix == null ? bits : Integer.parseInt(prefix) - (mapped ? MAPPED_BITS : 0));
  }

  /// Whether the address lies inside.
  public boolean contains(InetAddress address) {
    byte[] theirs = unmapped(address.getAddress());
    byte[] ours = network.getAddress();
    return theirs.length == ours.length && Arrays.equals(masked(theirs, prefixLength), ours);
  }

  private static InetAddress literal(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException _) {
      throw notABlock();
    }
  }

  private static InvalidSettingException notABlock() {
    return new InvalidSettingException(
        "must be an address or a block of addresses such as 10.0.0.0/8 or fd00::/8");
  }

  private static boolean isNetwork(byte[] address, int prefixLength) {
    return Arrays.equals(masked(address, prefixLength), address);
  }

  private static byte[] masked(byte[] address, int prefixLength) {
    byte[] result = address.clone();
    for (int i = 0; i < result.length; i++) {
      int kept = Math.clamp(prefixLength - i * 8L, 0, 8);
      result[i] &= (byte) (0xff00 >> kept);
    }
    return result;
  }

  private static byte[] unmapped(byte[] address) {
    if (address.length != 16 || address[10] != -1 || address[11] != -1) {
      return address;
    }
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return address;
      }
    }
    return Arrays.copyOfRange(address, 12, 16);
  }
}
