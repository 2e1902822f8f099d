import '@mantine/dates/styles.layer.css';
import { DatePickerInput } from '@mantine/dates';
import { IconCalendar } from '@tabler/icons-react';
import 'dayjs/locale/de';
import { language, t } from '@/i18n';

/** From one day to another; days as `2026-11-21`. */
export function DayRange({ from, to, onChange }: { from: string; to: string; onChange: (from: string, to: string) => void }) {
  return (
    <DatePickerInput type="range" allowSingleDateInRange clearable locale={language()} placeholder={t('audit.anyTime')} valueFormat="D MMM YYYY" maxDate={new Date()} w={236}
      leftSection={<IconCalendar size={16} stroke={1.8} />} clearButtonProps={{ 'aria-label': t('action.clearFilters') }}
      value={[from || null, to || null]} onChange={([a, b]) => onChange(a ?? '', b ?? '')} />
  );
}
