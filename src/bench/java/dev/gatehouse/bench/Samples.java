package dev.gatehouse.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// All that was measured of one subject.
final class Samples {
  private final Map<Figure, List<Double>> values = new EnumMap<>(Figure.class);

  void add(Figure figure, double value) {
    values.computeIfAbsent(figure, _ -> new ArrayList<>()).add(value);
  }

  /// As it stands in the table; not a number if it was never measured.
  double figure(Figure figure) {
    return values.containsKey(figure) ? figure.summarized(values.get(figure)) : Double.NaN;
  }
}
