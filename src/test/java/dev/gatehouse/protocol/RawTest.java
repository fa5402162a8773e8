package dev.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gatehouse.config.ProtocolName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RawTest {
  private final Protocol protocol = Protocols.of(ProtocolName.RAW);

  @Test
  void nameLeadsToIt() {
    assertInstanceOf(Raw.class, protocol);
  }

  @Test
  void bodiesAreStreamedUnread() {
    assertFalse(protocol.readsBody());
  }

  @Test
  void nothingIsAssumedOfTheOtherSide() {
    assertEquals(List.of(), protocol.targets());
    assertEquals(List.of(), protocol.headers());
    assertEquals(Optional.empty(), protocol.operationMember());
    assertFalse(protocol.streams("threads.create"));
    Waiting waiting = new Waiting(true, true, false, Optional.of("1"));
    assertTrue(protocol.errorFrame(waiting, "message", true).isEmpty());
  }
}
