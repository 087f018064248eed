import { Ban, BookUser, ChevronRight, MegaphoneOff } from 'lucide-react';
import { lazy, memo, Suspense, useDeferredValue, useState, type ReactNode } from 'react';
import type { Activity, Conversation, Note } from '../../contract/entities.ts';
import { LabelChip } from '../ui/label-chip.tsx';
import { Referral } from '../conversation/message-marks.tsx';
import { NoteText } from '../conversation/note-row.tsx';
import { useServiceWindow } from '../conversation/window-pill.tsx';
import { RequestSection } from '../links/request-section.tsx';
import { useKeyNames } from '../commands/use-commands.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { shownPart, type OpenThread } from '../store/open-thread.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { activityText, refusalText } from './activity-text.ts';
import { FilesSection } from './files-section.tsx';
import styles from './side-panel.module.css';

const SummarySection = lazy(() => import('../ai/summary-section.tsx').then((module) => ({ default: module.SummarySection })));
const GalleryPanel = lazy(() => import('./gallery-panel.tsx').then((module) => ({ default: module.GalleryPanel })));

/** From so many messages of the customer on, a summary says more than scrolling. */
const LONG_THREAD = 8;

/** About the person in the open conversation. */
export function SidePanel() {
  // After the thread, which is what was asked for.
  const thread = useDeferredValue(useFrom('conversation', (state) => state.thread));
  if (!thread) return null;
  // Another person's files are not what was asked for.
  return <PersonPanel key={thread.conversation.contact.id} thread={thread} />;
}

const PersonPanel = memo(function PersonPanel({ thread }: { thread: OpenThread }) {
  const { t } = useTexts();
  const [isGalleryOpen, setGalleryOpen] = useState(false);
  const { conversation, notes } = thread;
  const referral = shownPart(thread).messages.findLast(({ context }) => context?.referral)?.context?.referral ?? null;
  if (isGalleryOpen) {
    return (
      <aside className={styles['panel']} aria-label={t('panel.label')}>
        <Suspense fallback={null}>
          <GalleryPanel conversationId={conversation.id} onBack={() => setGalleryOpen(false)} />
        </Suspense>
      </aside>
    );
  }
  return (
    <aside className={styles['panel']} aria-label={t('panel.label')} tabIndex={0}>
      <Section title={t('requestLinks.panel.title')}>
        <RequestSection conversation={conversation} />
      </Section>
      <ContactCard conversation={conversation} />
      <Section title={t('panel.conversation')}>
        <Triage conversation={conversation} />
        <Metadata conversation={conversation} />
      </Section>
      {conversation.inboundCount >= LONG_THREAD && (
        <Section title={t('ai.summary.title')}>
          <Suspense fallback={null}>
            <SummarySection key={conversation.id} conversationId={conversation.id} />
          </Suspense>
        </Section>
      )}
      {referral && (
        <Section title={t('message.panelReferral')}>
          <Referral referral={referral} />
        </Section>
      )}
      <Section title={t('internal.list')}>
        <NoteList notes={notes} />
      </Section>
      <Section title={t('message.gallery.title')}>
        <FilesSection conversationId={conversation.id} onOpenAll={() => setGalleryOpen(true)} />
      </Section>
      {conversation.otherConversations.length > 0 && (
        <Section title={t('panel.others')}>
          <OtherConversations others={conversation.otherConversations} />
        </Section>
      )}
      <Section title={t('panel.activity')}>
        <ActivityList activity={conversation.activity} />
      </Section>
    </aside>
  );
});

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={styles['section']}>
    <h3 className={styles['title']}>{title}</h3>
    {children}
  </section>
);

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

function ContactCard({ conversation: { contact, identifiers } }: { conversation: Conversation }) {
  const { t } = useTexts();
  const { view } = useStores();
  return (
    <section className={styles['section']}>
      <div className={styles['card']}>
        <Avatar id={contact.id} name={contact.name} size={56} />
        <p className={styles['name']}>
          <bdi>{contact.name}</bdi>
        </p>
        {contact.isBlocked && (
          <p className={styles['blocked']} title={t('contacts.blockedHint')}>
            <Ban size={13} aria-hidden="true" />
            {t('contacts.blocked')}
          </p>
        )}
        {contact.hasOptedOut && (
          <p className={styles['opted-out']} title={t('message.panelOptedOutHint')}>
            <MegaphoneOff size={13} aria-hidden="true" />
            {t('message.panelOptedOut')}
          </p>
        )}
        <Button look="quiet" icon={<BookUser size={14} />} onClick={() => view.getState().showContact(contact.id)}>
          {t('contacts.open')}
        </Button>
      </div>
      <dl className={styles['facts']}>
        <Fact name={t('panel.phone')}>{contact.phone === null ? <span className={styles['none']}>{t('panel.noPhone')}</span> : <span className="tabular">{contact.phone}</span>}</Fact>
        {contact.username !== null && <Fact name={t('panel.username')}>@{contact.username}</Fact>}
        {identifiers.map(({ kind, value }) => (
          <Fact key={kind + value} name={t(`panel.identifier.${kind}`)}>
            <span className={styles['id']} title={value}>
              {value}
            </span>
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Metadata({ conversation }: { conversation: Conversation }) {
  const { t, format } = useTexts();
  const { state } = useServiceWindow(conversation.window.closesAt);
  const time = (at: number | null): ReactNode => (at === null ? t('panel.never') : <time title={format.exact(at)}>{format.short(at)}</time>);
  return (
    <dl className={styles['facts']}>
      <Fact name={t('panel.status')}>{t(`header.status.${conversation.status}`)}</Fact>
      {conversation.startedAt !== null && <Fact name={t('panel.startedAt')}>{time(conversation.startedAt)}</Fact>}
      <Fact name={t('panel.lastInboundAt')}>{time(conversation.lastInboundAt)}</Fact>
      <Fact name={t('panel.inboundCount')}>{format.number(conversation.inboundCount)}</Fact>
      <Fact name={t('panel.window')}>
        {state === 'closed' || state === 'none' || conversation.window.closesAt === null ? (
          t(state === 'closed' ? 'panel.windowClosed' : 'panel.windowNone')
        ) : (
          <time title={format.exact(conversation.window.closesAt)}>{t('panel.windowUntil', { at: format.short(conversation.window.closesAt) })}</time>
        )}
      </Fact>
    </dl>
  );
}

function OtherConversations({ others }: { others: Conversation['otherConversations'] }) {
  const { t, format } = useTexts();
  const open = useFrom('conversation', (state) => state.open);
  const now = useFrom('clock', toMinute);
  return (
    <ul className={styles['others']}>
      {others.map(({ id, status, lastMessageAt }) => (
        <li key={id}>
          <button type="button" className={styles['other']} onClick={() => open(id)}>
            <span>{t(`header.status.${status}`)}</span>
            <time title={format.exact(lastMessageAt)}>{format.relative(lastMessageAt, now)}</time>
            <ChevronRight size={14} aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Triage({ conversation: { assignee, team, labels, snoozedUntil } }: { conversation: Conversation }) {
  const { t, format } = useTexts();
  return (
    <dl className={styles['facts']}>
      <Fact name={t('activity.factAssignee')}>{assignee ? <bdi>{assignee.isMe ? t('triage.me') : assignee.name}</bdi> : <span className={styles['none']}>{t('activity.noneAssigned')}</span>}</Fact>
      <Fact name={t('activity.factTeam')}>{team ? <bdi>{team.name}</bdi> : <span className={styles['none']}>{t('activity.noneTeam')}</span>}</Fact>
      {snoozedUntil !== null && (
        <Fact name={t('triage.snooze')}>
          <time title={format.exact(snoozedUntil)}>{t('panel.windowUntil', { at: format.short(snoozedUntil) })}</time>
        </Fact>
      )}
      <Fact name={t('activity.factLabels')}>
        {labels.length === 0 ? (
          <span className={styles['none']}>{t('activity.noneLabels')}</span>
        ) : (
          <span className={styles['labels']}>
            {labels.map((label) => (
              <LabelChip key={label.id} label={label} />
            ))}
          </span>
        )}
      </Fact>
    </dl>
  );
}

/** Of the person, on all their conversations, newest first. */
function NoteList({ notes }: { notes: readonly Note[] }) {
  const { t, format } = useTexts();
  const { hintOf } = useKeyNames();
  const now = useFrom('clock', toMinute);
  const written = notes.filter((note) => note.deletedBy === null).toReversed();
  if (written.length === 0) return <p className={styles['none']}>{t('internal.noNotes', { key: hintOf('writeNote') })}</p>;
  return (
    <ol className={styles['notes']}>
      {written.map((note) => (
        <li key={note.id}>
          <p className={styles['when']}>
            <span>{note.author.isMe ? t('internal.you') : note.author.name}</span>
            <time title={format.exact(note.createdAt)}>{format.relative(note.createdAt, now)}</time>
            {note.isPending && <span>{t('internal.pending')}</span>}
          </p>
          <NoteText note={note} />
        </li>
      ))}
    </ol>
  );
}

function ActivityList({ activity }: { activity: readonly Activity[] }) {
  const { t, format } = useTexts();
  const directory = useFrom('team', (state) => state.directory);
  if (activity.length === 0) return <p className={styles['none']}>{t('panel.noActivity')}</p>;
  const words = { t, format, directory };
  return (
    <ol className={styles['activity']}>
      {activity.map((entry) => {
        const refusal = refusalText(entry, words);
        return (
          <li key={entry.opId} data-refused={REFUSED.has(entry.outcome) || undefined}>
            <p>{activityText(entry, words)}</p>
            <p className={styles['when']}>
              <time title={format.exact(entry.occurredAt)}>{format.short(entry.occurredAt)}</time>
              {entry.outcome !== 'applied' && <span>{[t(`panel.outcome.${entry.outcome}`), refusal].filter((words) => words !== null).join(' · ')}</span>}
              {entry.isPending && <span>{t('panel.pending')}</span>}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

const REFUSED: ReadonlySet<Activity['outcome']> = new Set(['superseded', 'forbidden', 'target_missing', 'held']);
