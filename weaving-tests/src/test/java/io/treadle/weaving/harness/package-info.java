/**
 * The three-way harness: the same source as plain blocking Java, woven with nothing suspending, and
 * woven with suspensions that are real, must do the same.
 *
 * <h2>How to write a case</h2>
 *
 * A case is a method of a test class in this module. Its name says the hazard:
 *
 * <pre>{@code
 * final class ObjectsUnderConstructionTest {
 *   @ThreeWays
 *   @Async
 *   void newWithTwoPendingAllocations() {
 *     log(new Pair(value("a"), new Pair(value("b"), "c")));
 *   }
 *
 *   record Pair(Object first, Object second) {}
 * }
 * }</pre>
 *
 * JUnit never runs that method itself. The harness compiles the source file of the test class with
 * javac and with ECJ, with the defaults of the running JDK, and runs the method once unwoven; that
 * run is the truth. Then it weaves all classes of the file, links each through the JVM's verifier,
 * and runs the method again under each {@link io.treadle.weaving.harness.Schedule}: no suspension,
 * every suspension, every suspension with each resume on another thread, and random subsets from
 * fixed seeds. Every run has a class loader of its own, so static state starts afresh. What the run
 * logged, returned or threw must be the same each time.
 *
 * <p>The words of a case:
 *
 * <ul>
 *   <li>{@link io.treadle.weaving.harness.Points}: the suspension points. {@code value(x)} is a
 *       call that may suspend and returns {@code x}; {@code failing(e)} throws {@code e}; {@code
 *       pause()} returns nothing. Each logs that it was called, so the order of evaluation is
 *       compared too.
 *   <li>{@link io.treadle.weaving.harness.Trace}: {@code log(...)}; and {@code watch(name, object)}
 *       with {@link io.treadle.weaving.harness.Points#pauseWithout}, which checks that an object
 *       can be collected while the case is suspended.
 * </ul>
 *
 * A case whose source is not the test class itself (text that is generated, needs a newer language,
 * a package of its own, or an error of the weaver; bytecode from ASM) is a {@link
 * io.treadle.weaving.harness.Program} in an ordinary {@code @Test}:
 *
 * <pre>{@code
 * Program.compile(SourceCompiler.JAVAC, """
 *     package demo;
 *     class Case {
 *       @Async static String run() { return Points.value("x"); }
 *     }
 *     """).agree("demo.Case");
 * }</pre>
 *
 * The class needs a static {@code @Async} method {@code run()} of any return type. {@code
 * program.weave()} gives the diagnostics and the woven class files.
 *
 * <p>What a suspension costs is counted with a {@link io.treadle.weaving.harness.Ticker}, code that
 * no compiler writes comes from {@link io.treadle.weaving.harness.Bytecode}, and programs that
 * nobody wrote from {@link io.treadle.weaving.harness.RandomSource}.
 *
 * <p>{@code Points} bears no annotation: only the harness's weaver takes its methods for async ones
 * (their twins are written by hand), so that they stay plain whatever the build weaves.
 */
package io.treadle.weaving.harness;
