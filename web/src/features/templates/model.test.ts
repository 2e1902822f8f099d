// @vitest-environment jsdom
import { describe, expect, test } from 'vitest';
import type { Template } from '@/api/types';
import { categoriesOf, choose } from './model';
import { emptyOptions, requestOf } from './launchOptions';

const template = (name: string, change: Partial<Template> = {}): Template => ({
  name, version: '1', display_name: name, description: '', category: 'Office', tags: [], icon_url: '', protocol: 'rfb', resources: { cpu: '1', memory: '1Gi', storage: '1Gi' },
  idle_timeout: null, freeze_after: null, max_duration: null, geometry: '1280x800', runtimes: [], favourite: false, last_used_at: null, launches: 0, start_ms: null, ...change,
});

const all = [
  template('Writer', { description: 'Text documents', start_ms: 900 }),
  template('GIMP', { category: 'Graphics', tags: ['photo', 'bild'], favourite: true, start_ms: 300 }),
  template('Terminal', { category: 'Development', description: 'A writer of commands', last_used_at: '2026-11-21T08:00:00Z' }),
];
const names = (rows: Template[]) => rows.map((t) => t.name);

describe('the catalogue', () => {
  test('finds by name first, then by what stands in the description or the tags', () => {
    expect(names(choose(all, { search: 'writer', shelf: 'all', order: 'name' }))).toEqual(['Writer', 'Terminal']);
    expect(names(choose(all, { search: 'bild', shelf: 'all', order: 'name' }))).toEqual(['GIMP']);
    expect(choose(all, { search: 'writer photo', shelf: 'all', order: 'name' })).toEqual([]);
  });

  test('sorts by name, by use and by speed', () => {
    expect(names(choose(all, { search: '', shelf: 'all', order: 'name' }))).toEqual(['GIMP', 'Terminal', 'Writer']);
    expect(names(choose(all, { search: '', shelf: 'all', order: 'recent' }))[0]).toBe('Terminal');
    expect(names(choose(all, { search: '', shelf: 'all', order: 'fast' }))).toEqual(['GIMP', 'Writer', 'Terminal']);
  });

  test('has shelves', () => {
    expect(names(choose(all, { search: '', shelf: 'favourites', order: 'name' }))).toEqual(['GIMP']);
    expect(names(choose(all, { search: '', shelf: 'category:Development', order: 'name' }))).toEqual(['Terminal']);
    expect(categoriesOf(all)).toEqual([{ name: 'Development', count: 1 }, { name: 'Graphics', count: 1 }, { name: 'Office', count: 1 }]);
  });
});

test('a launch sends only what was chosen', () => {
  expect(requestOf('desktop', emptyOptions)).toEqual({ template: 'desktop' });
  expect(requestOf('desktop', { ...emptyOptions, name: ' desk ', memory: '2Gi', network: 'none', keepHome: false })).toEqual({
    template: 'desktop', name: 'desk', resources: { memory: '2Gi' }, network: 'none', persistent_home: false,
  });
});
