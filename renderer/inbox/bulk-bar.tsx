/**
 * What can be done to all picked rows; stands where the title of the list stands, so that no row moves. Invariant: what
 * somebody's role would have refused for one of them is not offered.
 */
import { AlarmClock, Archive, CheckCheck, Lock, Tag, UserRound, UserRoundPlus, Users, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import type { ConversationSummary, Directory } from '../../contract/entities.ts';
import { mayAssign, mayChooseTeam, type Actor } from '../../contract/rules/rights.ts';
import { LabelDot } from '../ui/label-chip.tsx';
import { snoozeTimes } from '../conversation/snooze-times.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useLoads } from '../team/use-loads.ts';
import type { BulkAction } from '../store/bulk-commands.ts';
import { pickedRows } from '../store/selection-store.ts';
import { isTriageOn } from '../store/session-store.ts';
import type { HeaderMenu } from '../store/view-store.ts';
import { useCommands, useFrom, useStores } from '../ui/app-context.tsx';
import { IconButton, MenuButton } from '../ui/button.tsx';
import menuStyles from '../ui/menu.module.css';
import { useReturnFocus } from '../ui/use-return-focus.ts';
import type { CommandId } from '../commands/catalogue.ts';
import styles from './bulk-bar.module.css';

export function BulkBar() {
  const { t } = useTexts();
  const { selection } = useStores();
  const { bulk } = useCommands();
  const picked = useFrom('selection', (state) => state);
  const inbox = useFrom('inbox', (state) => state);
  const me = useFrom('session', ({ session }) => session?.me ?? null);
  const directory = useFrom('team', (state) => state.directory);
  const isTriage = useFrom('session', isTriageOn);
  const rows = pickedRows(picked, inbox);
  const run = (action: BulkAction): void => void bulk(action);
  useReturnFocus();
  return (
    <div className={styles['bar']} role="toolbar" aria-label={t('bulk.label')}>
      <IconButton label={t('bulk.clear')} keys="Esc" onClick={() => selection.getState().clear()}>
        <X size={16} />
      </IconButton>
      <span className={styles['count']} role="status">
        {t('bulk.count', { count: picked.ids.size })}
      </span>
      {isTriage && directory && me && (
        <>
          <BulkMenu name="assign" label={t('bulk.assign')} command="assign" icon={<UserRoundPlus size={17} />}>
            <AssignEntries rows={rows} me={me} directory={directory} run={run} />
          </BulkMenu>
          <BulkMenu name="labels" label={t('bulk.labels')} command="labels" icon={<Tag size={16} />}>
            <LabelEntries rows={rows} directory={directory} run={run} />
          </BulkMenu>
          <BulkMenu name="snooze" label={t('bulk.snooze')} command="snooze" icon={<AlarmClock size={17} />}>
            <SnoozeEntries rows={rows} run={run} />
          </BulkMenu>
        </>
      )}
      {rows.some(({ status }) => status === 'active') && (
        <IconButton label={t('action.archive')} command="archive" onClick={() => run({ kind: 'status', to: 'archived' })}>
          <Archive size={16} />
        </IconButton>
      )}
      {rows.some(({ status }) => status !== 'closed') && (
        <IconButton label={t('bulk.close')} command="close" onClick={() => run({ kind: 'status', to: 'closed' })}>
          <Lock size={16} />
        </IconButton>
      )}
      <IconButton label={t('bulk.read')} onClick={() => run({ kind: 'read' })}>
        <CheckCheck size={17} />
      </IconButton>
    </div>
  );
}

function BulkMenu({ name, label, command, icon, children }: { name: HeaderMenu; label: string; command: CommandId; icon: ReactNode; children: ReactNode }) {
  const { selection } = useStores();
  const isOpen = useFrom('selection', ({ menu }) => menu === name);
  return (
    <DropdownMenu.Root modal={false} open={isOpen} onOpenChange={(open) => selection.getState().setMenu(open ? name : null)}>
      <DropdownMenu.Trigger asChild>
        <MenuButton label={label} command={command}>
          {icon}
        </MenuButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={`${menuStyles['menu']} ${menuStyles['long']}`} align="start" sideOffset={4} collisionPadding={8} aria-label={label}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const Entry = ({ icon, note, onSelect, children }: { icon?: ReactNode; note?: string; onSelect(): void; children: ReactNode }) => (
  <DropdownMenu.Item className={menuStyles['item']} onSelect={onSelect}>
    <span className={menuStyles['icon']}>{icon}</span>
    <span className={styles['name']}>{children}</span>
    {note !== undefined && <span className={menuStyles['keys']}>{note}</span>}
  </DropdownMenu.Item>
);

type EntriesProps = { rows: readonly ConversationSummary[]; directory: Directory; run(action: BulkAction): void };

function AssignEntries({ rows, me, directory, run }: EntriesProps & { me: NonNullable<Actor> }) {
  const { t, format } = useTexts();
  useLoads();
  const may = (to: string | null): boolean => rows.every(({ assignee }) => mayAssign(me, assignee?.id ?? null, to));
  const members = directory.members.filter(({ id }) => may(id)).toSorted((a, b) => Number(b.isMe) - Number(a.isMe));
  const mayTeam = directory.teams.length > 0 && rows.every(({ assignee }) => mayChooseTeam(me, assignee?.id ?? null));
  return (
    <>
      <DropdownMenu.Label className={menuStyles['heading']}>{t('bulk.people')}</DropdownMenu.Label>
      {members.map(({ id, name, isMe, open }) => (
        <Entry key={id} icon={<UserRound size={15} />} note={format.number(open)} onSelect={() => run({ kind: 'assign', to: id })}>
          {isMe ? t('bulk.meName', { name }) : name}
        </Entry>
      ))}
      {may(null) && <Entry onSelect={() => run({ kind: 'assign', to: null })}>{t('bulk.nobody')}</Entry>}
      {mayTeam && (
        <>
          <DropdownMenu.Separator className={menuStyles['separator']} />
          <DropdownMenu.Label className={menuStyles['heading']}>{t('bulk.teams')}</DropdownMenu.Label>
          {directory.teams.map(({ id, name }) => (
            <Entry key={id} icon={<Users size={15} />} onSelect={() => run({ kind: 'team', to: id })}>
              {name}
            </Entry>
          ))}
          <Entry onSelect={() => run({ kind: 'team', to: null })}>{t('bulk.noTeam')}</Entry>
        </>
      )}
    </>
  );
}

/** A label that all of them have is taken off; any other is put on. */
function LabelEntries({ rows, directory, run }: EntriesProps) {
  const { t } = useTexts();
  if (directory.labels.length === 0) return <p className={menuStyles['none']}>{t('filter.noLabels')}</p>;
  return directory.labels.map(({ id, name, color }) => {
    const having = rows.filter(({ labels }) => labels.some((label) => label.id === id)).length;
    const state = having === 0 ? false : having === rows.length ? true : 'indeterminate';
    return (
      <DropdownMenu.CheckboxItem key={id} className={menuStyles['item']} checked={state} onSelect={() => run({ kind: 'label', labelId: id, isOn: state !== true })}>
        <span className={menuStyles['icon']}>
          <LabelDot color={color} />
        </span>
        <span className={styles['name']}>{name}</span>
        <span className={menuStyles['icon']}>{state === true ? '✓' : state === false ? '' : '–'}</span>
      </DropdownMenu.CheckboxItem>
    );
  });
}

function SnoozeEntries({ rows, run }: Omit<EntriesProps, 'directory'>) {
  const { t, format } = useTexts();
  const { clock } = useStores();
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  const now = clock.getState().now;
  return (
    <>
      {snoozeTimes(now).map(({ key, at }) => (
        <Entry key={key} note={format.dayNumber(at) === format.dayNumber(now) ? format.clock(at) : format.short(at)} onSelect={() => run({ kind: 'snooze', until: at + offset })}>
          {t(`triage.${key}`)}
        </Entry>
      ))}
      {rows.some(({ snoozedUntil }) => snoozedUntil !== null) && <Entry onSelect={() => run({ kind: 'snooze', until: null })}>{t('bulk.bringBack')}</Entry>}
    </>
  );
}
