// Sources that are too long to keep.
File folder = new File(basedir, 'app/src/main/java/app')

new File(folder, 'TooLarge.java').text = """package app;

import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;

class TooLarge {
  @Async
  long body(long n) {
    yieldNow(); // error: split it
${(1..6000).collect { "    n = n * 31 + n;\n" }.join()}
${(1..2000).collect { "    yieldNow();\n" }.join()}
    return n;
  }
}
"""

// Below 8000 bytes as it is, and above when it is woven.
new File(folder, 'NeverCompiled.java').text = """package app;

import static io.treadle.Treadle.yieldNow;

import io.treadle.Async;

class NeverCompiled {
  @Async
  long body(long n) {
    yieldNow(); // warning: 8000
${(1..900).collect { "    n = n * 31 + n;\n" }.join()}
${(1..100).collect { "    yieldNow();\n" }.join()}
    return n;
  }
}
"""

return true
