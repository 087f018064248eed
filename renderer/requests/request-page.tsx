/** One request: its fields and history, and beside them both conversations. */
import { ArrowLeft, Clock, Copy } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { ServiceRequest } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { AttachedMessages } from './attached-messages.tsx';
import { RequestEvents } from './request-events.tsx';
import { RequestFields } from './request-fields.tsx';
import { historyLines, namesOf } from './request-history.ts';
import { RequestMoves } from './request-moves.tsx';
import { RequestSide } from './request-side.tsx';
import { StatusPill } from './status-pill.tsx';
import styles from './request-page.module.css';

/** More are shown when they are asked for. */
const HISTORY_SHOWN = 12;

export function RequestPage({ requestId }: { requestId: string }) {
  const { t } = useTexts();
  const { request: store, view } = useStores();
  const request = useFrom('request', (state) => (state.openId === requestId ? state.request : null));
  const failure = useFrom('request', (state) => state.failure);
  // Whoever comes here by the window's memory finds the store without it.
  useEffect(() => store.getState().open(requestId), [store, requestId]);
  const back = (): void => view.getState().showRequest(null);
  if (request === null) {
    return (
      <main className={styles['page']} aria-label={t('requests.one')}>
        <header className={styles['header']}>
          <IconButton label={t('requests.page.back')} keys="Esc" onClick={back}>
            <ArrowLeft size={17} />
          </IconButton>
        </header>
        {failure !== null && (
          <div className={styles['missing']} role="status">
            <p>{t(failure === 'NOT_FOUND' ? 'requests.page.missing' : `failure.${failure}`)}</p>
            <Button onClick={back}>{t('requests.page.back')}</Button>
          </div>
        )}
      </main>
    );
  }
  return (
    <main className={styles['page']} aria-label={`${t('requests.one')} ${request.reference}`}>
      <Header request={request} onBack={back} />
      <div className={styles['columns']}>
        <div className={styles['about']} tabIndex={-1}>
          <Section title={t('requests.page.proposals')}>
            <RequestEvents request={request} />
          </Section>
          <Section title={t('requests.page.fields')}>
            <RequestFields request={request} />
          </Section>
          <Section title={t('requests.attached.title')}>
            <AttachedMessages request={request} />
          </Section>
          <Section title={t('requests.page.history')}>
            <History request={request} />
          </Section>
        </div>
        <RequestSide request={request} of="customer" />
        <RequestSide request={request} of="vendor" />
      </div>
    </main>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={styles['section']} aria-label={title}>
    <h2 className={styles['title']}>{title}</h2>
    {children}
  </section>
);

function Header({ request, onBack }: { request: ServiceRequest; onBack(): void }) {
  const { t } = useTexts();
  const say = useFrom('toasts', (state) => state.say);
  const { reference, status, serviceType, isPending } = request;
  return (
    <header className={styles['header']}>
      <IconButton label={t('requests.page.back')} keys="Esc" onClick={onBack}>
        <ArrowLeft size={17} />
      </IconButton>
      <h1 className={styles['reference']}>
        <bdi title={reference === '' ? t('requests.noNumberHint') : undefined}>{reference || t('requests.noNumber')}</bdi>
      </h1>
      {reference !== '' && (
        <IconButton label={t('requests.page.copy')} command="copyReference" onClick={() => void navigator.clipboard.writeText(reference).then(() => say('action.copied'))}>
          <Copy size={15} />
        </IconButton>
      )}
      <StatusPill status={status} />
      {isPending && (
        <Tooltip content={t('requests.pendingHint')}>
          <span className={styles['pending']} role="status">
            <Clock size={12} aria-hidden="true" />
            {t('requests.pending')}
          </span>
        </Tooltip>
      )}
      <span className={styles['service']}>
        <bdi>{serviceType}</bdi>
      </span>
      <RequestMoves request={request} />
    </header>
  );
}

function History({ request }: { request: ServiceRequest }) {
  const { t, format } = useTexts();
  const now = useFrom('clock', toMinute);
  const [isWhole, setWhole] = useState(false);
  const { history, source } = request;
  const names = namesOf(request);
  const shown = isWhole ? history : history.slice(0, HISTORY_SHOWN);
  if (history.length === 0) return <p className={styles['quiet']}>{t('requests.history.none')}</p>;
  return (
    <>
      <ol className={styles['history']}>
        {shown.map((entry) => (
          <li key={entry.opId} className={styles['entry']}>
            <time className={styles['when']} title={format.exact(entry.at)}>
              {format.relative(entry.at, now)}
            </time>
            <div className={styles['what']}>
              {historyLines(entry, { t, format, names, source }).map(({ text, refused }) => (
                <p key={text}>
                  {text}
                  {refused !== null && <span className={styles['refused']}> {refused}</span>}
                </p>
              ))}
              {entry.isPending && <span className={styles['quiet']}>{t('requests.pending')}</span>}
            </div>
          </li>
        ))}
      </ol>
      {!isWhole && history.length > HISTORY_SHOWN && (
        <Button look="quiet" onClick={() => setWhole(true)}>
          {t('requests.history.more')}
        </Button>
      )}
    </>
  );
}
