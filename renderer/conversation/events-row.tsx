/** What was done to the conversation between two messages, as one calm line at its place; several open. */
import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo, useEffect, useState } from 'react';
import type { ThreadEvent } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { activityText, requestOf } from '../side-panel/activity-text.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { DaySeparator, Separator } from './thread-separator.tsx';
import type { EventsThreadRow } from './thread-layout.ts';
import messageStyles from './message-row.module.css';
import styles from './events-row.module.css';

export const EventsRow = memo(function EventsRow({ id, events, at, startsDay, startsConversation, isStart }: EventsThreadRow & { isStart: boolean }) {
  const { t } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const [first] = events;
  const isOne = events.length === 1;
  const last = events.at(-1);
  return (
    <div className={messageStyles['row']}>
      {isStart && <p className={messageStyles['start']}>{t('thread.start')}</p>}
      {startsDay && <DaySeparator at={at} />}
      {startsConversation && <Separator>{t('thread.conversationBreak')}</Separator>}
      <article className={styles['events']} data-message-id={id} data-kind="events" tabIndex={-1}>
        {isOne && first ? (
          <Line event={first} />
        ) : (
          <>
            {isOpen && events.map((event) => <Line key={event.opId} event={event} />)}
            {!isOpen && last && <Line event={last} />}
            <button type="button" data-main="" className={styles['more']} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? <ChevronDown size={12} aria-hidden="true" /> : <ChevronRight size={12} aria-hidden="true" />}
              {isOpen ? t('events.fold') : t('events.more', { count: events.length - 1 })}
            </button>
          </>
        )}
      </article>
    </div>
  );
});

function Line({ event }: { event: ThreadEvent }) {
  const { t, format } = useTexts();
  const { requestNames } = useStores();
  const directory = useFrom('team', (state) => state.directory);
  const requestId = requestOf(event);
  const request = useFrom('requestNames', ({ names }) => (requestId === null ? '' : (names[requestId] ?? '')));
  useEffect(() => {
    if (requestId !== null) requestNames.getState().want(requestId);
  }, [requestNames, requestId]);
  return (
    <p className={styles['line']} data-pending={event.isPending || undefined}>
      <bdi>{activityText(event, { t, format, directory, request })}</bdi>
      <time className="tabular" dateTime={new Date(event.occurredAt).toISOString()} title={format.exact(event.occurredAt)}>
        {format.clock(event.occurredAt)}
      </time>
    </p>
  );
}
