/** What an admin clicks and types in Meta's App Dashboard so that messages come here, and whether they do. */
import { useEffect, useState } from 'react';
import { ADVISED_FIELDS, NEEDED_FIELD } from '../../../contract/whatsapp/webhook-fields.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import type { EngineOutputs } from '../../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from '../../store/failure.ts';
import { useClient, useFrom } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { useAction } from '../../ui/use-action.ts';
import { CopyLine, SecretLine } from '../copy-line.tsx';
import styles from '../setup.module.css';
import { LiveChecks } from './live-checks.tsx';

/** As Meta's dashboard calls them, in every language of it that we know. */
const CALLBACK_URL = 'Callback URL';
const VERIFY_TOKEN = 'Verify token';

type Webhook = EngineOutputs['setup']['webhook'];

export function WebhookStep() {
  const { t } = useTexts();
  const client = useClient();
  const standIn = useFrom('setup', ({ state }) => state?.standIn ?? null);
  const isConfigured = useFrom('session', ({ session }) => session?.number !== null);
  const { webhook, failure, retry } = useWebhook();
  const { isBusy, failure: subscribeFailure, run } = useAction({ isQuiet: true });
  const [answer, setAnswer] = useState<EngineOutputs['setup']['subscribeApp'] | null>(null);
  const [rounds, setRounds] = useState(0);
  const askToken = async (): Promise<string> => (await client.setup.verifyToken()).verifyToken;
  const subscribe = async (): Promise<void> => {
    await run(async () => setAnswer(await client.setup.subscribeApp()));
    setRounds((count) => count + 1);
  };
  return (
    <>
      {standIn !== null && <p className={styles['note']}>{t('setup.standInWebhook', { url: standIn })}</p>}
      <ol className={styles['todo']}>
        <li>
          {t('setup.webhookTodo.open')} <code>developers.facebook.com/apps</code>
        </li>
        <li>
          {t('setup.webhookTodo.edit')}
          {failure !== null ? (
            <p className={styles['problem']} role="alert">
              {t(failure === 'NOT_FOUND' ? 'setup.oldRelay' : `failure.${failure}`)} <Button onClick={retry}>{t('action.retry')}</Button>
            </p>
          ) : (
            <div className={styles['values']}>
              <CopyLine label={CALLBACK_URL} value={webhook?.callbackUrl ?? '…'} />
              <SecretLine label={VERIFY_TOKEN} ask={askToken} />
            </div>
          )}
          {webhook && !webhook.isPublic && standIn === null && <p className={styles['problem']}>{t('setup.notPublic')}</p>}
        </li>
        <li>
          {t('setup.webhookTodo.fields')} <code>{NEEDED_FIELD}</code>. {t('setup.webhookTodo.moreFields')} <code>{ADVISED_FIELDS.join(', ')}</code>
        </li>
        <li>
          {t('setup.webhookTodo.subscribe')}
          <div className={styles['line']}>
            <Button disabled={isBusy || !isConfigured} onClick={() => void subscribe()}>
              {t('setup.subscribe')}
            </Button>
            <span role="status" className={styles['said']}>
              {!isConfigured && t('setup.numberFirst')}
              {answer !== null && t(`setup.subscribed.${answer.status}`)}
              {answer?.detail != null && ` (${answer.detail})`}
              {subscribeFailure !== null && t(`failure.${subscribeFailure}`)}
            </span>
          </div>
        </li>
      </ol>
      <LiveChecks ids={['webhook_verified', 'webhook_callback', 'webhook_fields', 'app_subscribed', 'webhook_signature']} again={rounds} />
    </>
  );
}

function useWebhook(): { webhook: Webhook | null; failure: FailureCode | null; retry(): void } {
  const client = useClient();
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ webhook: Webhook | null; failure: FailureCode | null }>({ webhook: null, failure: null });
  useEffect(() => {
    let isStale = false;
    const take = (next: typeof state): void => {
      if (!isStale) setState(next);
    };
    client.setup.webhook().then(
      (webhook) => take({ webhook, failure: null }),
      (error: unknown) => take({ webhook: null, failure: failureCodeOf(error) }),
    );
    return () => {
      isStale = true;
    };
  }, [client, round]);
  return { ...state, retry: () => setRound((count) => count + 1) };
}
