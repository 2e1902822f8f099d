// Reads what ./test left in its results directory (trx of the .NET tests, JSON of vitest, steps that broke),
// tells failures and skips with their reasons, and ends with the one line that people and machines look for.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [directory, seconds] = process.argv.slice(2);
const failed = [];
const skipped = [];
const slowest = [];
let passed = 0;

const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const plain = (text) =>
  text
    .replace(/&#x([0-9a-fA-F]+);|&#(\d+);/g, (_, hex, ten) => String.fromCodePoint(hex ? parseInt(hex, 16) : Number(ten)))
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => entities[name])
    .trim();

function readTrx(path) {
  const before = failed.length;
  const xml = readFileSync(path, 'utf8');
  for (const [, attributes, , body] of xml.matchAll(/<UnitTestResult\b([^>]*?)(\/>|>([\s\S]*?)<\/UnitTestResult>)/g)) {
    const attribute = (name) => plain(attributes.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? '');
    const name = attribute('testName').replace(/^StreamSpace\./, '');
    const message = plain(body?.match(/<Message>([\s\S]*?)<\/Message>/)?.[1] ?? '');
    const stack = plain(body?.match(/<StackTrace>([\s\S]*?)<\/StackTrace>/)?.[1] ?? '');
    const output = plain(body?.match(/<StdOut>([\s\S]*?)<\/StdOut>/)?.[1] ?? '');
    const [hours, minutes, rest] = (attribute('duration') || '0:0:0').split(':').map(Number);
    slowest.push([hours * 3600 + minutes * 60 + rest, name]);
    switch (attribute('outcome')) {
      case 'Passed': passed++; break;
      case 'NotExecuted': skipped.push([name, message || output]); break;
      default: failed.push([name, [message, stack.split('\n').slice(0, 6).join('\n')].filter(Boolean).join('\n')]);
    }
  }
  // A crashed test host leaves no result for the test it died in, only words in the summary. Failed tests are repeated there, and counted above.
  for (const [, text] of xml.matchAll(/<RunInfo\b[^>]*outcome="Error"[^>]*>\s*<Text>([\s\S]*?)<\/Text>/g))
    if (!text.includes('[FAIL]')) failed.push([path.replace(/^.*\/|\.trx$/g, ''), plain(text)]);
  const exit = path.replace(/trx$/, 'exit');
  if (failed.length === before && existsSync(exit) && readFileSync(exit, 'utf8') !== '0')
    failed.push([path.replace(/^.*\/|\.trx$/g, ''), `Every test passed, yet the run ended with ${readFileSync(exit, 'utf8')}: see ${path.replace(/trx$/, 'log')}`]);
}

function readVitest(path) {
  for (const file of JSON.parse(readFileSync(path, 'utf8')).testResults) {
    const where = file.name.replace(/^.*\/web\//, 'web/');
    if (file.assertionResults.length === 0) failed.push([where, file.message || 'The file holds no test.']);
    for (const test of file.assertionResults) {
      const name = `${where}: ${test.fullName}`;
      if (test.status === 'passed') passed++;
      else if (test.status === 'failed') failed.push([name, test.failureMessages.join('\n').split('\n').slice(0, 8).join('\n')]);
      else skipped.push([name, test.status]);
    }
  }
}

for (const file of readdirSync(directory).filter((name) => name.endsWith('.trx')).sort()) readTrx(join(directory, file));
const vitest = join(directory, 'vitest.json');
if (existsSync(vitest)) readVitest(vitest);
const broken = join(directory, 'broken');
if (existsSync(broken))
  for (const line of readFileSync(broken, 'utf8').trim().split('\n')) failed.push(line.split('\t').map((part, i) => (i === 1 ? `see ${part}` : part)));

const indent = (text) => text.split('\n').map((line) => `    ${line}`).join('\n');
if (failed.length > 0) {
  console.log('\nFailed');
  for (const [name, why] of failed) console.log(`  ${name}\n${indent(why ?? '')}`);
  const errors = readdirSync(directory).filter((name) => name.endsWith('.errors')).flatMap((name) => readFileSync(join(directory, name), 'utf8').split(/\n\n(?=\d\d:\d\d:\d\d)/).filter(Boolean));
  if (errors.length > 0) console.log('\nLast errors of the servers under test (some are provoked)');
  for (const error of errors.sort().slice(-12)) console.log(indent(error.split('\n').slice(0, 8).join('\n')));
}
if (skipped.length > 0) {
  console.log('\nSkipped');
  for (const [name, why] of skipped) console.log(`  ${name}: ${why || 'no reason given'}`);
}
slowest.sort((a, b) => b[0] - a[0]);
if (slowest.length > 0 && slowest[0][0] > 20) {
  console.log('\nSlowest');
  for (const [time, name] of slowest.slice(0, 8)) console.log(`  ${time.toFixed(0).padStart(4)} s  ${name}`);
}
console.log(`\nResults in ${directory}, ${Math.floor(seconds / 60)} min ${seconds % 60} s.`);
if (passed + failed.length === 0) console.log('No test ran at all.');
console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
