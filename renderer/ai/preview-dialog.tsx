/** Before anything leaves the machine: what would, word for word. */
import { useEffect, useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { droppedName, maskedWords, sectionName } from './ai-text.ts';
import styles from './why-dialog.module.css';

type Preview = EngineOutputs['ai']['preview'];

export function PreviewDialog({ conversationId, onClose }: { conversationId: string; onClose(): void }) {
  const { t, format } = useTexts();
  const client = useClient();
  const { toasts } = useStores();
  const [read, setRead] = useState<{ preview: Preview } | { failure: FailureCode } | null>(null);
  useEffect(() => {
    let isOver = false;
    client.ai.preview({ conversationId }).then(
      (preview) => !isOver && setRead({ preview }),
      (error: unknown) => !isOver && setRead({ failure: failureCodeOf(error) }),
    );
    return () => {
      isOver = true;
    };
  }, [client, conversationId]);
  return (
    <Dialog title={t('ai.preview.title')} isWide onClose={onClose}>
      {read === null ? (
        <p aria-busy="true">…</p>
      ) : 'failure' in read ? (
        <p role="alert">{t(`failure.${read.failure}`)}</p>
      ) : (
        <div className={styles['why']} tabIndex={0}>
          <p className={styles['intro']}>
            {read.preview.host === null ? t('ai.preview.stays') : t('ai.preview.leaves', { host: read.preview.host, model: read.preview.model })}
            <Button look="quiet" onClick={() => void navigator.clipboard.writeText(read.preview.body).then(() => toasts.getState().say('action.copied'))}>
              {t('ai.preview.copy')}
            </Button>
          </p>
          {maskedWords(read.preview.masked, t) !== '' && (
            <p>
              {t('ai.why.masked')}: {maskedWords(read.preview.masked, t)}
            </p>
          )}
          {read.preview.dropped.length > 0 && <p className={styles['none']}>{t('ai.preview.dropped', { list: read.preview.dropped.map((name) => droppedName(name, t)).join(', ') })}</p>}
          {read.preview.sections.map(({ name, tokens, text }, index) => (
            <section key={index} className={styles['section']}>
              <h3>
                {sectionName(name, t)} · {t('ai.preview.tokens', { count: tokens, number: format.number(tokens) })}
              </h3>
              <pre className={styles['body']} tabIndex={0}>
                {text}
              </pre>
            </section>
          ))}
          {read.preview.sections.length === 0 && read.preview.body !== '' && (
            <pre className={styles['body']} tabIndex={0}>
              {read.preview.body}
            </pre>
          )}
        </div>
      )}
    </Dialog>
  );
}
