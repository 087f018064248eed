import { useId, useMemo } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { TextField } from '../ui/field.tsx';

/** IANA names with how far they are from UTC now; what is typed may be part of either. */
export function TimeZoneField({ value, isWrong, onChange }: { value: string; isWrong: boolean; onChange(timeZone: string): void }) {
  const { t, language } = useTexts();
  const listId = useId();
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone').map((zone) => ({ zone, name: nameZone(zone, language) })), [language]);
  return (
    <>
      <TextField
        label={t('hours.timeZone')}
        hint={isWrong ? null : nameZone(value, language)}
        error={isWrong ? t('hours.problem.zone') : null}
        list={listId}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={listId}>
        {zones.map(({ zone, name }) => (
          <option key={zone} value={zone}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}

/** `hora estándar central · GMT-6`; empty for what is no zone. */
function nameZone(timeZone: string, language: string): string {
  const part = (timeZoneName: 'long' | 'longOffset'): string => new Intl.DateTimeFormat(language, { timeZone, timeZoneName }).formatToParts().find(({ type }) => type === 'timeZoneName')?.value ?? '';
  try {
    return `${part('long')} · ${part('longOffset')}`;
  } catch {
    return '';
  }
}
