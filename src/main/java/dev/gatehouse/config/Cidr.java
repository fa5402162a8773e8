package dev.gatehouse.config;

import java.net.InetAddress;

/// A block of addresses (RFC 4632).
public record Cidr(InetAddress network, int prefixLength) {}
