String log = new File(basedir, 'build.log').text
List<String> builds = log.split('Reactor Build Order')[1..-1]
assert builds.size() == 6

// What a build wove: for each module how many classes, none where it was not asked.
def woven = { int build ->
    def counts = [:]
    builds[build - 1].eachLine { line ->
        def some = line =~ /Woven: (\d+) of \d+ classes in \S+\W(\w+)\Wtarget\Wclasses/
        if (some) {
            counts[some[0][2]] = some[0][1] as int
        }
    }
    counts
}
assert woven(1) == [api: 1, app: 3]
assert woven(2) == [:]
assert builds[1].count('Nothing to weave') == 2
// One source was touched.
assert woven(3) == [app: 1]

// The caller is not compiled again, and was woven before; and still its calls are checked.
def error = { int build ->
    builds[build - 1].readLines().findAll { it.startsWith('[ERROR] /') || it ==~ /\[ERROR\] [A-Z]:.*/ }
}
assert woven(4) == [:]
assert builds[3].contains('Weaving is skipped')
assert error(4).size() == 1
assert error(4)[0] =~ /\Wapp\WCaller.java:\[9\] .*hello.*not woven.*api-1\.jar/
assert woven(5) == [api: 1]
assert error(5).size() == 1
assert error(5)[0] =~ /\Wapp\WCaller.java:\[9\] .*hello.*no longer.*api-1\.jar/
assert builds[4].contains('Weaving failed: 1 error, 0 warnings')
assert woven(6) == [api: 1]

// What was woven bit by bit runs.
String java = new File(System.getProperty('java.home'), 'bin/java').path
File runtime = new File(localRepositoryPath, 'io/treadle/treadle').listFiles().find { it.directory }
    .listFiles().find { it.name ==~ /treadle-[^-]+(-SNAPSHOT)?\.jar/ }
def path = ['app/target/classes', 'api/target/classes'].collect { new File(basedir, it).path } + runtime
def process = [java, '-cp', path.join(File.pathSeparator), 'app.Program'].execute()
def out = new StringBuilder(), err = new StringBuilder()
process.waitForProcessOutput(out, err)
assert out.toString().trim() == 'hello world?' : "$out$err"
