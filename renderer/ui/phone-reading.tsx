/** What a typed phone number means, as it is typed: its country, whether it is whole, and who has it. */
import { useEffect, useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { useClient } from './app-context.tsx';
import { Button } from './button.tsx';
import styles from './phone-reading.module.css';

export type Reading = EngineOutputs['conversations']['readPhone'];

const READ_AFTER_MS = 120;
/** A number of Guatemala without its code. */
const LOCAL_NUMBER = /^\s*\d{4}[\s-]?\d{4}\s*$/;

/** Stands under the field. `onType`: the number with the country code that was missing. */
export function PhoneReading({ phone, reading, onType }: { phone: string; reading: Reading | null; onType(phone: string): void }) {
  const { t } = useTexts();
  return (
    <p className={styles['reading']} role="status">
      {LOCAL_NUMBER.test(phone) ? (
        <>
          {t('compose.direct.addCode')}
          <Button look="quiet" onClick={() => onType(`+502 ${phone.trim()}`)}>
            {t('compose.direct.useCode')}
          </Button>
        </>
      ) : (
        reading && <ReadNumber reading={reading} />
      )}
    </p>
  );
}

function ReadNumber({ reading: { country, formatted, isComplete } }: { reading: Reading }) {
  const { t, language } = useTexts();
  if (country === null) return null;
  const place = `${flagOf(country)} ${new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? country}`;
  return <>{isComplete ? t('compose.direct.reads', { country: place, phone: formatted ?? '' }) : t('compose.direct.incomplete', { country: place })}</>;
}

/** What the engine makes of what has been typed; null: nothing yet. */
export function usePhoneReading(phone: string): Reading | null {
  const client = useClient();
  const [read, setRead] = useState<{ phone: string; reading: Reading } | null>(null);
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
        // Starting the conversation says what is wrong.
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
