/** What a vendor does: kinds of service as chips, with those of the workspace proposed. */
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { NAME_MAX } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { TextField } from '../ui/field.tsx';
import styles from './contact-page.module.css';

type Props = { value: readonly string[]; error?: string | null; onChange(types: readonly string[]): void };

export function ServiceTypes({ value, error, onChange }: Props) {
  const { t } = useTexts();
  const known = useFrom('team', ({ directory }) => directory?.settings.serviceTypes);
  const [typed, setTyped] = useState('');
  const listId = useId();
  const add = (): void => {
    const type = typed.trim();
    setTyped('');
    if (type !== '' && !value.includes(type)) onChange([...value, type].toSorted());
  };
  return (
    <div className={styles['types']}>
      <TextField
        label={t('contacts.profile.serviceTypes')}
        hint={t('contacts.profile.serviceTypesHint')}
        error={error}
        list={listId}
        maxLength={NAME_MAX}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || typed.trim() === '') return;
          event.preventDefault();
          add();
        }}
      />
      <datalist id={listId}>
        {known
          ?.filter((type) => !value.includes(type))
          .map((type) => (
            <option key={type} value={type}>
              {type}
            </option>
          ))}
      </datalist>
      {value.length > 0 && (
        <ul className={styles['chips']}>
          {value.map((type) => (
            <li key={type}>
              <bdi>{type}</bdi>
              <button type="button" aria-label={t('contacts.profile.serviceTypesRemove', { name: type })} onClick={() => onChange(value.filter((one) => one !== type))}>
                <X size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
