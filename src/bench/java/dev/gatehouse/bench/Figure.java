package dev.gatehouse.bench;

import java.util.List;
import java.util.Locale;

/// What is measured, as it stands in a table.
enum Figure {
  START("start to first answer, ms", 0),
  IDLE_MEMORY("resident when idle, MB", 0),
  SECOND_EVENT("first event of the second request after the start, ms", 2),
  WARM_UP("seconds of load until requests get no faster", 0),
  FIRST_EVENT("time to first event, p50, ms", 2),
  REQUESTS("requests/s, 64 connections", 0),
  REQUESTS_P50("… latency p50, ms", 2),
  REQUESTS_P99("… latency p99, ms", 2),
  REQUESTS_CPU("… CPU s per 10,000 requests", 2),
  FIXED_P50("2,000 requests/s, latency p50, ms", 2),
  FIXED_P99("… p99, ms", 2),
  FIXED_MOST("… longest, ms", 2, Summary.MOST),
  EVENTS_1_P50("event latency, 1 stream, p50, ms", 3),
  EVENTS_1_P99("… p99, ms", 3),
  EVENTS_100_P50("event latency, 100 streams, p50, ms", 3),
  EVENTS_100_P99("… p99, ms", 3),
  EVENTS_1000_P50("event latency, 1,000 streams, p50, ms", 3),
  EVENTS_1000_P99("… p99, ms", 3),
  EVENTS_CPU("CPU s per million events, 1,000 streams", 1),
  EVENTS_2000_CPU("CPU s per million events, 2,000 streams", 1),
  HOSE_1("firehose, 1 stream, MB/s", 0),
  HOSE_16("firehose, 16 streams, MB/s", 0),
  BODIES_100("100 KB bodies/s", 0),
  BODIES_200("200 KB bodies/s", 0),
  BODIES_5000("5 MB bodies/s", 0),
  TOKENS("requests/s, 20 times as many users", 0),
  CROWD("requests/s, 64 connections, beside 5,000 silent streams", 0),
  SILENT_MEMORY("kB resident per silent stream, 5,000", 1),
  SILENT_ERRORS("errors with 9,500 silent streams", 0, Summary.SUM),
  ERRORS("errors in all", 0, Summary.SUM),
  UNPROVEN("requests without token or user", 0, Summary.SUM);

  private final String title;
  private final int digits;
  private final Summary summary;

  Figure(String title, int digits) {
    this(title, digits, Summary.MEDIAN);
  }

  Figure(String title, int digits, Summary summary) {
    this.title = title;
    this.digits = digits;
    this.summary = summary;
  }

  /// What is in the table of all that was measured.
  ///
  /// @param values at least one
  double summarized(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return switch (summary) {
      case MEDIAN -> sorted.get(sorted.size() / 2);
      case MOST -> sorted.getLast();
      case SUM -> sorted.stream().mapToDouble(Double::doubleValue).sum();
    };
  }

  String title() {
    return title;
  }

  String text(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  private enum Summary {
    MEDIAN,
    MOST,
    SUM
  }
}
