/** An internal note between the messages: yellow, full width, and named as one, so that nobody takes it for something the customer read. */
import { Clock, Pencil, StickyNote, Trash2 } from 'lucide-react';
import { Fragment, memo, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Note } from '../../contract/entities.ts';
import { NOTE_BODY_MAX } from '../../contract/limits.ts';
import { DEEP_LINK_IN_TEXT } from '../../contract/rules/deep-link.ts';
import { mayChangeNote } from '../../contract/rules/rights.ts';
import { mentionedIn, splitMentions } from '../composer/mentions.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFollowLink } from '../shell/use-follow-link.ts';
import { useCommands, useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import { findLinks } from './markup.ts';
import type { NoteThreadRow } from './thread-layout.ts';
import { DaySeparator, Separator } from './thread-separator.tsx';
import styles from './note-row.module.css';

/** By then a row that changed its height stands where it stays. */
const SETTLED_AFTER_MS = 120;

export const NoteRow = memo(function NoteRow({ note, at, startsDay, startsConversation, isStart }: NoteThreadRow & { isStart: boolean }) {
  const { t } = useTexts();
  return (
    <div className={styles['row']}>
      {isStart && <p className={styles['start']}>{t('thread.start')}</p>}
      {startsDay && <DaySeparator at={at} />}
      {startsConversation && <Separator>{t('thread.conversationBreak')}</Separator>}
      {note.deletedBy ? <Tombstone note={note} /> : <NoteCard note={note} />}
    </div>
  );
});

function Tombstone({ note }: { note: Note }) {
  const { t } = useTexts();
  return (
    <p className={styles['tombstone']} data-message-id={note.id} tabIndex={-1}>
      <Trash2 size={13} aria-hidden="true" />
      {note.deletedBy?.isMe ? t('internal.deletedByYou') : t('internal.deleted', { who: note.deletedBy?.name ?? '—' })}
    </p>
  );
}

function NoteCard({ note }: { note: Note }) {
  const { t, format } = useTexts();
  const { removeNote } = useCommands();
  const me = useFrom('team', ({ directory }) => directory?.members.find((member) => member.isMe) ?? null);
  const [isEditing, setEditing] = useState(false);
  // Whoever a conversation was handed to with a note is meant without being named in it.
  const addressees = note.mentions.filter(({ name }) => !note.body.includes(`@${name}`)).map(({ name, isMe }) => (isMe ? t('internal.forMe') : name));
  const who = note.author.isMe ? t('internal.you') : note.author.name;
  return (
    <article className={styles['note']} data-message-id={note.id} tabIndex={-1} aria-label={t('internal.by', { who })}>
      <header className={styles['head']}>
        <StickyNote size={13} aria-hidden="true" />
        <span className={styles['title']}>{t('internal.by', { who })}</span>
        {addressees.length > 0 && <span>{t('internal.for', { who: addressees.join(', ') })}</span>}
        {note.editedAt !== null && <span title={t('internal.editedAt', { at: format.exact(note.editedAt) })}>{t('internal.edited')}</span>}
        {note.isPending && (
          <span className={styles['pending']} title={t('triage.pendingHint')}>
            <Clock size={12} aria-hidden="true" />
            {t('internal.pending')}
          </span>
        )}
        {!isEditing && mayChangeNote(me, note.author.id) && (
          <span className={styles['actions']}>
            <IconButton label={t('internal.edit')} side="top" onClick={() => setEditing(true)}>
              <Pencil size={13} />
            </IconButton>
            <IconButton label={t('internal.remove')} side="top" onClick={() => void removeNote(note)}>
              <Trash2 size={13} />
            </IconButton>
          </span>
        )}
        <time className="tabular" dateTime={new Date(note.createdAt).toISOString()} title={format.exact(note.createdAt)}>
          {format.clock(note.createdAt)}
        </time>
      </header>
      {isEditing ? <NoteEditor note={note} onClose={() => setEditing(false)} /> : <NoteText note={note} />}
    </article>
  );
}

export function NoteText({ note }: { note: Pick<Note, 'body' | 'mentions'> }) {
  return (
    <p className={styles['text']} dir="auto">
      {splitMentions(note.body, note.mentions).map((part, index) =>
        part.personId === null ? (
          <LinkedText key={index} text={part.text} />
        ) : (
          <mark key={index} className={styles['mention']} data-me={note.mentions.some(({ id, isMe }) => isMe && id === part.personId) || undefined}>
            {part.text}
          </mark>
        ),
      )}
    </p>
  );
}

/** A colleague's links can be followed, to pages and into Bandeja. Customers' texts have none of the latter: those come from outside. */
function LinkedText({ text }: { text: string }) {
  const { t } = useTexts();
  const follow = useFollowLink();
  const own = [...text.matchAll(DEEP_LINK_IN_TEXT)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    shown: (
      <button type="button" className={styles['link']} title={match[0]} onClick={() => follow(match[0])}>
        {t('link.open')}
      </button>
    ),
  }));
  const pages = findLinks(text).map(({ start, end, node }) => ({
    start,
    end,
    shown: (
      <a href={node.href} target="_blank" rel="noopener noreferrer">
        {node.text}
      </a>
    ),
  }));
  const links = [...own, ...pages].toSorted((a, b) => a.start - b.start);
  return (
    <>
      {links.map(({ start, end, shown }, index) => (
        <Fragment key={start}>
          {text.slice(links[index - 1]?.end ?? 0, start)}
          {shown}
          {index === links.length - 1 && text.slice(end)}
        </Fragment>
      ))}
      {links.length === 0 && text}
    </>
  );
}

function NoteEditor({ note, onClose }: { note: Note; onClose(): void }) {
  const { t } = useTexts();
  const { editNote } = useCommands();
  const { team } = useStores();
  const [text, setText] = useState(note.body);
  const field = useRef<HTMLTextAreaElement>(null);
  useFocusOnMount(field);
  // The row has grown, and a thread that follows its bottom has pushed it up.
  useEffect(() => {
    const timer = setTimeout(() => {
      field.current?.closest('article')?.scrollIntoView({ block: 'nearest' });
    }, SETTLED_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);

  async function save(): Promise<void> {
    if (text.trim() === '') return;
    if (text.trim() === note.body) return onClose();
    if (await editNote(note, text, mentionedIn(text, team.getState().directory?.members ?? []))) onClose();
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    // Keys in here are for the text, not for the thread around it.
    event.stopPropagation();
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void save();
    }
  }
  return (
    <div className={styles['editor']}>
      <textarea ref={field} rows={2} dir="auto" value={text} maxLength={NOTE_BODY_MAX} aria-label={t('internal.edit')} onChange={(event) => setText(event.target.value)} onKeyDown={onKeyDown} />
      <div>
        <Button onClick={() => void save()}>{t('internal.saveEdit')}</Button>
        <Button look="quiet" onClick={onClose}>
          {t('internal.cancel')}
        </Button>
      </div>
    </div>
  );
}
