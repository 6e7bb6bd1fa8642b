package io.treadle.continuation;

public abstract class FutureBody extends Coroutine {}
