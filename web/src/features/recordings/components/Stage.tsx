import { ActionIcon, Alert, Select, Switch, Tooltip } from '@mantine/core';
import { useFullscreenElement, useHotkeys } from '@mantine/hooks';
import { IconMaximize, IconMinimize, IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { RecordingRow, RecordingSegment } from '@/api/types';
import { t } from '@/i18n';
import { clockOf, heatOf, lengthOf, markersOf, stretchesOf } from '@/stream/timeline';
import { usePlayer } from '../usePlayer';
import css from '../pages/PlayerPage.module.css';

const speeds = ['0.5', '1', '2', '4', '8'];
const buckets = 160;
const step = 5000;

/** The picture, what stands below it, and the keys. */
export function Stage({ row, segments, children }: { row: RecordingRow; segments: RecordingSegment[]; children: (seek: (ms: number) => void) => React.ReactNode }) {
  const { attach, player, state } = usePlayer(row.id, segments);
  const [speed, setSpeed] = useState('1');
  const [skipIdle, setSkipIdle] = useState(false);
  const { ref: stage, toggle: toggleFullscreen, fullscreen } = useFullscreenElement();
  const length = useMemo(() => lengthOf(stretchesOf(segments)), [segments]);
  const toggle = () => (state.playing ? player?.pause() : player?.play());
  const seek = (ms: number) => void player?.seek(ms);
  useHotkeys([
    ['space', (e) => { if (!(e.target instanceof HTMLButtonElement)) toggle(); }, { preventDefault: false }],
    ['ArrowLeft', () => seek(state.ms - step)],
    ['ArrowRight', () => seek(state.ms + step)],
    ['f', () => void toggleFullscreen()],
  ]);
  useEffect(() => {
    if (player) Object.assign(player, { speed: Number(speed), skipIdle });
  }, [player, speed, skipIdle]);

  return (
    <>
      <div ref={stage} className={css.stage}>
        <div ref={attach} className={css.screen} role="group" aria-label={t('play.screen', { name: row.session_name })} data-testid="player" />
        {state.error !== null && <Alert color="red" variant="light" role="alert">{t('play.failed')}</Alert>}
        <div className={css.line}>
          <Heat segments={segments} length={length} />
          <input type="range" className={css.range} min={0} max={Math.max(1, Math.round(length))} step={100} value={Math.round(state.ms)} aria-label={t('play.position')}
            aria-valuetext={t('play.positionOf', { time: clockOf(state.ms), length: clockOf(length) })} onChange={(e) => seek(e.currentTarget.valueAsNumber)} />
        </div>
        <div className={css.controls}>
          <ActionIcon size={40} radius="xl" aria-label={state.playing ? t('play.pause') : t('play.play')} onClick={toggle}>
            {state.playing ? <IconPlayerPauseFilled size={20} aria-hidden /> : <IconPlayerPlayFilled size={20} aria-hidden />}
          </ActionIcon>
          <span className={css.time}>{clockOf(state.ms)} / {clockOf(length)}</span>
          {row.state === 'recording' && <span className={css.live}><i aria-hidden />{t('rec.live')}</span>}
          <Select w={88} size="xs" aria-label={t('play.speed')} allowDeselect={false} value={speed} onChange={(value) => value && setSpeed(value)} data={speeds.map((value) => ({ value, label: `${value}×` }))}
            comboboxProps={{ withinPortal: false }} />
          <Switch label={t('play.skipIdle')} checked={skipIdle} onChange={(e) => setSkipIdle(e.currentTarget.checked)} />
          <Tooltip label={fullscreen ? t('play.windowed') : t('play.fullscreen')}>
            <ActionIcon variant="subtle" size={36} ml="auto" aria-label={fullscreen ? t('play.windowed') : t('play.fullscreen')} onClick={() => void toggleFullscreen()}>
              {fullscreen ? <IconMinimize size={20} stroke={1.6} aria-hidden /> : <IconMaximize size={20} stroke={1.6} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        </div>
      </div>
      {children(seek)}
    </>
  );
}

function Heat({ segments, length }: { segments: RecordingSegment[]; length: number }) {
  const heat = useMemo(() => heatOf(segments, buckets), [segments]);
  const markers = useMemo(() => markersOf(segments), [segments]);
  return (
    <svg className={css.heat} viewBox={`0 0 ${buckets} 26`} preserveAspectRatio="none" aria-hidden focusable="false">
      {heat.map((value, i) => value > 0 && <rect key={i} x={i} y={26 - value * 24} width={0.9} height={value * 24} />)}
      {length > 0 && markers.map((marker, i) => <line key={i} x1={(marker.ms / length) * buckets} x2={(marker.ms / length) * buckets} y1={0} y2={6} />)}
    </svg>
  );
}
