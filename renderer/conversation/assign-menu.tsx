/** Whose the conversation is, as a button, and everybody it could go to: with their load, presence and team. */
import { ChevronDown, CircleSlash, FileText, UserRoundPlus, Users } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Conversation, Directory, Member } from '../../contract/entities.ts';
import { NOTE_BODY_MAX } from '../../contract/limits.ts';
import type { AssigneeSuggestion } from '../../contract/work-entities.ts';
import { mayAssign, mayChooseTeam } from '../../contract/rules/rights.ts';
import { useSummary } from '../ai/use-summary.ts';
import { useLoads } from '../team/use-loads.ts';
import type { Translate } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { presenceOf } from '../store/team-store.ts';
import { useClient, useCommands, useFrom } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { modKey } from '../ui/keys.ts';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import { PickerMenu, type PickerOption } from './picker.tsx';
import { useKeyNames } from '../commands/use-commands.ts';
import styles from './assign-menu.module.css';

type Props = { conversation: Conversation; isOpen: boolean; onOpenChange(isOpen: boolean): void };

/** More would not be a choice that is made at a glance. */
const SUGGESTED = 3;
const NO_SUGGESTIONS: readonly AssigneeSuggestion[] = [];
const NOBODY = 'nobody';
const NO_TEAM = 'no-team';
const TEAM = 'team:';

export function AssignMenu({ conversation, isOpen, onOpenChange }: Props) {
  const { t } = useTexts();
  const { ariaOf } = useKeyNames();
  const { assign, setTeam } = useCommands();
  const directory = useFrom('team', (state) => state.directory);
  useLoads(isOpen);
  const suggestions = useSuggestions(conversation);
  const [note, setNote] = useState('');
  const [hasNote, setHasNote] = useState(false);
  const { assignee } = conversation;
  const name = assignee ? (assignee.isMe ? t('triage.me') : assignee.name) : null;

  function close(): void {
    onOpenChange(false);
    setNote('');
    setHasNote(false);
  }
  function pick(id: string): void {
    const words = note.trim();
    close();
    if (id.startsWith(TEAM) || id === NO_TEAM) void setTeam(conversation, directory?.teams.find((team) => TEAM + team.id === id) ?? null, words);
    else void assign(conversation, directory?.members.find((member) => member.id === id) ?? null, words);
  }

  return (
    <PickerMenu
      isOpen={isOpen}
      onOpenChange={(open) => (open ? onOpenChange(true) : close())}
      trigger={
        <button
          type="button"
          className={styles['button']}
          data-empty={assignee === null || undefined}
          data-tour="assign"
          aria-keyshortcuts={ariaOf('assign')}
          aria-label={t('triage.assigneeIs', { who: name ?? t('triage.nobody') })}
        >
          {assignee ? <Avatar id={assignee.id} name={assignee.name} size={24} /> : <UserRoundPlus size={15} aria-hidden="true" />}
          <span className={styles['name']}>{name ?? t('triage.assign')}</span>
          <ChevronDown size={13} aria-hidden="true" />
        </button>
      }
      options={isOpen && directory ? optionsOf(directory, conversation, suggestions, t) : []}
      label={t('triage.assign')}
      placeholder={t('triage.search')}
      emptyText={t('triage.noMatch')}
      onPick={pick}
      renderFooter={(active, finish) => (
        <div className={styles['note']}>
          {hasNote ? (
            <TransferNote conversationId={conversation.id} value={note} onChange={setNote} to={active?.reason ? undefined : active} onDone={finish} />
          ) : (
            <button type="button" onClick={() => setHasNote(true)}>
              {t('triage.addNote')}
            </button>
          )}
        </div>
      )}
    />
  );
}

function TransferNote({ conversationId, value, onChange, to, onDone }: { conversationId: string; value: string; onChange(value: string): void; to: PickerOption | undefined; onDone(): void }) {
  const { t } = useTexts();
  const field = useRef<HTMLTextAreaElement>(null);
  useFocusOnMount(field);
  return (
    <>
      <textarea
        ref={field}
        rows={2}
        value={value}
        maxLength={NOTE_BODY_MAX}
        aria-label={t('triage.note')}
        placeholder={t('triage.notePlaceholder')}
        onChange={(event) => onChange(event.target.value)}
      />
      <SummaryButton conversationId={conversationId} note={value} onChange={onChange} />
      <div className={styles['finish']}>
        <span className={styles['to']}>{to && t('triage.noteFor', { to: to.label })}</span>
        <Button look="primary" disabled={to === undefined} aria-keyshortcuts="Control+Enter" onClick={onDone}>
          {t('triage.assignWithNote')} <kbd className={styles['key']}>{modKey()}+↵</kbd>
        </Button>
      </div>
      <p className={styles['hint']}>{t('triage.noteHint')}</p>
    </>
  );
}

/** What the conversation is about, into the note of whoever takes over; their own words stay. */
function SummaryButton({ conversationId, note, onChange }: { conversationId: string; note: string; onChange(note: string): void }) {
  const { t } = useTexts();
  const { isBusy, failure, make } = useSummary(conversationId);
  /** Null: the note was given up meanwhile, and the next one is not to begin with this. */
  const latest = useRef<string | null>(note);
  useEffect(() => {
    latest.current = note;
    return () => {
      latest.current = null;
    };
  }, [note]);
  const add = async (): Promise<void> => {
    const summary = await make();
    if (summary && latest.current !== null)
      onChange(
        [latest.current.trimEnd(), summary.text]
          .filter((part) => part !== '')
          .join('\n')
          .slice(0, NOTE_BODY_MAX),
      );
  };
  return (
    <div className={styles['summary']}>
      <Button look="quiet" icon={<FileText size={14} />} aria-disabled={isBusy} onClick={() => void add()}>
        {t(isBusy ? 'ai.summary.making' : 'ai.summary.intoNote')}
      </Button>
      {failure && <span role="alert">{t(`ai.failure.${failure.class}.what`)}</span>}
    </div>
  );
}

function optionsOf({ members, teams }: Directory, { assignee, team }: Conversation, suggestions: readonly AssigneeSuggestion[], t: Translate): PickerOption[] {
  const me = members.find((member) => member.isMe) ?? null;
  const from = assignee?.id ?? null;
  const reasonFor = (to: string | null): string | null => (mayAssign(me, from, to) ? null : t('triage.onlyOwn'));
  const teamReason = mayChooseTeam(me, from) ? null : t('triage.onlyOwnTeam');
  const person = (member: Member): PickerOption => ({
    id: member.id,
    group: t('triage.people'),
    label: member.isMe ? `${t('triage.me')} · ${member.name}` : member.name,
    lead: <PersonLead member={member} />,
    detail: [...teams.filter((candidate) => member.teamIds.includes(candidate.id)).map((candidate) => candidate.name), t('triage.load', { count: member.open })].join(' · '),
    isChecked: member.id === from,
    reason: reasonFor(member.id),
  });
  const suggested = suggestions.flatMap((suggestion) => {
    const member = members.find(({ id }) => id === suggestion.agent.id);
    return member && member.id !== from ? [{ ...person(member), group: t('contacts.assign.group'), detail: reasonsOf(suggestion, member, t) }] : [];
  });
  const isListed = ({ id }: Member): boolean => !suggested.some((option) => option.id === id);
  return [
    ...suggested,
    ...(me && isListed(me) ? [person(me)] : []),
    {
      id: NOBODY,
      group: t('triage.people'),
      label: t('triage.none'),
      isNone: true,
      lead: <CircleSlash className={styles['icon']} size={16} aria-hidden="true" />,
      isChecked: from === null,
      reason: from === null ? null : reasonFor(null),
    },
    ...members
      .filter((member) => !member.isMe && isListed(member))
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map(person),
    ...teams.map((candidate) => ({
      id: TEAM + candidate.id,
      group: t('triage.teams'),
      label: candidate.name,
      lead: <Users className={styles['icon']} size={16} aria-hidden="true" />,
      isChecked: candidate.id === team?.id,
      reason: teamReason,
    })),
    ...(team
      ? [
          {
            id: NO_TEAM,
            group: t('triage.teams'),
            label: t('triage.noTeam'),
            isNone: true,
            lead: <CircleSlash className={styles['icon']} size={16} aria-hidden="true" />,
            isChecked: false,
            reason: teamReason,
          },
        ]
      : []),
  ];
}

/** In words, what speaks for somebody first. What they have open is known anew while the menu is open. */
function reasonsOf({ reasons, isPresent }: AssigneeSuggestion, { open }: Member, t: Translate): string {
  const words = reasons.map((reason) => {
    switch (reason.kind) {
      case 'answered_contact':
        return t('contacts.assign.answered', { count: reason.count });
      case 'handled_service':
        return t('contacts.assign.handles', { service: reason.serviceType });
      case 'load':
        return t('contacts.assign.load', { count: open });
    }
  });
  return [...words, ...(isPresent === false ? [t('contacts.assign.absent')] : [])].join(' · ');
}

/** Who knows the person or the kind of service, best first. Asked before the menu opens, so that nothing moves in it: Enter takes the first. */
function useSuggestions({ id, lastMessage }: Conversation): readonly AssigneeSuggestion[] {
  const client = useClient();
  const [read, setRead] = useState<{ id: string; items: readonly AssigneeSuggestion[] } | null>(null);
  const lastId = lastMessage?.id;
  useEffect(() => {
    let isOver = false;
    void client.assignment
      .suggest({ conversationId: id })
      .then((all) => {
        if (!isOver) setRead({ id, items: all.filter(({ reasons }) => reasons.some(({ kind }) => kind !== 'load')).slice(0, SUGGESTED) });
      })
      // Without them the menu is what it always was.
      .catch(() => undefined);
    return () => {
      isOver = true;
    };
  }, [client, id, lastId]);
  return read?.id === id ? read.items : NO_SUGGESTIONS;
}

function PersonLead({ member }: { member: Member }) {
  const { t } = useTexts();
  const state = useFrom('team', (team) => presenceOf(team, member));
  const presence = t(`members.presence.${state}`);
  return (
    <span className={styles['person']}>
      <Avatar id={member.id} name={member.name} size={24} />
      <span className={styles['dot']} data-presence={state} role="img" aria-label={presence} title={presence} />
    </span>
  );
}
