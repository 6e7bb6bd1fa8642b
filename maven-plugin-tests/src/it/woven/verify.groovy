import groovy.xml.XmlSlurper

String log = new File(basedir, 'build.log').text

// Every module was woven, and no warning was given.
['hello', 'api', 'app', 'coverage', 'mocks'].each { module ->
    assert log =~ /Woven: \d+ of \d+ classes in \S+${module}\Wtarget\Wclasses/ : "not woven: $module"
}
assert !log.contains('[WARNING] /') : 'there are warnings'
assert !log.contains('Not verified') : 'there are unverified classes'

// The program prints what it should.
String java = new File(System.getProperty('java.home'), 'bin/java').path
File runtime = new File(localRepositoryPath, 'io/treadle/treadle').listFiles().find { it.directory }
    .listFiles().find { it.name ==~ /treadle-[^-]+(-SNAPSHOT)?\.jar/ }
def process = [java, '-cp', new File(basedir, 'hello/target/classes').path + File.pathSeparator + runtime,
               'hello.Hello', 'world'].execute()
def out = new StringBuilder(), err = new StringBuilder()
process.waitForProcessOutput(out, err)
assert process.exitValue() == 0 : err
assert out.toString().trim() == 'Hello,,, world!' : "$out$err"

// The tests ran.
def tests = { module, expected ->
    int ran = new File(basedir, "$module/target/surefire-reports").listFiles()
        .findAll { it.name.endsWith('.xml') }
        .sum { new XmlSlurper().parse(it).@tests.text() as int }
    assert ran == expected : "$ran tests of $module ran"
}
tests('hello', 4)
tests('app', 2)
tests('coverage', 1)
tests('mocks', 8)

// The report of JaCoCo has the lines that are marked in the source, and no other.
def parser = new XmlSlurper()
parser.setFeature('http://apache.org/xml/features/nonvalidating/load-external-dtd', false)
parser.setFeature('http://apache.org/xml/features/disallow-doctype-decl', false)
def report = parser.parse(new File(basedir, 'coverage/target/site/jacoco/jacoco.xml'))
def counted = report.'package'.sourcefile.line.collectEntries { line ->
    [line.@nr.text() as int, (line.@ci.text() as int) > 0 ? 'covered' : 'missed']
}
def marked = [:]
new File(basedir, 'coverage/src/main/java/coverage/Covered.java').readLines().eachWithIndex { line, i ->
    def mark = line =~ /\/\/ (covered|missed)$/
    if (mark) {
        marked[i + 1] = mark[0][1]
    }
}
assert counted == marked
// Each method once: its body, and not what is added for plain callers.
def methods = report.'package'.'class'.find { it.@name == 'coverage/Covered' }.method
    .collect { it.@name.text().replaceFirst('^lambda\\$(\\w+)\\$async$', '$1') }
assert methods.sort() == ['<init>', 'direct', 'future', 'lambda', 'lambda$lambda$0', 'never', 'plain']
