/** What WhatsApp sent, as it came, for whoever has to look further. */
import { Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatJson } from './format-json.ts';
import styles from './raw-event-dialog.module.css';

type Answer = { event: EngineOutputs['diagnostics']['event'] } | { failure: FailureCode };

export function RawEventDialog({ messageId, onClose }: { messageId: string; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    let isGone = false;
    const show = (next: Answer): void => {
      if (!isGone) setAnswer(next);
    };
    client.diagnostics.event({ messageId }).then(
      (event) => show({ event }),
      (error: unknown) => show({ failure: failureCodeOf(error) }),
    );
    return () => {
      isGone = true;
    };
  }, [client, messageId]);

  return (
    <Dialog title={t('message.rawTitle')} onClose={onClose}>
      <div className={styles['body']} aria-busy={answer === null}>
        {answer && 'failure' in answer && <p>{answer.failure === 'NOT_FOUND' ? t('message.rawNone') : `${t('message.rawFailed')} ${t(`failure.${answer.failure}`)}`}</p>}
        {answer && 'event' in answer && <RawEvent event={answer.event} />}
      </div>
    </Dialog>
  );
}

function RawEvent({ event }: { event: EngineOutputs['diagnostics']['event'] }) {
  const { t, format } = useTexts();
  const { toasts } = useStores();
  const text = formatJson(event.body);
  return (
    <>
      <dl className={styles['facts']}>
        <dt>{t('message.rawField')}</dt>
        <dd>{event.field}</dd>
        <dt>{t('message.rawType')}</dt>
        <dd>{event.type}</dd>
        <dt>{t('message.rawAt')}</dt>
        <dd>{format.exactShort(event.receivedAt)}</dd>
        <dt>{t('message.rawSeq')}</dt>
        <dd>{format.number(event.seq)}</dd>
      </dl>
      <pre className={styles['json']} tabIndex={0}>
        {text}
      </pre>
      <Button icon={<Copy size={14} />} onClick={() => void navigator.clipboard.writeText(text).then(() => toasts.getState().say('action.copied'))}>
        {t('message.rawCopy')}
      </Button>
    </>
  );
}
