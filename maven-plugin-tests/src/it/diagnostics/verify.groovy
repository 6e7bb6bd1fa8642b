// In the sources, a comment at the end of a line expects a finding there: its kind, and a part of its text.
// Where the class file does not tell the line, the comment says so.
def expected = [], unknown = []
new File(basedir, 'app/src/main/java').eachFileRecurse { file ->
    if (file.file) {
        file.readLines().eachWithIndex { line, i ->
            def mark = line =~ /\/\/ (error|warning)( without a line)?: (.+)$/
            if (mark) {
                expected << [kind: mark[0][1], file: file.name, line: mark[0][2] ? 0 : i + 1, text: mark[0][3]]
            }
        }
    }
}
assert expected.size() > 30

String log = new File(basedir, 'build.log').text
int errors = 0, warnings = 0
log.eachLine { line ->
    def found = line =~ /^\[(ERROR|WARNING)\] (\S+[\/\\]app[\/\\]src[\/\\]main[\/\\]java[\/\\]app[\/\\](\w+\.java)):(?:\[(\d+)\])? (.+)$/
    if (!found) {
        return
    }
    def (all, kind, path, file, number, text) = found[0]
    kind == 'ERROR' ? errors++ : warnings++
    assert new File(path).file : path
    def match = expected.find {
        it.kind == kind.toLowerCase() && it.file == file && it.line == (number ? number as int : 0) && text.contains(it.text)
    }
    if (match) {
        expected.remove(match)
    } else {
        unknown << line
    }
}
assert expected.empty && unknown.empty :
    "\nexpected, not found:\n${expected.join('\n')}\nfound, not expected:\n${unknown.join('\n')}\n"

// All of them, and then one failure that counts them.
assert log.contains("Weaving failed: $errors errors, $warnings warnings")

// Nothing was woven.
new File(basedir, 'app/target/classes').eachFileRecurse { file ->
    if (file.name.endsWith('.class')) {
        assert !file.getText('ISO-8859-1').contains('Lio/treadle/continuation/Woven;') : file
    }
}
