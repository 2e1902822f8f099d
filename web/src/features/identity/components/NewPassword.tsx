import { PasswordInput, Text } from '@mantine/core';
import { t } from '@/i18n';
import { shortestPassword, strengthOf } from '../password';

interface Props {
  label: string;
  repeatLabel: string;
  value: string;
  repeat: string;
  onValue: (value: string) => void;
  onRepeat: (value: string) => void;
  issue?: string | undefined;
}

/** A new password twice, with the rule and the strength beside it. */
export function NewPassword({ label, repeatLabel, value, repeat, onValue, onRepeat, issue }: Props) {
  const short = value !== '' && value.length < shortestPassword;
  return (
    <>
      <PasswordInput label={label} autoComplete="new-password" required value={value} onChange={(e) => onValue(e.currentTarget.value)}
        description={t('password.rule', { n: shortestPassword })}
        error={issue ?? (short ? t('password.tooShort', { n: shortestPassword }) : undefined)} />
      {value !== '' && !short && (
        <Text size="xs" c="dimmed" aria-live="polite">{t('password.strength', { word: t(`password.strength.${strengthOf(value)}`) })}</Text>
      )}
      <PasswordInput label={repeatLabel} autoComplete="new-password" required value={repeat} onChange={(e) => onRepeat(e.currentTarget.value)}
        error={repeat !== '' && repeat !== value ? t('setup.mismatch') : undefined} />
    </>
  );
}
