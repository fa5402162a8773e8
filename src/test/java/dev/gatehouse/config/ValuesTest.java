package dev.gatehouse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ValuesTest {

  @Test
  void originHasItsSchemesPortUnlessItNamesOne() {
    assertEquals(
        new Origin("https", "app.example.com", 443), Origin.parse("https://app.example.com"));
    assertEquals(new Origin("http", "app.example.com", 80), Origin.parse("http://app.example.com"));
    assertEquals(new Origin("http", "[::1]", 8080), Origin.parse("http://[::1]:8080"));
  }

  @Test
  void originIsLowerCase() {
    assertEquals(
        Origin.parse("https://app.example.com"), Origin.parse("HTTPS://App.Example.COM:443"));
  }

  @Test
  void originPrintsAsBrowsersWriteIt() {
    assertEquals("https://app.example.com", Origin.parse("https://app.example.com:443").text());
    assertEquals("http://app.example.com:443", Origin.parse("http://app.example.com:443").text());
  }

  @Test
  void lookAlikeOriginsDiffer() {
    Origin ours = Origin.parse("https://example.org");
    assertFalse(ours.equals(Origin.parse("https://example.org.attacker.com")));
    assertFalse(ours.equals(Origin.parse("https://xexample.org")));
    assertFalse(ours.equals(Origin.parse("https://example.org.")));
    assertFalse(ours.equals(Origin.parse("http://example.org:443")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "null",
        "",
        "app.example.com",
        "https://",
        "https://app.example.com/",
        "https://app.example.com/x",
        "https://a@app.example.com",
        "https://app.example.com:",
        "https://app.example.com:0",
        "https://app.example.com:65536",
        "https://*.example.com",
        "ftp://app.example.com",
        "https://app.example.com ",
        "https://app.example.com\n",
        "https://b\u00fccher.example",
        "https://a,https://b",
        "https://[::1"
      })
  void whatIsNoExactOriginIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Origin.parse(text));
  }

  @Test
  void blockContainsItsAddressesOnly() {
    Cidr block = Cidr.parse("10.1.2.0/23");
    assertTrue(block.contains(InetAddress.ofLiteral("10.1.2.0")));
    assertTrue(block.contains(InetAddress.ofLiteral("10.1.3.255")));
    assertFalse(block.contains(InetAddress.ofLiteral("10.1.4.0")));
    assertFalse(block.contains(InetAddress.ofLiteral("10.1.1.255")));
    assertFalse(block.contains(InetAddress.ofLiteral("::1")));
  }

  @Test
  void addressAloneIsABlockOfOne() {
    assertEquals(32, Cidr.parse("127.0.0.1").prefixLength());
    assertEquals(128, Cidr.parse("fd00::1").prefixLength());
    assertFalse(Cidr.parse("127.0.0.1").contains(InetAddress.ofLiteral("127.0.0.2")));
  }

  @Test
  void zeroPrefixContainsEveryAddressOfItsFamily() {
    assertTrue(Cidr.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("203.0.113.9")));
    assertFalse(Cidr.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("2001:db8::1")));
    assertTrue(Cidr.parse("::/0").contains(InetAddress.ofLiteral("2001:db8::1")));
  }

  @Test
  void mappedAddressIsTheOneItStandsFor() throws UnknownHostException {
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    mapped[12] = 10;
    mapped[15] = 7;
    InetAddress address = Inet6Address.getByAddress("", mapped, 0);
    assertTrue(Cidr.parse("10.0.0.0/8").contains(address));
    assertFalse(Cidr.parse("11.0.0.0/8").contains(address));
    assertEquals(Cidr.parse("10.0.0.0/8"), Cidr.parse("::ffff:10.0.0.0/104"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "10.0.0.0/33",
        "10.1.2.3/8",
        "::/129",
        "10.0.0",
        "10.0.0.256",
        "1.2.3.4/",
        "fe80::1%eth0",
        "::ffff:10.0.0.0/8",
        "fd00::1/8",
        "10.0.0.0/-1",
        "1:2",
        "10.0.0.0/8 "
      })
  void whatIsNoBlockIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Cidr.parse(text));
  }

  @Test
  void listenAddressIsHostAndPort() {
    assertEquals(new ListenAddress("127.0.0.1", 8080), ListenAddress.parse("127.0.0.1:8080"));
    assertEquals(new ListenAddress("localhost", 0), ListenAddress.parse("localhost:0"));
    assertEquals(new ListenAddress("::1", 8080), ListenAddress.parse("[::1]:8080"));
    assertEquals("[::1]:8080", new ListenAddress("::1", 8080).text());
    assertEquals("localhost:0", new ListenAddress("localhost", 0).text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "8080",
        ":8080",
        "localhost",
        "localhost:",
        "::1:8080",
        "a:65536",
        "a:-1",
        "a b:1"
      })
  void listenAddressWithoutHostOrPortIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ListenAddress.parse(text));
  }

  @Test
  void headerPatternIgnoresCase() {
    HeaderPattern exact = new HeaderPattern("X-Org");
    assertTrue(exact.matches("x-org"));
    assertFalse(exact.matches("X-Org-Id"));
    HeaderPattern family = new HeaderPattern("X-Org-*");
    assertTrue(family.matches("x-ORG-id"));
    assertTrue(family.matches("X-Org-"));
    assertFalse(family.matches("X-Org"));
    assertFalse(family.matches("My-X-Org-Id"));
    assertTrue(new HeaderPattern("*").matches("Anything"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "X Org", "X-*-Org", "X-Org:", "X-Org\r\n", "**"})
  void whatIsNoHeaderPatternIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> new HeaderPattern(text));
  }

  @Test
  void durationsCarryTheirUnit() {
    assertEquals(Duration.ofMillis(250), Amount.duration("250ms"));
    assertEquals(Duration.ofSeconds(30), Amount.duration("30s"));
    assertEquals(Duration.ofMinutes(5), Amount.duration("5m"));
    assertEquals(Duration.ofHours(4), Amount.duration("4h"));
    assertEquals(Duration.ZERO, Amount.duration("0s"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "30", "0", "-1s", "1.5s", "30 s", "30S", "1d", "9999999999s", "99999h"})
  void whatIsNoDurationIsRefused(String text) {
    assertThrows(InvalidSettingException.class, () -> Amount.duration(text));
  }

  @Test
  void sizesAreBytesUnlessTheyNameAUnit() {
    assertEquals(4096, Amount.size("4096"));
    assertEquals(16 * 1024, Amount.size("16KiB"));
    assertEquals(10 * 1024 * 1024, Amount.size("10MiB"));
    assertEquals(3L << 30, Amount.size("3GiB"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "16KB", "16k", "-1", "1.5MiB", "16 KiB", "9999999999", "0x10"})
  void whatIsNoSizeIsRefused(String text) {
    assertThrows(InvalidSettingException.class, () -> Amount.size(text));
  }

  @Test
  void sizeHeldInMemoryMustFit() {
    assertThrows(InvalidSettingException.class, () -> Amount.smallSize("2GiB"));
  }

  @Test
  void secretNeverPrints() {
    assertEquals("[secret]", new Secret("s3cr3t").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " a", "a ", "a\nb", "a\r\nX-Evil: 1", "a\u0000", "\u00e9"})
  void secretUnfitForAHeaderIsRefusedWithoutPrintingIt(String text) {
    var refusal = assertThrows(InvalidSettingException.class, () -> new Secret(text));
    assertEquals(
        "must be one line of printable ASCII, not empty and without spaces around it",
        refusal.cure());
  }
}
