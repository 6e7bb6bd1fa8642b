package io.treadle.continuation;

public abstract class Coroutine {
  public int status;

  public Frame enter(int digest) {
    return null;
  }

  public Object takeRef() {
    return null;
  }

  public void takeVoid() {}

  public int takeInt() {
    return 0;
  }

  public long takeLong() {
    return 0;
  }

  public float takeFloat() {
    return 0;
  }

  public double takeDouble() {
    return 0;
  }

  public static void give(Object value, Coroutine c) {}

  public static void give(int value, Coroutine c) {}

  public static void give(long value, Coroutine c) {}

  public static void give(float value, Coroutine c) {}

  public static void give(double value, Coroutine c) {}
}
