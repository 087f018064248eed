/** What Meta sent, as it came: found again, opened, and run through the reducer without leaving a trace. */
import { Copy, FlaskConical, MessageSquare, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { rawEventSchema, type RawEvent } from '../../contract/entities.ts';
import { formatJson } from '../conversation/format-json.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { failureCodeOf, type FailureCode } from '../store/failure.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';
import { useEvents } from './use-events.ts';
import styles from './events-part.module.css';

const OUTCOMES = rawEventSchema.shape.outcome.options;

export function EventsPart() {
  const { t, format } = useTexts();
  const [search, setSearch] = useState('');
  const [outcome, setOutcome] = useState<RawEvent['outcome'] | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const { items, next, isSearching, failure, more, stop } = useEvents({ search, outcome });
  const isFiltered = search !== '' || outcome !== null;
  return (
    <section className={styles['events']} aria-label={t('diagnostics.part.events')}>
      <header className={styles['header']}>
        <div>
          <h2 className={styles['title']}>{t('diagnostics.part.events')}</h2>
          <p className={styles['text']}>{t('diagnostics.events.text')}</p>
        </div>
        <div className={styles['filters']}>
          <label className={styles['search']}>
            <Search size={14} aria-hidden="true" />
            <input
              type="search"
              value={search}
              maxLength={200}
              placeholder={t('diagnostics.events.search')}
              aria-label={t('diagnostics.events.search')}
              onChange={(event) => setSearch(event.target.value)}
            />
          </label>
          <select
            className={styles['outcome']}
            aria-label={t('diagnostics.events.outcomeLabel')}
            value={outcome ?? ''}
            onChange={(event) => setOutcome(OUTCOMES.find((one) => one === event.target.value) ?? null)}
          >
            <option value="">{t('diagnostics.events.any')}</option>
            {OUTCOMES.map((one) => (
              <option key={one} value={one}>
                {t(`diagnostics.events.outcome.${one}`)}
              </option>
            ))}
          </select>
        </div>
      </header>
      <div className={styles['columns']}>
        <div className={styles['listed']}>
          <ul className={styles['list']} aria-label={t('diagnostics.events.list')}>
            {items.map((event) => (
              <li key={event.seq}>
                <EventButton event={event} isChosen={event.seq === chosen} onChoose={() => setChosen(event.seq)} />
              </li>
            ))}
          </ul>
          <div className={styles['foot']} role="status">
            {failure !== null && <p>{t(`failure.${failure}`)}</p>}
            {failure === null && items.length === 0 && !isSearching && <p>{t(isFiltered ? 'diagnostics.events.noMatch' : 'diagnostics.events.none')}</p>}
            {isSearching && (
              <>
                <span>{t('diagnostics.events.searching')}</span>
                <Button look="quiet" onClick={stop}>
                  {t('diagnostics.events.stop')}
                </Button>
              </>
            )}
            {!isSearching && next !== null && (
              <>
                {items.length > 0 && <span>{t('diagnostics.events.searchedTo', { at: format.short(items.at(-1)!.receivedAt) })}</span>}
                <Button onClick={more}>{t('diagnostics.events.more')}</Button>
              </>
            )}
          </div>
        </div>
        {chosen === null ? <p className={styles['choose']}>{t('diagnostics.events.choose')}</p> : <EventDetail key={chosen} seq={chosen} />}
      </div>
    </section>
  );
}

function EventButton({ event, isChosen, onChoose }: { event: RawEvent; isChosen: boolean; onChoose(): void }) {
  const { t, format } = useTexts();
  return (
    <button type="button" className={styles['event']} aria-current={isChosen || undefined} data-outcome={event.outcome} onClick={onChoose}>
      <span className={styles['line']}>
        <span className={styles['kind']}>{event.type}</span>{' '}
        <time className="tabular" title={format.exact(event.receivedAt)}>
          {format.exactShort(event.receivedAt)}
        </time>
      </span>{' '}
      <span className={styles['line']}>
        <bdi className={styles['about']}>{event.about ?? event.field}</bdi> <span className={styles['mark']}>{t(`diagnostics.events.outcome.${event.outcome}`)}</span>
      </span>
    </button>
  );
}

type Detail = EngineOutputs['diagnostics']['event'];
type Replayed = EngineOutputs['diagnostics']['replay'];

function EventDetail({ seq }: { seq: number }) {
  const { t, format } = useTexts();
  const client = useClient();
  const { toasts, conversation, view } = useStores();
  const [{ event, failure }, setLoaded] = useState<{ event: Detail | null; failure: FailureCode | null }>({ event: null, failure: null });
  const [replayed, setReplayed] = useState<Replayed | null>(null);
  const { run, isBusy } = useAction();
  useEffect(() => {
    client.diagnostics.event({ seq }).then(
      (loaded) => setLoaded({ event: loaded, failure: null }),
      (error: unknown) => setLoaded({ event: null, failure: failureCodeOf(error) }),
    );
  }, [client, seq]);
  if (failure !== null) return <p className={styles['choose']}>{t(`failure.${failure}`)}</p>;
  if (!event) return <div className={styles['detail']} />;
  const json = formatJson(event.body);
  const { conversationId } = event;
  return (
    <section className={styles['detail']} aria-label={t('diagnostics.events.detail', { seq })}>
      <header className={styles['detailHeader']}>
        <h3 className={styles['heading']}>{t('diagnostics.events.detail', { seq: format.number(seq) })}</h3>
        <Button icon={<Copy size={14} />} onClick={() => void navigator.clipboard.writeText(json).then(() => toasts.getState().say('action.copied'))}>
          {t('diagnostics.events.copy')}
        </Button>
        <Button
          icon={<FlaskConical size={14} />}
          title={t('diagnostics.events.replayHint')}
          disabled={isBusy}
          onClick={() => void run(async () => setReplayed(await client.diagnostics.replay({ seq })))}
        >
          {t('diagnostics.events.replay')}
        </Button>
        {conversationId !== null && (
          <Button
            icon={<MessageSquare size={14} />}
            onClick={() => {
              conversation.getState().open(conversationId);
              view.getState().goTo('inbox');
            }}
          >
            {t('diagnostics.events.openConversation')}
          </Button>
        )}
      </header>
      <dl className={styles['facts']}>
        <dt>{t('diagnostics.events.received')}</dt>
        <dd>{format.exact(event.receivedAt)}</dd>
        <dt>{t('diagnostics.events.kind')}</dt>
        <dd>
          {event.field} · {event.type} · {t(`diagnostics.events.outcome.${event.outcome}`)}
        </dd>
        {event.about !== null && (
          <>
            <dt>{t('diagnostics.events.about')}</dt>
            <dd>
              <bdi>{event.about}</bdi>
            </dd>
          </>
        )}
      </dl>
      {replayed && <ReplayResult replayed={replayed} />}
      <pre className={styles['json']} tabIndex={0}>
        {json}
      </pre>
    </section>
  );
}

function ReplayResult({ replayed: { outcome, changes } }: { replayed: Replayed }) {
  const { t } = useTexts();
  return (
    <section className={styles['replay']} aria-label={t('diagnostics.events.replay')} role="status">
      <p>
        <strong>{t('diagnostics.events.replayed', { outcome: t(`diagnostics.events.outcome.${outcome}`) })}</strong>{' '}
        {changes.length === 0 ? t('diagnostics.events.noChanges') : t('diagnostics.events.changes', { count: changes.length })}
      </p>
      {changes.map(({ table, key, before, after }) => (
        <details key={`${table} ${key}`} className={styles['change']}>
          <summary>
            {table} · {key}
          </summary>
          <p>{t('diagnostics.events.before')}</p>
          <pre>{before === null ? t('diagnostics.events.nothing') : formatJson(before)}</pre>
          <p>{t('diagnostics.events.after')}</p>
          <pre>{after === null ? t('diagnostics.events.nothing') : formatJson(after)}</pre>
        </details>
      ))}
    </section>
  );
}
