package dev.gatehouse.stream;

import dev.gatehouse.http.Principal;
import dev.gatehouse.http.Problem;
import dev.gatehouse.http.ProblemCode;
import dev.gatehouse.http.ProblemException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// All exchanges that are open, and how many there may be.
public final class OpenStreams {
  private static final String RETRY_AFTER_SECONDS = "2";

  private final BooleanSupplier headroom;
  private volatile int limit;
  private volatile int limitPerUser;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Principal, Integer> openByUser = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> openByRoute = new ConcurrentHashMap<>();
  private final Set<Lifeline> lifelines = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Ending allEnded;

  /// None may be open until there is a limit.
  ///
  /// @param headroom whether the process can take one more
  public OpenStreams(BooleanSupplier headroom) {
    this.headroom = headroom;
  }

  /// Sets how many there may be; those that are open are left alone.
  ///
  /// @param all of all users together
  /// @param ofOne of one user
  public void limit(int all, int ofOne) {
    limit = all;
    limitPerUser = ofOne;
  }

  /// A place for one more exchange of this user on this route.
  ///
  /// @throws dev.gatehouse.http.ProblemException if there is none
  public Place enter(String route, Principal user) {
    if (!headroom.getAsBoolean()) {
      throw overloaded();
    }
    if (openByUser.merge(user, 1, Integer::sum) > limitPerUser) {
      leaveUser(user);
      throw Problem.of(ProblemCode.TOO_MANY_STREAMS, "You have too many answers open at once")
          .with("Retry-After", RETRY_AFTER_SECONDS)
          .exception();
    }
    if (open.incrementAndGet() > limit) {
      open.decrementAndGet();
      leaveUser(user);
      throw overloaded();
    }
    return new Place(ofRoute(route), user);
  }

  private static ProblemException overloaded() {
    return Problem.of(ProblemCode.OVERLOADED, "Too many answers are open at once; try again soon")
        .with("Retry-After", RETRY_AFTER_SECONDS)
        .exception();
  }

  /// How many are open now.
  public int count() {
    return open.get();
  }

  /// How many are open now on one route.
  public int count(String route) {
    return ofRoute(route).get();
  }

  private AtomicInteger ofRoute(String route) {
    return openByRoute.computeIfAbsent(route, _ -> new AtomicInteger());
  }

  /// Ends them all, and every one that still comes.
  public void endAll(Ending how) {
    allEnded = how;
    lifelines.forEach(lifeline -> lifeline.end(how));
  }

  private void leaveUser(Principal user) {
    openByUser.computeIfPresent(user, (_, count) -> count == 1 ? null : count - 1);
  }

  /// One open exchange.
  public final class Place implements AutoCloseable {
    private final AtomicInteger onRoute;
    private final Principal user;
    private final Lifeline lifeline = new Lifeline();

    private Place(AtomicInteger onRoute, Principal user) {
      this.onRoute = onRoute;
      this.user = user;
      onRoute.incrementAndGet();
      lifelines.add(lifeline);
      Ending already = allEnded;
      if (already != null) {
        lifeline.end(already);
      }
    }

    /// What ends it.
    public Lifeline lifeline() {
      return lifeline;
    }

    @Override
    public void close() {
      lifelines.remove(lifeline);
      onRoute.decrementAndGet();
      open.decrementAndGet();
      leaveUser(user);
    }
  }
}
