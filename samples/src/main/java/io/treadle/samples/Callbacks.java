package io.treadle.samples;

import io.treadle.EventLoop;

/**
 * The loop as a trampoline: it runs one callback at a time, and a callback that is not finished
 * schedules itself again. Everything else is made of this.
 */
public final class Callbacks {
  private Callbacks() {}

  /** Runs two callbacks in turns. */
  public static void main(String[] args) {
    try (EventLoop loop = EventLoop.open()) {
      loop.callSoon(new Countdown(loop, "ping", 3));
      loop.callSoon(new Countdown(loop, "pong", 5));
      loop.runForever();
    }
  }

  /** Counts down, one number each time it is its turn; the one that is last stops the loop. */
  private static final class Countdown implements Runnable {
    private static int running;

    private final EventLoop loop;
    private final String name;
    private int left;

    Countdown(EventLoop loop, String name, int from) {
      this.loop = loop;
      this.name = name;
      this.left = from;
      running++;
    }

    @Override
    public void run() {
      System.out.println(name + " " + left);
      if (--left > 0) {
        loop.callSoon(this); // behind all the others that are waiting, so that they have their turn
      } else if (--running == 0) { // one thread runs all callbacks: a plain static field will do
        loop.stop();
      }
    }
  }
}
