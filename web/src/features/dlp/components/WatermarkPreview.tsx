import { useEffect, useRef, useState } from 'react';
import { t } from '@/i18n';
import { useMe } from '@/model/me';
import { WatermarkLayer } from '@/stream/watermark/WatermarkLayer';
import { useNow } from '@/ui/useNow';
import { sampleOf, type WatermarkForm } from '../watermarkForm';
import css from './Watermark.module.css';

/** The layer of the viewer itself, over a desktop with something light and something dark on it. */
export function WatermarkPreview({ value }: { value: WatermarkForm }) {
  const [target, setTarget] = useState<HTMLDivElement | null>(null);
  const layer = useRef<WatermarkLayer | null>(null);
  const { user } = useMe();
  const now = useNow(10_000);
  const empty = value.text.trim() === '' && value.image === '';
  useEffect(() => {
    if (!target) return;
    const made = new WatermarkLayer({ target });
    layer.current = made;
    return () => {
      made.dispose();
      layer.current = null;
    };
  }, [target]);
  useEffect(() => {
    layer.current?.set(empty ? null : sampleOf(value, { user: user.username, email: user.email || 'ada@example.org' }, new Date(now)));
  }, [target, value, user, now, empty]);
  return (
    <div>
      <div ref={setTarget} className={css.preview} role="img" aria-label={t('dlp.mark.preview')}><SampleDesktop /></div>
      {empty && <p className={css.empty}>{t('dlp.mark.previewEmpty')}</p>}
    </div>
  );
}

function SampleDesktop() {
  const lines = [0.9, 0.72, 0.84, 0.5, 0.78, 0.66, 0.88, 0.4];
  const commands = [0.5, 0.34, 0.62, 0.28, 0.46];
  return (
    <svg viewBox="0 0 640 400" width="100%" height="100%" preserveAspectRatio="xMidYMid slice" aria-hidden>
      <defs>
        <linearGradient id="wm-sky" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stopColor="#3b4a8f" /><stop offset="1" stopColor="#1b2038" /></linearGradient>
      </defs>
      <rect width="640" height="400" fill="url(#wm-sky)" />
      <rect x="40" y="36" width="330" height="270" rx="6" fill="#fff" />
      <rect x="40" y="36" width="330" height="26" rx="6" fill="#e4e6ee" />
      {lines.map((length, i) => <rect key={i} x="62" y={86 + i * 25} width={280 * length} height="9" rx="4" fill={i === 0 ? '#4a5070' : '#c3c7d4'} />)}
      <rect x="320" y="140" width="280" height="200" rx="6" fill="#101218" />
      <rect x="320" y="140" width="280" height="26" rx="6" fill="#272b36" />
      {commands.map((length, i) => <rect key={i} x="338" y={186 + i * 26} width={240 * length} height="8" rx="4" fill={i % 2 === 0 ? '#4fbf7c' : '#7d8496'} />)}
      <rect y="374" width="640" height="26" fill="#12141d" />
      {[0, 1, 2, 3].map((i) => <rect key={i} x={16 + i * 30} y="380" width="18" height="14" rx="3" fill="#4a5273" />)}
    </svg>
  );
}
