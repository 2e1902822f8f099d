import { ActionIcon, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAdjustmentsHorizontal, IconBolt, IconStar, IconStarFilled } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Template } from '@/api/types';
import { t } from '@/i18n';
import { formatMs } from '@/model/format';
import { launchRulesQuery, needOf } from '@/model/launchRules';
import { bestRuntime } from '@/model/templates';
import { TemplateIcon } from '@/parts/TemplateIcon';
import css from './TemplateCard.module.css';

interface Props {
  template: Template;
  layout?: 'card' | 'row';
  /** Level of the name among the page's headings. */
  heading?: 'h2' | 'h3';
  busy: boolean;
  onLaunch: () => void;
  onStar: () => void;
}

/** The whole card launches; the star and the options lie above it. */
export function TemplateCard({ template, layout = 'card', heading: Heading = 'h2', busy, onLaunch, onStar }: Props) {
  const name = template.display_name;
  const runs = bestRuntime(template) !== null;
  const details = `/catalogue/${encodeURIComponent(template.name)}`;
  return (
    <article className={css.card} data-layout={layout} data-off={!runs || undefined}>
      <TemplateIcon url={template.icon_url} size={layout === 'card' ? 48 : 36} />
      <div className={css.words}>
        <Heading className={css.name}>
          {runs ? (
            <button type="button" className={css.cover} onClick={onLaunch} disabled={busy} aria-label={t('catalogue.launchOf', { name })}>{name}</button>
          ) : (
            <Link className={css.cover} to={details}>{name}</Link>
          )}
        </Heading>
        <p className={css.about}>{template.description}</p>
        <div className={css.facts}>
          <span>{template.category}</span>
          <Badge template={template} />
          <NeedBadge name={template.name} />
        </div>
      </div>
      <div className={css.tools}>
        <Tooltip label={template.favourite ? t('catalogue.unstar', { name }) : t('catalogue.star', { name })}>
          <ActionIcon size="md" onClick={onStar} aria-pressed={template.favourite} aria-label={template.favourite ? t('catalogue.unstar', { name }) : t('catalogue.star', { name })}
            color={template.favourite ? 'amber' : 'gray'}>
            {template.favourite ? <IconStarFilled size={18} /> : <IconStar size={18} stroke={1.6} />}
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('catalogue.optionsOf', { name })}>
          <ActionIcon size="md" component={Link} to={details} aria-label={t('catalogue.optionsOf', { name })}>
            <IconAdjustmentsHorizontal size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
    </article>
  );
}

function Badge({ template }: { template: Template }) {
  const best = bestRuntime(template);
  if (!best) {
    const missing = template.runtimes.some((r) => r.state === 'missing');
    return <span className={css.badge} data-tone="warning">{missing ? t('catalogue.needsPackages') : t('catalogue.notHere')}</span>;
  }
  if (best.state === 'needs_image') return <span className={css.badge}>{t('catalogue.needsImage')}</span>;
  if (template.start_ms === null) return null;
  return (
    <span className={css.badge} data-tone="fast">
      <IconBolt size={13} aria-hidden />
      {t('catalogue.startsIn', { time: formatMs(template.start_ms) })}
    </span>
  );
}

/** What a policy wants before the launch. */
function NeedBadge({ name }: { name: string }) {
  const { data } = useQuery(launchRulesQuery);
  const { need } = needOf(data, name);
  if (need === 'free') return null;
  return <span className={css.badge} data-tone={need === 'approved' ? 'fast' : 'warning'}>{t(`launch.need.${need}`)}</span>;
}
