/** A passphrase, hidden until its agent wants to see it. The browser is to keep none of it: neither by its own list of passwords nor by checking its spelling. */
import { Eye, EyeOff } from 'lucide-react';
import { useState, type ComponentProps } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { TextField } from '../ui/field.tsx';
import styles from './passphrase-field.module.css';

export function PassphraseField(props: ComponentProps<typeof TextField>) {
  const { t } = useTexts();
  const [isShown, setShown] = useState(false);
  const label = t(isShown ? 'lock.hide' : 'lock.show');
  return (
    <TextField
      type={isShown ? 'text' : 'password'}
      autoComplete="off"
      autoCapitalize="off"
      autoCorrect="off"
      spellCheck={false}
      {...props}
      after={
        <button type="button" className={styles['show']} aria-label={`${label}: ${props.label}`} title={label} onClick={() => setShown(!isShown)}>
          {isShown ? <EyeOff size={16} aria-hidden="true" /> : <Eye size={16} aria-hidden="true" />}
        </button>
      }
    />
  );
}
