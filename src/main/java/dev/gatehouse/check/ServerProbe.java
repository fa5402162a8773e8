package dev.gatehouse.check;

import java.net.URI;

/// Whether a server that Gatehouse will talk to is there. It is asked what it can do, and sent
/// nothing; any HTTP answer will do, since what it thinks of that question is its own affair.
///
/// @param name what it is to Gatehouse
/// @param cure what to do if it is not there
record ServerProbe(String name, URI address, String cure, Web web) {

  Finding run() {
    String place = name + ": " + address;
    return switch (web.options(address)) {
      case Reply.Answer(int status, _) ->
          Finding.passed("%s answers (HTTP %d)".formatted(place, status));
      case Reply.Silence(String why) -> Finding.failed(place + ": " + why, cure);
    };
  }
}
