import { ActionIcon, Group, Switch, Text, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { raw } from '@/api/http';
import type { Session } from '@/api/types';
import { t } from '@/i18n';
import { ErrorView } from '@/ui/views';
import css from './LogsTab.module.css';

const mostKept = 400_000;

/** The session's output as it comes; following ends when the page is left. */
export function LogsTab({ session }: { session: Session }) {
  const [follow, setFollow] = useState(true);
  const [wrap, setWrap] = useState(true);
  const [again, setAgain] = useState(0);
  const { text, error, done } = useLog(session.id, follow, again);
  const box = useRef<HTMLPreElement>(null);

  useEffect(() => {
    const element = box.current;
    // Only who is at the end is taken along; who scrolled up wants to read.
    if (element && element.scrollHeight - element.scrollTop - element.clientHeight < 240) element.scrollTop = element.scrollHeight;
  }, [text]);

  if (error && text === '') return <ErrorView error={error} retry={() => setAgain((n) => n + 1)} />;
  return (
    <>
      <Group mb="sm" gap="lg">
        <Switch label={t('logs.follow')} checked={follow} onChange={(e) => setFollow(e.currentTarget.checked)} />
        <Switch label={t('logs.wrap')} checked={wrap} onChange={(e) => setWrap(e.currentTarget.checked)} />
        <Tooltip label={t('logs.download')}>
          <ActionIcon ml="auto" component="a" href={`/api/v1/sessions/${session.id}/logs`} download={`${session.name}.log`} aria-label={t('logs.download')}><IconDownload size={20} stroke={1.6} /></ActionIcon>
        </Tooltip>
      </Group>
      <pre ref={box} className={css.log} data-wrap={wrap || undefined} tabIndex={0} aria-label={t('detail.tab.logs')}>{text || (done ? t('logs.empty') : '')}</pre>
      {done && text !== '' && follow && <Text size="xs" c="dimmed" mt="sm">{t('logs.stopped')}</Text>}
    </>
  );
}

function useLog(id: string, follow: boolean, again: number) {
  const [state, setState] = useState<{ text: string; error: unknown; done: boolean }>({ text: '', error: null, done: false });
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      const response = await raw(`/api/v1/sessions/${id}/logs?tail=500&follow=${follow}`, { signal: stop.signal });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      if (!reader) return;
      let text = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (stop.signal.aborted) return;
        if (done) break;
        text = (text + value).slice(-mostKept);
        setState({ text, error: null, done: false });
      }
      setState({ text, error: null, done: true });
    };
    read().catch((error: unknown) => {
      if (!stop.signal.aborted) setState((old) => ({ ...old, error, done: true }));
    });
    return () => stop.abort();
  }, [id, follow, again]);
  return state;
}
