package io.treadle.weaving.harness;

import java.util.List;
import java.util.Random;

/**
 * Decides, in one run of a case, which of the calls that may suspend do, and where the case goes
 * on.
 */
public final class Schedule {
  /** Nothing suspends. */
  public static final Schedule READY = new Schedule("nothing suspends", 0, 0, 0);

  /** Everything suspends; resumed on the same thread. */
  public static final Schedule SUSPENDED = new Schedule("all suspend", 1, 0, 0);

  /** Everything suspends; each resume is on another thread. */
  public static final Schedule HOPPING = new Schedule("all suspend, other threads", 1, 1, 0);

  /** The schedules that every case is run under. */
  public static final List<Schedule> ALL =
      List.of(READY, SUSPENDED, HOPPING, random(1), random(2), random(3));

  private final String name;
  private final double suspends;
  private final double hops;
  private final long seed;

  private Schedule(String name, double suspends, double hops, long seed) {
    this.name = name;
    this.suspends = suspends;
    this.hops = hops;
    this.seed = seed;
  }

  /** A random half of the calls suspends, a third of the resumes is on another thread. */
  public static Schedule random(long seed) {
    return new Schedule("random, seed " + seed, 0.5, 0.33, seed);
  }

  /** The decisions of one run. */
  Decisions start() {
    return new Decisions();
  }

  @Override
  public String toString() {
    return name;
  }

  /** What is decided in one run, from the seed. */
  final class Decisions {
    private final Random random = new Random(seed);

    /** Whether the next call suspends. */
    boolean suspends() {
      return random.nextDouble() < suspends;
    }

    /** Whether the next resume is on another thread. */
    boolean hops() {
      return random.nextDouble() < hops;
    }

    /** Whether this run looks for leaks: not all do, since it takes a collection of garbage. */
    boolean looksForLeaks() {
      return Schedule.this == SUSPENDED || seed == 1;
    }

    /** Whether the outcome comes before the stack is unwound. */
    boolean early() {
      return suspends < 1 && random.nextInt(4) == 0;
    }
  }
}
