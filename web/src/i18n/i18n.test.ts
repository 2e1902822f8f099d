// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { switchLanguage, t, tn } from '.';
import { de } from './de';
import { en } from './en';

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '').sort();
const german = de as Record<string, string>;

describe('both languages', () => {
  test('have the same keys', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  });

  test('fill in the same values', () => {
    const differing = Object.entries(en).filter(([key, text]) => placeholders(text).join() !== placeholders(german[key] ?? '').join());
    // A plural form may leave its number out; nothing else may.
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  test('leave nothing empty', () => {
    for (const texts of [en, de]) for (const [key, text] of Object.entries(texts)) expect(text.trim(), key).not.toBe('');
  });

  test('have both plural forms', () => {
    for (const key of Object.keys(en)) if (key.endsWith('_one')) expect(Object.keys(en)).toContain(key.replace(/_one$/, '_other'));
  });

  test('German is not English', () => {
    const same = Object.keys(en).filter((key) => german[key] === (en as Record<string, string>)[key] && (german[key] ?? '').split(' ').length > 2 && !(german[key] ?? '').includes('{'));
    expect(same).toEqual([]);
  });
});

test('every key that is written out in the code exists, and every text is used', () => {
  const source = join(import.meta.dirname, '..');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((f) => /\.(ts|tsx)$/.test(f) && !f.startsWith('i18n') && !f.includes('.test.') && !f.includes('schema.gen'));
  const code = files.map((f) => readFileSync(join(source, f), 'utf8')).join('\n');
  const families = [...code.matchAll(/[`]([\w.]+)\.\$\{/g)].map((m) => `${m[1]}.`);
  const unused = Object.keys(en).filter((key) => {
    const stem = key.replace(/_(one|other)$/, '');
    return !code.includes(`'${stem}'`) && !families.some((family) => key.startsWith(family));
  });
  expect(unused).toEqual([]);
});

test('numbers choose the form of the word', async () => {
  await switchLanguage('en');
  expect(tn('sessions.count', 1)).toBe('1 session');
  expect(tn('sessions.count', 1200)).toBe('1,200 sessions');
  expect(t('end.title', { name: 'desk' })).toBe('End desk?');
  await switchLanguage('de');
  expect(tn('sessions.count', 1200)).toBe('1.200 Sitzungen');
});
