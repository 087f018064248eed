/** What a message said before its edits, or before it was deleted. The engine tells it to leads and admins only. */
import { useEffect, useState } from 'react';
import type { Message } from '../../contract/entities.ts';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { AnchoredPopover } from '../ui/anchored-popover.tsx';
import { useClient } from '../ui/app-context.tsx';
import { contentText } from './content-text.ts';
import { FormattedText } from './formatted-text.tsx';
import styles from './versions-popover.module.css';

type Versions = EngineOutputs['messages']['versions'];

export function VersionsPopover({ message, anchor, onClose }: { message: Message; anchor: HTMLElement; onClose(): void }) {
  const { t } = useTexts();
  return (
    <AnchoredPopover anchor={anchor} label={t('message.versionsTitle')} onClose={onClose}>
      <VersionList messageId={message.id} />
    </AnchoredPopover>
  );
}

function VersionList({ messageId }: { messageId: string }) {
  const { t, format } = useTexts();
  const client = useClient();
  const [answer, setAnswer] = useState<{ versions: Versions } | { failure: FailureCode } | null>(null);
  useEffect(() => {
    let isGone = false;
    const show = (next: typeof answer): void => {
      if (!isGone) setAnswer(next);
    };
    client.messages.versions({ messageId }).then(
      (versions) => show({ versions }),
      (error: unknown) => show({ failure: failureCodeOf(error) }),
    );
    return () => {
      isGone = true;
    };
  }, [client, messageId]);

  return (
    <div className={styles['versions']} aria-busy={answer === null}>
      <h3 className={styles['title']}>{t('message.versionsTitle')}</h3>
      {answer && 'failure' in answer && <p role="alert">{t(`failure.${answer.failure}`)}</p>}
      {answer && 'versions' in answer && answer.versions.length === 0 && <p>{t('message.versionsNone')}</p>}
      {answer && 'versions' in answer && (
        <ol>
          {answer.versions.map(({ at, content }, index) => (
            <li key={index}>
              <time className={styles['when']}>{format.exactShort(at)}</time>
              <p>{content.kind === 'text' ? <FormattedText text={content.text} /> : contentText(content, t)}</p>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
