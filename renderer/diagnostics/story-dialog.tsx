/** The story of one outbound message: why it is where it is, what to do, and what an admin needs to look further. */
import { Check, Circle, CircleAlert, CircleDashed, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Delivery, Message } from '../../contract/entities.ts';
import { explainError, isKnownError } from '../conversation/failure-text.ts';
import { useLine, type Line } from '../conversation/ticks.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useClient, useCommands, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { listStorySteps, type StoryStep } from './story-steps.ts';
import { TemplateValues } from './template-values.tsx';
import { useNextStep, useStepAction } from './use-next-step.ts';
import styles from './story-dialog.module.css';

type Story = EngineOutputs['diagnostics']['message'];

export function StoryDialog({ messageId, onClose }: { messageId: string; onClose(): void }) {
  const { t } = useTexts();
  const { story, failure } = useStory(messageId);
  return (
    <Dialog title={t('diagnostics.story.title')} onClose={onClose}>
      {failure !== null ? (
        <p className={styles['quiet']}>{t(`failure.${failure}`)}</p>
      ) : story ? (
        <StoryBody story={story} onClose={onClose} />
      ) : (
        <p className={styles['quiet']}>{t('diagnostics.story.loading')}</p>
      )}
    </Dialog>
  );
}

/** Told again whenever the thread has changed. */
function useStory(messageId: string): { story: Story | null; failure: FailureCode | null } {
  const client = useClient();
  const thread = useFrom('conversation', (state) => state.thread);
  const [state, setState] = useState<{ story: Story | null; failure: FailureCode | null }>({ story: null, failure: null });
  useEffect(() => {
    let isStale = false;
    client.diagnostics.message({ messageId }).then(
      (story) => !isStale && setState({ story, failure: null }),
      (error: unknown) => !isStale && setState((before) => ({ ...before, failure: before.story ? null : failureCodeOf(error) })),
    );
    return () => {
      isStale = true;
    };
  }, [client, messageId, thread]);
  return state;
}

function StoryBody({ story, onClose }: { story: Story; onClose(): void }) {
  const { t } = useTexts();
  const { message } = story;
  return (
    <div className={styles['story']}>
      {message.delivery === 'failed' ? <Failure message={message} onClose={onClose} /> : <Standing message={message} onClose={onClose} />}
      <section aria-label={t('diagnostics.story.timeline')}>
        <h3 className={styles['heading']}>{t('diagnostics.story.timeline')}</h3>
        <ol className={styles['steps']}>
          {listStorySteps(message, story.attempts).map((step) => (
            <Step key={step.step} step={step} />
          ))}
        </ol>
      </section>
      {message.content.kind === 'template' && <TemplateValues content={message.content} />}
      <Technical story={story} />
    </div>
  );
}

function Failure({ message, onClose }: { message: Message; onClose(): void }) {
  const { t, format } = useTexts();
  const commands = useCommands();
  const step = useNextStep(message);
  const action = useStepAction(message, step);
  const { error, author } = message;
  const { what, cause, fix } = explainError(error?.code ?? null, t);
  const isMine = author === null || author.isMe;
  return (
    <section className={styles['why']} data-tone="failure" aria-label={t('diagnostics.story.why')}>
      <p className={styles['what']}>
        <CircleAlert size={16} aria-hidden="true" /> {what}
      </p>
      <dl className={styles['reasons']}>
        <dt>{t('diagnostics.story.cause')}</dt>
        <dd>{cause}</dd>
        <dt>{t('diagnostics.story.todo')}</dt>
        <dd>
          {fix} {step.kind === 'wait' && step.until !== null && <strong>{t('diagnostics.step.wait', { at: format.short(step.until) })}</strong>}
        </dd>
        {error && error.code >= 0 && (
          <>
            <dt>{t('diagnostics.story.metaSays')}</dt>
            <dd className={styles['raw']} data-known={isKnownError(error.code) || undefined}>
              {t('diagnostics.story.code', { code: error.code })} · {error.title}
              {error.detail !== null && error.detail !== error.title && <> · {error.detail}</>}
            </dd>
          </>
        )}
      </dl>
      {isMine ? (
        <div className={styles['actions']}>
          {action && (
            <Button look="primary" onClick={action.run} disabled={action.hint !== undefined} title={action.hint}>
              {action.label}
            </Button>
          )}
          {step.canRetry && step.kind !== 'retry' && <Button onClick={() => void commands.retry(message)}>{t('action.retry')}</Button>}
          <Button
            look="quiet"
            onClick={() => {
              onClose();
              void commands.discard(message);
            }}
          >
            {t('action.discard')}
          </Button>
        </div>
      ) : (
        <p className={styles['quiet']}>{t('notice.authorDecides', { name: author.name })}</p>
      )}
      {isMine && action?.hint !== undefined && <p className={styles['quiet']}>{action.hint}</p>}
    </section>
  );
}

const DECIDED = ['held', 'needs_confirmation'] as const satisfies readonly Delivery[];
const standingOf = (delivery: Delivery | null, line: Line, hasError: boolean) => {
  if (delivery === 'waiting') return line === 'up' ? 'waiting' : line === 'ended' ? 'waitingEnded' : 'waitingOffline';
  if (delivery === 'queued' || delivery === 'sending' || delivery === 'uncertain' || delivery === 'held' || delivery === 'needs_confirmation' || delivery === 'discarded') return delivery;
  return hasError ? 'despite' : 'fine';
};

/** Everything but a failure: how it stands, and who decides. */
function Standing({ message, onClose }: { message: Message; onClose(): void }) {
  const { t } = useTexts();
  const commands = useCommands();
  const line = useLine();
  const seenThrough = useFrom('conversation', (state) => state.thread?.conversation.seenThrough ?? 0);
  const { delivery, error, author } = message;
  const standing = standingOf(delivery, line, error !== null);
  const isMine = author?.isMe ?? false;
  return (
    <section className={styles['why']} data-tone={standing === 'uncertain' ? 'doubt' : 'neutral'} aria-label={t('diagnostics.story.why')}>
      <p className={styles['what']}>{t(`diagnostics.story.current.${standing}`)}</p>
      {error && error.code >= 0 && (
        <p className={styles['quiet']}>
          {t('diagnostics.story.code', { code: error.code })} · {explainError(error.code, t).what}
        </p>
      )}
      {isMine && DECIDED.some((one) => one === delivery) && (
        <div className={styles['actions']}>
          <Button look="primary" onClick={() => void commands.confirm(message, seenThrough)}>
            {t('action.sendAnyway')}
          </Button>
          <Button
            look="quiet"
            onClick={() => {
              onClose();
              void commands.discard(message);
            }}
          >
            {t('action.discard')}
          </Button>
        </div>
      )}
    </section>
  );
}

const ICONS = { done: Check, pending: CircleDashed, skipped: Circle, failed: CircleAlert } as const;

function Step({ step: { step, state, at } }: { step: StoryStep }) {
  const { t, format } = useTexts();
  const Icon = ICONS[state];
  return (
    <li className={styles['step']} data-state={state}>
      <Icon size={14} aria-hidden="true" />
      <span className={styles['name']}>{t(`diagnostics.story.step.${step}`)}</span>
      {at !== null ? (
        <time className="tabular" dateTime={new Date(at).toISOString()} title={format.exact(at)}>
          {format.exactShort(at)}
        </time>
      ) : (
        (state === 'pending' || state === 'skipped') && <span className={styles['quiet']}>{t(`diagnostics.story.${state}`)}</span>
      )}
    </li>
  );
}

function Technical({ story }: { story: Story }) {
  const { t, format } = useTexts();
  const { toasts } = useStores();
  const { message, wamid, deviceName, attempts, nextAttemptAt, events } = story;
  const { error, pricing } = message;
  const facts: [string, string | null][] = [
    [t('diagnostics.story.messageId'), message.id],
    [t('diagnostics.story.wamid'), wamid],
    [t('diagnostics.story.device'), deviceName],
    [t('diagnostics.story.attempts'), attempts === 0 ? null : format.number(attempts)],
    [t('diagnostics.story.nextAttempt'), nextAttemptAt === null ? null : format.exactShort(nextAttemptAt)],
    [t('diagnostics.story.pricing'), pricing && ([pricing.category, pricing.type].filter((word) => word !== null).join(' · ') || null)],
    [t('diagnostics.story.metaSays'), error && error.code >= 0 ? `${error.code} ${error.title}${error.detail === null || error.detail === error.title ? '' : ` · ${error.detail}`}` : null],
  ];
  const told = events.map(({ seq, receivedAt, field, type, outcome }) => `#${seq} ${format.exactShort(receivedAt)} ${field}/${type} · ${t(`diagnostics.events.outcome.${outcome}`)}`);
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== null);
  const copy = (): void => void navigator.clipboard.writeText([...known.map(([label, value]) => `${label}: ${value}`), ...told].join('\n')).then(() => toasts.getState().say('action.copied'));
  return (
    <details className={styles['technical']}>
      <summary>{t('diagnostics.story.technical')}</summary>
      <dl className={styles['facts']}>
        {known.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h4 className={styles['heading']}>{t('diagnostics.story.events')}</h4>
      {told.length === 0 ? (
        <p className={styles['quiet']}>{t('diagnostics.story.noEvents')}</p>
      ) : (
        <ul className={styles['told']}>
          {told.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <Button icon={<Copy size={14} />} onClick={copy}>
        {t('diagnostics.story.copy')}
      </Button>
    </details>
  );
}
