package io.treadle.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.treadle.weaving.harness.Outcome;
import io.treadle.weaving.harness.Program;
import io.treadle.weaving.harness.RandomSource;
import io.treadle.weaving.harness.SourceCompiler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody thought of: programs from a generator, with fixed seeds. */
final class RandomProgramsTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomProgram(long seed) {
    SourceCompiler compiler = seed % 2 == 0 ? SourceCompiler.ECJ : SourceCompiler.JAVAC;
    Outcome outcome = Program.compile(compiler, RandomSource.of(seed)).agree("demo.Case");
    assertThat(outcome.trace()).hasSizeGreaterThan(6);
  }
}
