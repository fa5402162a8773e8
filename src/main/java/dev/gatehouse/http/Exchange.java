package dev.gatehouse.http;

import jakarta.servlet.ServletRequest;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/// What the logs will say about one request, filled in as the facts become known.
public final class Exchange {
  /// What nginx made a habit for a client that left before it was answered; it is only logged.
  public static final int CLIENT_CLOSED_REQUEST = 499;

  static final String ATTRIBUTE = Exchange.class.getName();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;

  private final String requestId;
  private final long started = System.nanoTime();
  private volatile @Nullable InetAddress client;
  private volatile @Nullable String route;
  private volatile @Nullable String outcome;
  private volatile @Nullable ProblemCode problem;
  private volatile @Nullable String reason;
  private volatile @Nullable String objection;
  private volatile @Nullable Principal caller;
  private volatile @Nullable String operation;
  private volatile boolean admitted;
  private volatile int upstreamStatus;
  private volatile long firstByte;
  private volatile long left;
  private volatile long cancel;
  private volatile LongSupplier alsoSent = () -> 0;

  Exchange() {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    this.requestId = HexFormat.of().formatHex(id);
  }

  /// The exchange of a request that passed [RequestIdFilter].
  public static Exchange of(ServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Exchange exchange) {
      return exchange;
    }
    throw new IllegalStateException("RequestIdFilter comes first");
  }

  /// The exchange of a request as the container has it; empty if the request never got that far.
  public static Optional<Exchange> in(Request request) {
    return request.getAttribute(ATTRIBUTE) instanceof Exchange exchange
        ? Optional.of(exchange)
        : Optional.empty();
  }

  /// 32 hexadecimal digits, made here for every request.
  public String requestId() {
    return requestId;
  }

  /// Says where it comes from.
  void from(InetAddress address) {
    client = address;
  }

  /// Where it comes from, as far as can be known.
  Optional<InetAddress> client() {
    return Optional.ofNullable(client);
  }

  /// Says which configured route serves it.
  public void routed(String path) {
    route = path;
  }

  /// Says whose it is.
  public void calledBy(Principal user) {
    caller = user;
  }

  /// Says what the cross-site guard, which only watches, has against it.
  public void objectedTo(String word) {
    objection = word;
  }

  /// Says what is asked for.
  ///
  /// @param name one the protocol is known to have
  public void asksFor(String name) {
    operation = name;
  }

  /// Says that every check is passed.
  public void admitted() {
    admitted = true;
  }

  /// Says how it ended, in the words of the outcome label.
  public void ended(String label) {
    outcome = label;
  }

  /// Says that the upstream's response headers have arrived.
  ///
  /// @param status the one among them
  public void answered(int status) {
    upstreamStatus = status;
    firstByte = System.nanoTime();
  }

  /// Says how many bytes of the answer's content the container does not know of.
  public void alsoSent(LongSupplier bytes) {
    alsoSent = bytes;
  }

  /// Says that its client was seen to leave.
  public void clientLeft() {
    left = System.nanoTime();
  }

  /// Says that the upstream has been let go.
  public void letGo() {
    cancel = left == 0 ? 0 : System.nanoTime() - left;
  }

  /// Says which problem it was answered with.
  public void failed(ProblemCode code) {
    problem = code;
  }

  /// Says which problem it was answered with, and the finer reason if there is one.
  public void failed(Problem answer) {
    problem = answer.code();
    reason = answer.reason().orElse(null);
  }

  /// Whose it is, once that is known.
  public Optional<Principal> caller() {
    return Optional.ofNullable(caller);
  }

  /// What the cross-site guard has against it without refusing it.
  public Optional<String> objection() {
    return Optional.ofNullable(objection);
  }

  /// The protocol's name for what is asked for.
  Optional<String> operation() {
    return Optional.ofNullable(operation);
  }

  /// Whether it passed every check.
  boolean isAdmitted() {
    return admitted;
  }

  /// The reason for its problem that is finer than the code.
  Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /// The configured route that served it.
  public Optional<String> route() {
    return Optional.ofNullable(route);
  }

  /// The outcome label.
  public Optional<String> outcome() {
    return Optional.ofNullable(outcome);
  }

  /// The problem it was answered with.
  public Optional<ProblemCode> problem() {
    return Optional.ofNullable(problem);
  }

  /// Bytes of its answer's content.
  public long bytesOut(Response response) {
    return Response.getContentBytesWritten(response) + alsoSent.getAsLong();
  }

  /// Nanoseconds since the request came in.
  public long age() {
    return System.nanoTime() - started;
  }

  /// Nanoseconds from the request to the upstream's response headers; empty if there were none.
  public Optional<Long> timeToFirstByte() {
    return firstByte == 0 ? Optional.empty() : Optional.of(firstByte - started);
  }

  /// The upstream's status; empty if there was none.
  public OptionalInt upstreamStatus() {
    return upstreamStatus == 0 ? OptionalInt.empty() : OptionalInt.of(upstreamStatus);
  }

  /// Nanoseconds from noticing that the client left to having let the upstream go; empty if it
  /// stayed.
  public Optional<Long> timeToCancel() {
    return cancel == 0 ? Optional.empty() : Optional.of(cancel);
  }
}
