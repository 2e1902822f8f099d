import css from './Sparkline.module.css';

interface Props {
  title: string;
  value: string;
  /** What the curve spans, for those who do not see it. */
  over: string;
  values: number[];
  /** How many values fill the width. */
  length: number;
}

/** A number with the way it came: the newest at the right, zero at the bottom. */
export function Sparkline({ title, value, over, values, length }: Props) {
  const most = Math.max(1, ...values);
  const from = length - values.length;
  const points = values.map((y, i) => `${from + i},${(30 - (28 * y) / most).toFixed(1)}`).join(' ');
  return (
    <figure className={css.sparkline}>
      <figcaption>
        <span>{title}</span>
        <b className="tnum">{value}</b>
      </figcaption>
      <svg viewBox={`0 0 ${length - 1} 31`} preserveAspectRatio="none" role="img" aria-label={`${title}: ${value}, ${over}`}>
        {values.length > 1 && <polyline points={points} vectorEffect="non-scaling-stroke" />}
      </svg>
    </figure>
  );
}
