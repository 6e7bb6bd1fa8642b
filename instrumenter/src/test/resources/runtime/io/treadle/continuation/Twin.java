package io.treadle.continuation;

public @interface Twin {}
