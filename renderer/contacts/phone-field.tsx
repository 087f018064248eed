/** A phone number, read as it is typed: which country it is of, whether it is complete, and who has it already. */
import { useEffect, useRef, useState, type Ref } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { useClient } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import styles from './phone-field.module.css';

export type PhoneReading = EngineOutputs['conversations']['readPhone'];

const READ_AFTER_MS = 120;
/** A number of Guatemala without its code. */
const LOCAL_NUMBER = /^\s*\d{4}[\s-]?\d{4}\s*$/;

type Props = { ref?: Ref<HTMLInputElement>; label: string; hint: string; value: string; reading: PhoneReading | null; onChange(text: string): void };

/** @param reading of `usePhoneReading`, for the same text. */
export function PhoneField({ ref, label, hint, value, reading, onChange }: Props) {
  const { t } = useTexts();
  const box = useRef<HTMLDivElement>(null);
  return (
    <div ref={box}>
      <TextField {...(ref && { ref })} label={label} inputMode="tel" maxLength={40} value={value} hint={hint} onChange={(event) => onChange(event.target.value)} />
      <p className={styles['reading']} role="status">
        {LOCAL_NUMBER.test(value) ? (
          <>
            {t('compose.direct.addCode')}
            <Button
              look="quiet"
              onClick={() => {
                onChange(`+502 ${value.trim()}`);
                box.current?.querySelector('input')?.focus();
              }}
            >
              {t('compose.direct.useCode')}
            </Button>
          </>
        ) : (
          reading && <ReadNumber reading={reading} />
        )}
      </p>
    </div>
  );
}

function ReadNumber({ reading: { country, formatted, isComplete } }: { reading: PhoneReading }) {
  const { t, language } = useTexts();
  if (country === null) return null;
  const place = `${flagOf(country)} ${new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? country}`;
  return <>{isComplete ? t('compose.direct.reads', { country: place, phone: formatted ?? '' }) : t('compose.direct.incomplete', { country: place })}</>;
}

/** What the engine makes of what has been typed; null: nothing yet. */
export function usePhoneReading(phone: string): PhoneReading | null {
  const client = useClient();
  const [read, setRead] = useState<{ phone: string; reading: PhoneReading } | null>(null);
  const wanted = phone.trim();
  useEffect(() => {
    if (wanted === '') return;
    let isOver = false;
    const timer = setTimeout(() => {
      void client.conversations
        .readPhone({ phone: wanted })
        .then((reading) => {
          if (!isOver) setRead({ phone: wanted, reading });
        })
        // Whoever uses the number says what is wrong.
        .catch(() => undefined);
    }, READ_AFTER_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, wanted]);
  return wanted !== '' && read?.phone === wanted ? read.reading : null;
}

/** ISO 3166-1 to its flag: the letters as regional indicators (Unicode, annex B of UTS 51). */
const flagOf = (country: string): string => String.fromCodePoint(...Array.from(country.toUpperCase(), (letter) => 0x1f1e6 + letter.charCodeAt(0) - 65));
