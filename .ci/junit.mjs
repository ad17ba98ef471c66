// Validates JUnit reports against junit.xsd, and counts what they say they hold. Then spoils one of them in every way that
// it knows, each of which must be found: a check that finds nothing checks nothing.
// node junit.mjs FOLDER SCHEMA REPORT... (FOLDER has the validator in its node_modules)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, schema, ...reports] = process.argv.slice(2);
const { validateXML } = createRequire(path.resolve(folder, 'package.json'))('xmllint-wasm');
const xsd = [{ fileName: 'junit.xsd', contents: readFileSync(schema, 'utf8') }];

/** What is wrong with a report. */
async function wrong(contents) {
  const { valid, errors } = await validateXML({ xml: [{ fileName: 'report.xml', contents }], schema: xsd });
  if (!valid) return errors.map((error) => error.message.trim()).slice(0, 3);
  // A text never holds a bracket as such: what begins with one is an element.
  const count = (what) => contents.split(`<${what}`).length - 1;
  const held = { tests: count('testcase '), failures: count('failure '), errors: 0, skipped: count('skipped ') };
  return [...contents.matchAll(/<testsuites? [^>]*>/g)].flatMap(([tag]) =>
    Object.entries(held)
      .filter(([name, n]) => tag.includes(` ${name}="`) && !tag.includes(` ${name}="${n}"`))
      .map(([name, n]) => `${name} should be ${n}: ${tag}`),
  );
}

/** Ways to spoil a report, each with what is replaced by what. */
const spoils = {
  'another root': [/testsuites/g, 'suites'],
  'an attribute that nobody knows': ['<testcase ', '<testcase flavour="sweet" '],
  'a case without a name': [/(<testcase [^>]*?) name="[^"]*"/, '$1'],
  'an empty name': [/(<testcase [^>]*?) name="[^"]*"/, '$1 name=""'],
  'a count that is no number': [/ failures="\d+"/, ' failures="none"'],
  'a count that is wrong': [/ tests="(\d+)"/, ' tests="1$1"'],
  'a moment with a time zone': [/(timestamp="[^"]*)"/, '$1Z"'],
  'a time that is no number': [/time="0"/, 'time="0s"'],
  'text between cases': ['<testcase ', 'and <testcase '],
  'two outcomes of one case': ['</failure>', '</failure><skipped message="no"/>'],
  'a failure without a message': [/(<failure) message="[^"]*"/, '$1'],
  'two cases of one name': [/(<testcase [^>]*\/>)/, '$1$1'],
  'a skipped case without a reason': [/<skipped message="[^"]*"/, '<skipped'],
  'a sign that is not escaped': [/message="/, 'message="&'],
  'a character that XML cannot hold': [/message="/, 'message="&#7;'],
  'half a report': [/<\/testsuite>[^]*/, ''],
};

let failed = 0;
const fail = (line) => {
  failed += 1;
  console.error(line);
};
for (const report of reports) {
  for (const line of await wrong(readFileSync(report, 'utf8'))) fail(`${report}: ${line}`);
}
const whole = (text) => ['<failure ', '<skipped ', '<system-out>'].every((what) => text.includes(what)) && /<testcase [^>]*\/>/.test(text);
const sound = reports.map((report) => readFileSync(report, 'utf8')).find(whole);
if (sound === undefined) fail('no report has a case that fails, one that is skipped, one that warns and one that passes');
for (const [what, [from, to]] of Object.entries(sound === undefined ? {} : spoils)) {
  const spoilt = sound.replace(from, to);
  if (spoilt === sound) fail(`${what}: there is nothing to spoil`);
  else if ((await wrong(spoilt)).length === 0) fail(`${what}: it was not found`);
}
if (failed > 0) process.exit(1);
console.log(`${reports.length} JUnit reports checked, and ${Object.keys(spoils).length} spoilt ones found`);
