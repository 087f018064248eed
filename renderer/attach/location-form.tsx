import { useTexts } from '../i18n/use-texts.tsx';
import { TextField } from '../ui/field.tsx';
import type { CardFormProps } from './card-dialog.tsx';
import { parseLocation, readDegrees } from './parse-location.ts';
import styles from './card.module.css';

export function LocationForm({ form, onChange }: CardFormProps<'location'>) {
  const { t } = useTexts();
  const { source, latitude, longitude, name, address } = form;
  const isUnread = source.trim() !== '' && parseLocation(source) === null;
  const set = (patch: Partial<typeof form>): void => onChange({ ...form, ...patch });
  function paste(text: string): void {
    const point = parseLocation(text);
    set({ source: text, ...(point && { latitude: String(point.latitude), longitude: String(point.longitude) }) });
  }
  const rangeError = (typed: string, limit: 90 | 180): string | null =>
    typed.trim() === '' || readDegrees(typed, limit) !== null ? null : t(limit === 90 ? 'compose.location.latitudeRange' : 'compose.location.longitudeRange');
  return (
    <>
      <TextField
        label={t('compose.location.source')}
        value={source}
        hint={t('compose.location.sourceHint')}
        error={isUnread ? t('compose.location.unread') : null}
        onChange={(event) => paste(event.target.value)}
      />
      <div className={styles['pair']}>
        <TextField label={t('compose.location.latitude')} inputMode="decimal" value={latitude} error={rangeError(latitude, 90)} onChange={(event) => set({ latitude: event.target.value })} />
        <TextField label={t('compose.location.longitude')} inputMode="decimal" value={longitude} error={rangeError(longitude, 180)} onChange={(event) => set({ longitude: event.target.value })} />
      </div>
      <TextField label={t('compose.card.optional', { label: t('compose.location.name') })} dir="auto" maxLength={200} value={name} onChange={(event) => set({ name: event.target.value })} />
      <TextField label={t('compose.card.optional', { label: t('compose.location.address') })} dir="auto" maxLength={300} value={address} onChange={(event) => set({ address: event.target.value })} />
    </>
  );
}
