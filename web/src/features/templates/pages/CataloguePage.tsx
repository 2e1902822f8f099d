import { useQuery } from '@tanstack/react-query';
import { IconClock, IconLayoutGrid, IconSearch, IconStar } from '@tabler/icons-react';
import { Button } from '@mantine/core';
import { useDeferredValue } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { Template } from '@/api/types';
import { t, tn } from '@/i18n';
import { useLaunch } from '@/model/launch';
import { templatesQuery, useFavourite } from '@/model/templates';
import { MyApprovals } from '@/parts/MyApprovals';
import { FilterChips } from '@/ui/FilterChips';
import { ListToolbar, type ListView } from '@/ui/ListToolbar';
import { Page } from '@/ui/Page';
import { toastProblem } from '@/ui/toast';
import { useParam } from '@/ui/useParam';
import { CardsSkeleton, EmptyView, ErrorView } from '@/ui/views';
import { TemplateCard } from '../components/TemplateCard';
import { TemplateDrawer } from '../components/TemplateDrawer';
import { categoriesOf, choose, type Order, type Shelf } from '../model';
import css from './CataloguePage.module.css';

const orders: Order[] = ['name', 'recent', 'fast'];

export function CataloguePage() {
  const templates = useQuery(templatesQuery);
  const { name } = useParams();
  const navigate = useNavigate();
  const all = templates.data ?? [];
  return (
    <Page title={t('catalogue.title')} lead={t('catalogue.lead')}>
      <MyApprovals />
      <Shelves templates={all} loading={templates.isPending} error={templates.error} retry={() => void templates.refetch()} />
      <TemplateDrawer name={name ?? null} onClose={() => void navigate({ pathname: '/catalogue', search: location.search })} />
    </Page>
  );
}

function Shelves({ templates, loading, error, retry }: { templates: Template[]; loading: boolean; error: unknown; retry: () => void }) {
  const [search, setSearch] = useParam('q');
  const [shelf, setShelf] = useParam('shelf', 'all');
  const [order, setOrder] = useParam('sort', 'name');
  const [view, setView] = useParam('view', 'grid');
  const deferred = useDeferredValue(search);
  const launch = useLaunch();
  const favourite = useFavourite();
  const shown = choose(templates, { search: deferred, shelf: shelf as Shelf, order: orders.find((o) => o === order) ?? 'name' });

  const options: { value: Shelf; label: string; count?: number }[] = [
    { value: 'all', label: t('catalogue.all') },
    { value: 'favourites', label: t('catalogue.favourites'), count: templates.filter((x) => x.favourite).length },
    { value: 'recent', label: t('catalogue.recent') },
    ...categoriesOf(templates).map((c) => ({ value: `category:${c.name}` as const, label: c.name, count: c.count })),
  ];

  return (
    <>
      <ListToolbar search={search} onSearch={setSearch} placeholder={t('catalogue.search')}
        {...(loading || error ? {} : { count: tn('catalogue.count', shown.length) })}
        chips={!loading && !error && <FilterChips label={t('catalogue.filter')} value={shelf as Shelf} options={options} onChange={setShelf} />}
        sort={{ value: order, onChange: setOrder, options: orders.map((o) => ({ value: o, label: t(`catalogue.sort.${o}`) })) }}
        view={{ value: view as ListView, onChange: setView }} />
      {loading ? (
        <CardsSkeleton cards={7} height={124} className={css.grid} />
      ) : error && templates.length === 0 ? (
        <ErrorView error={error} retry={retry} />
      ) : shown.length === 0 ? (
        <Nothing shelf={shelf} searched={deferred !== ''} any={templates.length > 0} onClear={() => { setSearch(''); setShelf('all'); }} />
      ) : (
        <div className={view === 'table' ? css.rows : css.grid}>
          {shown.map((template) => (
            <TemplateCard key={template.name} template={template} layout={view === 'table' ? 'row' : 'card'} busy={launch.isPending}
              onLaunch={() => launch.mutate({ template: template.name }, { onError: toastProblem })}
              onStar={() => favourite.mutate({ name: template.name, favourite: !template.favourite }, { onError: toastProblem })} />
          ))}
        </div>
      )}
    </>
  );
}

function Nothing({ shelf, searched, any, onClear }: { shelf: string; searched: boolean; any: boolean; onClear: () => void }) {
  const clear = <Button variant="default" onClick={onClear}>{t('action.clearFilters')}</Button>;
  if (!any) return <EmptyView icon={<IconLayoutGrid size={28} stroke={1.5} />} title={t('catalogue.empty')} help={t('catalogue.emptyHelp')} />;
  if (searched) return <EmptyView icon={<IconSearch size={28} stroke={1.5} />} title={t('list.noMatch')} help={t('list.noMatchHelp')} action={clear} />;
  if (shelf === 'favourites') return <EmptyView icon={<IconStar size={28} stroke={1.5} />} title={t('catalogue.noFavourites')} help={t('catalogue.noFavouritesHelp')} action={clear} />;
  if (shelf === 'recent') return <EmptyView icon={<IconClock size={28} stroke={1.5} />} title={t('catalogue.noRecent')} help={t('catalogue.noRecentHelp')} action={clear} />;
  return <EmptyView icon={<IconSearch size={28} stroke={1.5} />} title={t('list.noMatch')} help={t('list.noMatchHelp')} action={clear} />;
}
