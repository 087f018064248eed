/** A message to oneself: from a phone, or by the stand-in for Meta; seen the moment it comes. */
import { useState } from 'react';
import { previewWords, kindLabel } from '../../conversation/content-text.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import { useFrom, useStores } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyLine } from '../copy-line.tsx';
import styles from '../setup.module.css';

export function MessageStep() {
  const { t, format } = useTexts();
  const { conversation } = useStores();
  const number = useFrom('session', ({ session }) => session?.number ?? null);
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  const setup = useFrom('setup', ({ state }) => state);
  const now = useFrom('clock', (clock) => clock.now);
  const newest = setup?.newestMessage ?? null;
  /** What was there before, which is not the one that is waited for. */
  const [before] = useState(newest?.id ?? null);
  const standIn = setup?.standIn ?? null;
  const isNew = newest !== null && newest.id !== before;
  return (
    <>
      {standIn === null ? (
        <p className={styles['text']}>{number ? t('setup.writeTo', { number: number.displayPhoneNumber ?? number.phoneNumberId }) : t('setup.numberFirst')}</p>
      ) : (
        <>
          <p className={styles['note']}>{t('setup.standInMessage', { url: standIn })}</p>
          <CopyLine label={t('setup.command')} value={`curl -d '{"from": "50255501234", "name": "Rosa", "text": "Hola"}' ${standIn.replace(/\/$/, '')}/_customer`} />
        </>
      )}
      <div className={styles['arrival']} role="status" data-state={isNew ? 'done' : 'open'}>
        {newest === null || !isNew ? (
          <p>{t('setup.waiting')}</p>
        ) : (
          <p>
            <strong>{t('setup.arrived')}</strong>
          </p>
        )}
        {newest !== null && (
          <p>
            {newest.name}: “{previewWords(newest.content, t) ?? kindLabel(newest.content, t)}” <span className={styles['quiet']}>{format.relative(newest.at, now + offset)}</span>
          </p>
        )}
      </div>
      {newest !== null && (
        <div className={styles['line']}>
          <Button onClick={() => conversation.getState().open(newest.conversationId)}>{t('setup.openConversation')}</Button>
        </div>
      )}
    </>
  );
}
