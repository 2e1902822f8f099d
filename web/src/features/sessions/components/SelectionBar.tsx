import { Button, CloseButton } from '@mantine/core';
import { t, tn } from '@/i18n';
import { actionsOf } from '@/model/phase';
import { useSessionActions } from '@/model/sessionActions';
import { actionIcons } from '@/parts/SessionMenu';
import type { Selection } from '../useSelection';
import css from './SelectionBar.module.css';

const offered = ['freeze', 'hibernate', 'wake', 'end'] as const;

/** What can be done with all that is ticked; each action takes those it fits. */
export function SelectionBar({ selection }: { selection: Selection }) {
  const { actOnAll } = useSessionActions();
  if (!selection.some) return null;
  return (
    <div className={css.bar} role="toolbar" aria-label={tn('list.selected', selection.chosen.length)}>
      <span className={css.count}>{tn('list.selected', selection.chosen.length)}</span>
      {offered.map((action) => {
        const fitting = selection.chosen.filter((session) => actionsOf(session).includes(action));
        const Glyph = actionIcons[action];
        if (fitting.length === 0) return null;
        return (
          <Button key={action} size="compact-md" variant="subtle" color={action === 'end' ? 'red' : 'gray'} leftSection={<Glyph size={16} stroke={1.8} />}
            onClick={() => void actOnAll(action, fitting).then(selection.clear)}>
            {t(`do.${action}`)}
          </Button>
        );
      })}
      <CloseButton aria-label={t('action.cancel')} onClick={selection.clear} />
    </div>
  );
}
