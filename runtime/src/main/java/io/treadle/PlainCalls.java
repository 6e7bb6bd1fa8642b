package io.treadle;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method or constructor that is not {@link Async @Async} and names direct-style methods all the
 * same, without running them: to stub or verify a mock, to show that a call is refused.
 *
 * <pre>{@code
 * @Test
 * @PlainCalls
 * void asksTheStoreOnce() {
 *   Store store = mock();
 *   when(store.find(1)).thenReturn("one"); // Store.find is @Async
 *   String found = run(() -> new Cache(store).get(1));
 *   verify(store).find(1);
 * }
 * }</pre>
 *
 * <p>The weaver reports direct-style calls from code that is not {@code @Async} as errors; in this
 * method, and in the lambdas and method references inside it, it does not. It changes nothing else:
 * a call that does reach a direct-style method throws an {@code IllegalStateException}. So it is
 * not a way to run {@code @Async} code; {@link Treadle#run} is.
 *
 * <p>Nor does the weaver warn here of futures that are dropped, which is how calls of a mock are
 * verified.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface PlainCalls {}
