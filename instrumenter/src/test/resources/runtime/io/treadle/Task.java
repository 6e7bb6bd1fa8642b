package io.treadle;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

public abstract class Task<T> implements CompletionStage<T>, Future<T> {}
