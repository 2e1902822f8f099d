import { Tooltip } from '@mantine/core';
import { IconEye, IconKeyboard } from '@tabler/icons-react';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import type { Level } from '@/model/shares';
import { ownerOf } from '@/model/useLeave';
import css from './Toolbar.module.css';

/** Whose session it is, and what one may do in it now. */
export function SharedBadge({ session, level }: { session: Session; level: string }) {
  const words = { owner: ownerOf(session), level: t(`level.${level as Level}`) };
  const Glyph = level === 'view' ? IconEye : IconKeyboard;
  return (
    <Tooltip label={t('shared.badgeTitle', words)}>
      <span className={css.badge} data-testid="shared-level"><Glyph size={14} aria-hidden /> {t('shared.badge', words)}</span>
    </Tooltip>
  );
}
