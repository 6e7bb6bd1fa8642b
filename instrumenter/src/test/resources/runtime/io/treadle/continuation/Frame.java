package io.treadle.continuation;

public class Frame {
  public int point;
}
