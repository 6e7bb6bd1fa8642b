/**
 * The transformation. {@code ClassWeaver} takes one class; {@code Calls} decides what is async in
 * it; {@code BodyWeaver} makes a state machine of a body, with {@code DeferredNew} and {@code
 * SuspensionPoint}; {@code TwinWriter} writes the methods around it; {@code LambdaSite}, {@code
 * MethodReferences} and {@code SubInterface} see to lambdas; {@code Rules} reports what must not
 * be.
 */
package io.treadle.instrumenter.weave;
