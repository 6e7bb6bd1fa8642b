package io.treadle;

public @interface PlainCalls {}
