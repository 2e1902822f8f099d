import { CloseButton, SegmentedControl, Select, TextInput, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconLayoutGrid, IconList, IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { t } from '@/i18n';
import css from './ListToolbar.module.css';

export type ListView = 'grid' | 'table';

interface Props {
  search: string;
  onSearch: (text: string) => void;
  placeholder?: string;
  chips?: ReactNode;
  sort?: { value: string; options: { value: string; label: string }[]; onChange: (value: string) => void };
  view?: { value: ListView; onChange: (view: ListView) => void };
  count?: string;
  extra?: ReactNode;
}

/** The same bar above every list: search, filters, sort, view, count. */
export function ListToolbar({ search, onSearch, placeholder, chips, sort, view, count, extra }: Props) {
  return (
    <div className={css.bar} role="search">
      <div className={css.row}>
        <TextInput className={css.search} data-list-search aria-label={placeholder ?? t('list.search')} placeholder={placeholder ?? t('list.search')}
          leftSection={<IconSearch size={16} stroke={1.8} />} value={search} onChange={(e) => onSearch(e.currentTarget.value)}
          rightSection={search !== '' && <CloseButton size="sm" aria-label={t('action.clearFilters')} onClick={() => onSearch('')} />} />
        {extra}
        <span className={css.gap} />
        {count && <span className={css.count} aria-live="polite">{count}</span>}
        {sort && (
          <Select className={css.sort} aria-label={t('list.sort')} data={sort.options} value={sort.value} allowDeselect={false}
            onChange={(value) => value && sort.onChange(value)} comboboxProps={{ width: 'max-content', position: 'bottom-end' }} />
        )}
        {view && (
          <SegmentedControl aria-label={t('list.view')} value={view.value} onChange={(value) => view.onChange(value as ListView)}
            data={[
              { value: 'grid', label: <Glyph text={t('list.grid')} icon={<IconLayoutGrid size={18} stroke={1.6} />} /> },
              { value: 'table', label: <Glyph text={t('list.table')} icon={<IconList size={18} stroke={1.6} />} /> },
            ]} />
        )}
      </div>
      {chips && <div className={css.chips}>{chips}</div>}
    </div>
  );
}

function Glyph({ icon, text }: { icon: ReactNode; text: string }) {
  return (
    <Tooltip label={text}>
      <span className={css.glyph}>{icon}<VisuallyHidden>{text}</VisuallyHidden></span>
    </Tooltip>
  );
}
