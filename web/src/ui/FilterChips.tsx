import css from './FilterChips.module.css';

interface Props<T extends string> {
  label: string;
  value: T;
  options: { value: T; label: string; count?: number | undefined }[];
  onChange: (value: T) => void;
}

/** One choice out of a few, as a row of chips. */
export function FilterChips<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <div role="group" aria-label={label} className={css.group}>
      {options.map((option) => (
        <button key={option.value} type="button" className={css.chip} aria-pressed={option.value === value} onClick={() => onChange(option.value)}>
          {option.label}
          {option.count !== undefined && <span className={css.count}>{option.count}</span>}
        </button>
      ))}
    </div>
  );
}
