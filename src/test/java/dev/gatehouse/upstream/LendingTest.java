package dev.gatehouse.upstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import okio.BufferedSink;
import okio.Okio;
import org.junit.jupiter.api.Test;

final class LendingTest {

  /// What a socket is given, and in which pieces.
  private static final class Written extends ByteArrayOutputStream {
    private final List<Integer> pieces = new ArrayList<>();

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      pieces.add(length);
      super.write(bytes, offset, length);
    }
  }

  @Test
  void largeArrayIsWrittenAtOnceBehindWhatIsSmall() throws Exception {
    byte[] large = new byte[100_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i % 251);
    }
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    Written written = new Written();
    try (BufferedSink sink = Okio.buffer(Okio.sink(written));
        Lending lending = new Lending(sink)) {
      for (int[] part : new int[][] {{0, 10}, {10, 65_536}, {65_546, 30_000}, {95_546, 4_454}}) {
        lending.write(large, part[0], part[1]);
        expected.write(large, part[0], part[1]);
      }
      lending.write('x');
      expected.write('x');
      sink.flush();
    }
    assertArrayEquals(expected.toByteArray(), written.toByteArray());
    assertEquals(List.of(10, 65_536, 30_000, 4_455), written.pieces);
  }
}
