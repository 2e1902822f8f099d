import type { Template } from '@/api/types';
import { byLastUse } from '@/model/templates';

export type Shelf = 'all' | 'favourites' | 'recent' | `category:${string}`;
export type Order = 'name' | 'recent' | 'fast';

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Every word must be found somewhere; a hit at the start of the name counts most. */
export function rank(template: Template, search: string): number {
  const name = plain(template.display_name);
  const all = plain([template.display_name, template.name, template.category, template.description, ...template.tags].join(' '));
  const words = plain(search).split(/\s+/).filter(Boolean);
  if (!words.every((word) => all.includes(word))) return 0;
  const first = words[0] ?? '';
  return name.startsWith(first) ? 3 : name.includes(first) ? 2 : 1;
}

function onShelf(template: Template, shelf: Shelf): boolean {
  if (shelf === 'favourites') return template.favourite;
  if (shelf === 'recent') return template.last_used_at !== null;
  return shelf === 'all' || template.category === shelf.slice('category:'.length);
}

const orders: Record<Order, (a: Template, b: Template) => number> = {
  name: (a, b) => a.display_name.localeCompare(b.display_name),
  recent: (a, b) => byLastUse(a, b) || a.display_name.localeCompare(b.display_name),
  fast: (a, b) => (a.start_ms ?? Infinity) - (b.start_ms ?? Infinity) || a.display_name.localeCompare(b.display_name),
};

export function choose(templates: Template[], { search, shelf, order }: { search: string; shelf: Shelf; order: Order }): Template[] {
  const sorted = templates.filter((t) => onShelf(t, shelf)).sort(orders[order]);
  if (search.trim() === '') return sorted;
  return sorted
    .map((template) => ({ template, score: rank(template, search) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score)
    .map((hit) => hit.template);
}

export function categoriesOf(templates: Template[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { category } of templates) counts.set(category, (counts.get(category) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => a.name.localeCompare(b.name));
}
