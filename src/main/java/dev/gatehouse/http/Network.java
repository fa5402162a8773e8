package dev.gatehouse.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/// What one customer of an internet provider has at least: one IPv4 address, or 2^64 IPv6 addresses
/// to choose from freely (RFC 6177).
///
/// @param prefix the IPv4 address, or the upper half of the IPv6 address
/// @param six whether it is IPv6
record Network(long prefix, boolean six) {
  /// Where the address is not known.
  private static final Network NOWHERE = new Network(-1, false);

  static Network of(Optional<InetAddress> address) {
    return address.map(InetAddress::getAddress).map(Network::of).orElse(NOWHERE);
  }

  private static Network of(byte[] address) {
    long prefix = 0;
    for (byte b : Arrays.copyOf(address, Math.min(address.length, Long.BYTES))) {
      prefix = prefix << Byte.SIZE | Byte.toUnsignedLong(b);
    }
    return new Network(prefix, address.length > 4);
  }
}
