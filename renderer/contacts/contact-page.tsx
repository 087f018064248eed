/** One person: what the team keeps of them, what they are called by, their requests, conversations and files. */
import { ArrowLeft, Ban, ClipboardPlus, Clock, EllipsisVertical, Eraser, MegaphoneOff, MessageSquare, Users } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { ConversationSummary } from '../../contract/entities.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import type { ContactDetails, ContactListRow } from '../../contract/work-entities.ts';
import { ContentIcon } from '../conversation/content-icon.tsx';
import { kindLabel, previewWords } from '../conversation/content-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { StatusPill } from '../requests/status-pill.tsx';
import { FilesSection } from '../side-panel/files-section.tsx';
import { GalleryPanel } from '../side-panel/gallery-panel.tsx';
import { toMinute } from '../store/clock-store.ts';
import { draftFor } from '../store/requests-store.ts';
import { useClient, useCommands, useFrom, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton, MenuButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { useAction } from '../ui/use-action.ts';
import { Attributes } from './attributes.tsx';
import { ErasePerson } from './erase-person.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { Numbers } from './numbers.tsx';
import { Profile } from './profile.tsx';
import { SamePerson } from './same-person.tsx';
import styles from './contact-page.module.css';

const NewRequestDialog = lazy(() => import('../requests/new-request-dialog.tsx').then((module) => ({ default: module.NewRequestDialog })));

type Props = { details: ContactDetails; duplicates: readonly ContactListRow[]; /** Without the list beside it. */ isAlone: boolean };

export function ContactPage({ details, duplicates, isAlone }: Props) {
  const { t } = useTexts();
  /** The dialog that merges; `otherId` null: it asks with whom. */
  const [merging, setMerging] = useState<{ otherId: string | null } | null>(null);
  const onMerge = (otherId: string | null): void => setMerging({ otherId });
  return (
    <article className={styles['page']} aria-label={details.name}>
      <Head details={details} isAlone={isAlone} onMerge={() => onMerge(null)} />
      <div className={styles['columns']}>
        <div className={styles['column']}>
          <Section title={t('contacts.profile.title')}>
            <Profile details={details} />
          </Section>
          <Section title={t('contacts.attributes.title')}>
            <Attributes contactId={details.id} attributes={details.attributes} />
          </Section>
        </div>
        <div className={styles['column']}>
          <Section title={t('contacts.requests.title')}>
            <Requests details={details} />
          </Section>
          <Section title={t('contacts.conversations.title')}>
            <Conversations conversations={details.conversations} hasNumbers={details.merged.length > 0} />
          </Section>
          <Section title={t('contacts.numbers.title')}>
            <Numbers details={details} onMerge={onMerge} />
          </Section>
          <Section title={t('contacts.same.title')}>
            <SamePerson details={details} duplicates={duplicates} onMerge={onMerge} />
          </Section>
          {threadsOf(details).map(({ id, contact }, _index, all) => (
            <Section key={id} title={all.length === 1 ? t('contacts.files') : `${t('contacts.files')} · ${contact.phone ?? contact.name}`}>
              <Files conversationId={id} />
            </Section>
          ))}
        </div>
      </div>
      {merging && <MergeDialog details={details} duplicates={duplicates} otherId={merging.otherId} onClose={() => setMerging(null)} />}
    </article>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={styles['section']} aria-label={title}>
    <h3 className={styles['title']}>{title}</h3>
    {children}
  </section>
);

/** One conversation of each identity: files are kept by who they were exchanged with. */
const threadsOf = ({ conversations }: ContactDetails): ConversationSummary[] => [...new Map(conversations.map((one) => [one.contact.id, one])).values()];

function Head({ details, isAlone, onMerge }: { details: ContactDetails; isAlone: boolean; onMerge(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { contacts, conversation, requests, toasts, view } = useStores();
  const [isRequesting, setRequesting] = useState(false);
  const [isErasing, setErasing] = useState(false);
  const { startConversation } = useCommands();
  const { run } = useAction();
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const open = details.conversations.find(({ status }) => status !== 'closed');
  const phone = details.identifiers.find(({ kind }) => kind === 'wa_id' || kind === 'phone')?.value;
  const canWrite = open !== undefined || phone !== undefined;

  function write(): void {
    if (open) {
      conversation.getState().open(open.id);
      // It may be open already, behind this page.
      view.getState().goTo('inbox');
      view.getState().focusPane('composer', open.id);
    } else if (phone !== undefined) void startConversation(`+${phone}`, null);
  }
  async function block(to: boolean): Promise<void> {
    const isDone = await run(() => client.contacts.change({ contactId: details.id, changes: { isBlocked: { from: !to, to } } }));
    await contacts.getState().refresh();
    if (isDone) toasts.getState().say(to ? 'contacts.didBlock' : 'contacts.didUnblock', { values: { name: details.name } });
  }

  function beginRequest(): void {
    const { draft, keepDraft } = requests.getState();
    const { id, name, phone, email, isVendor } = details;
    keepDraft(draftFor(draft, { id, name, phone, email, isVendor }));
    setRequesting(true);
  }

  const second = details.phone ?? (details.username === null ? null : `@${details.username}`);
  return (
    <header className={styles['head']}>
      {isAlone && (
        <IconButton label={t('contacts.back')} onClick={() => view.getState().showContact(null)}>
          <ArrowLeft size={17} />
        </IconButton>
      )}
      <Avatar id={details.id} name={details.name} size={56} />
      <div className={styles['names']}>
        <h2>
          <bdi>{details.name}</bdi>
          {details.isPending && (
            <Tooltip content={t('contacts.pending')}>
              <span className={styles['pending']} role="img" aria-label={t('contacts.pending')}>
                <Clock size={14} />
              </span>
            </Tooltip>
          )}
        </h2>
        <p className={styles['marks']}>
          {second !== null && second !== details.name && <span className="tabular">{second}</span>}
          {details.isVendor && <span className={styles['chip']}>{t('contacts.isVendor')}</span>}
          {details.roles.includes('customer') && <span className={styles['chip']}>{t('contacts.isCustomer')}</span>}
          {details.isBlocked && (
            <span className={styles['chip']} data-tone="red" title={t('contacts.blockedHint')}>
              <Ban size={12} aria-hidden="true" />
              {t('contacts.blocked')}
            </span>
          )}
          {details.hasOptedOut && (
            <span className={styles['chip']} data-tone="amber" title={t('message.panelOptedOutHint')}>
              <MegaphoneOff size={12} aria-hidden="true" />
              {t('contacts.optedOut')}
            </span>
          )}
        </p>
      </div>
      <div className={styles['actions']}>
        <Button look="primary" icon={<MessageSquare size={15} />} disabled={!canWrite} title={canWrite ? undefined : t('contacts.writeNone')} onClick={write}>
          {t('contacts.write')}
        </Button>
        <Button icon={<ClipboardPlus size={15} />} onClick={beginRequest}>
          {t('contacts.newRequest')}
        </Button>
        <Menu
          entries={[
            { label: t('contacts.same.merge'), icon: <Users size={15} />, isDisabled: !isLead, run: onMerge },
            { label: t(details.isBlocked ? 'contacts.unblock' : 'contacts.block'), icon: <Ban size={15} />, run: () => void block(!details.isBlocked) },
            ...(isLead ? [{ label: t('privacy.erase.menu'), icon: <Eraser size={15} />, run: () => setErasing(true) }] : []),
          ]}
          trigger={
            <MenuButton label={t('contacts.more')}>
              <EllipsisVertical size={17} />
            </MenuButton>
          }
        />
      </div>
      {isErasing && <ErasePerson contactId={details.id} name={details.name} onClose={() => setErasing(false)} />}
      {isRequesting && (
        <Suspense fallback={null}>
          <NewRequestDialog
            onAdded={(requestId) => {
              setRequesting(false);
              view.getState().showRequest(requestId);
            }}
            onClose={() => setRequesting(false)}
          />
        </Suspense>
      )}
    </header>
  );
}

/** `hasNumbers`: the person has several, so it is said which one it was. */
function Conversations({ conversations, hasNumbers }: { conversations: readonly ConversationSummary[]; hasNumbers: boolean }) {
  const { t, format } = useTexts();
  const { conversation, view } = useStores();
  const now = useFrom('clock', toMinute);
  if (conversations.length === 0) return <p className={styles['none']}>{t('contacts.conversations.none')}</p>;
  return (
    <ul className={styles['talks']}>
      {conversations.map(({ id, status, lastMessage, contact, assignee }) => (
        <li key={id}>
          <button
            type="button"
            onClick={() => {
              conversation.getState().open(id);
              view.getState().goTo('inbox');
            }}
          >
            <span className={styles['state']}>{t(`header.status.${status}`)}</span>
            <span className={styles['preview']} dir="auto">
              {lastMessage ? (
                <>
                  <ContentIcon content={lastMessage.content} size={13} label={null} /> {previewWords(lastMessage.content, t) ?? kindLabel(lastMessage.content, t)}
                </>
              ) : (
                t('inbox.noMessages')
              )}
            </span>
            <span className={styles['quiet']}>{[hasNumbers ? contact.phone : null, assignee?.name].filter((part) => part !== null && part !== undefined).join(' · ')}</span>
            {lastMessage && (
              <time className={styles['quiet']} title={format.exact(lastMessage.at)}>
                {format.relative(lastMessage.at, now)}
              </time>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Requests({ details }: { details: ContactDetails }) {
  const { t } = useTexts();
  const { view } = useStores();
  const mine = new Set([details.id, ...details.merged.map(({ id }) => id)]);
  if (details.requests.length === 0) return <p className={styles['none']}>{t('contacts.requests.none')}</p>;
  return (
    <ul className={styles['talks']}>
      {details.requests.map((request) => (
        <li key={request.id}>
          <button type="button" onClick={() => view.getState().showRequest(request.id)}>
            <span className={styles['reference']}>{request.reference || t('contacts.requests.noReference')}</span>
            <bdi className={styles['preview']}>{request.serviceType}</bdi>
            <span className={styles['quiet']}>{t(request.vendor !== null && mine.has(request.vendor.id) ? 'contacts.requests.asVendor' : 'contacts.requests.asCustomer')}</span>
            <StatusPill status={request.status} isShort />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Files({ conversationId }: { conversationId: string }) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen) return <FilesSection conversationId={conversationId} onOpenAll={() => setOpen(true)} />;
  return (
    <div className={styles['gallery']}>
      <GalleryPanel conversationId={conversationId} onBack={() => setOpen(false)} />
    </div>
  );
}
