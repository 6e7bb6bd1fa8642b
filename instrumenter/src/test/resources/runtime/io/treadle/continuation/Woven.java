package io.treadle.continuation;

public @interface Woven {
  int value();
}
