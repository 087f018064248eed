import { AlarmClock, ArrowDownNarrowWide, Check, ChevronRight, ClipboardList, Hourglass, Inbox, MessageSquareWarning, PenLine, SlidersHorizontal, UserRound, Users, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, type ReactNode } from 'react';
import { REQUEST_FILTERS, type RequestLinkFilter } from '../../contract/requests/request-rules.ts';
import { CONTACT_ROLES, LIST_SORTS, NO_FILTER } from '../../contract/rules/inbox-filter.ts';
import type { Directory } from '../../contract/entities.ts';
import type { Translate } from '../i18n/i18n.ts';
import { LabelDot } from '../ui/label-chip.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import type { InboxFilter } from '../store/inbox-filter.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import menu from '../ui/menu.module.css';
import styles from './filter-menu.module.css';

const FOLDERS: readonly { folder: InboxFilter['folder']; Icon: typeof Inbox }[] = [
  { folder: null, Icon: Inbox },
  { folder: 'snoozed', Icon: AlarmClock },
  { folder: 'drafts', Icon: PenLine },
  { folder: 'trouble', Icon: MessageSquareWarning },
];
const NO_LABEL = '';
const ANY_REQUEST = '';

/** Whether the list is other than its head says. */
const isNarrow = ({ folder, labelId, request, requestId, waiting, role, whose, sort }: InboxFilter): boolean =>
  folder !== null || labelId !== null || request !== null || requestId !== null || waiting || role !== null || typeof whose === 'object' || sort !== 'newest';

/** The order, folders beside the statuses, and what the list is narrowed to besides what its head shows. */
export function FilterMenu() {
  const { t, format } = useTexts();
  const { inbox } = useStores();
  const filter = useFrom('inbox', (state) => state.filter);
  const counts = useFrom('session', (state) => state.counts);
  const directory = useFrom('team', (state) => state.directory);
  const openRequest = useFrom('conversation', ({ thread }) => thread?.conversation.request ?? null);
  const { folder: current, labelId, request, requestId, status, sort, waiting, role } = filter;
  const labels = directory?.labels ?? null;
  const set = inbox.getState().setFilter;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" className={styles['trigger']} aria-label={t('filter.more')} title={t('filter.more')} data-on={isNarrow(filter) || undefined}>
          <SlidersHorizontal size={15} />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={`${menu['menu']} ${menu['long']}`} align="end" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.Label className={menu['heading']}>{t('filter.sort.title')}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={sort}>
            {LIST_SORTS.map((one) => (
              <Choice key={one} value={one} icon={null} onSelect={() => set({ sort: one })}>
                {t(`filter.sort.${one}`)}
              </Choice>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className={menu['separator']} />
          <DropdownMenu.Label className={menu['heading']}>{t('filter.folders')}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={status === 'active' ? (current ?? 'inbox') : ''}>
            {FOLDERS.map(({ folder, Icon }) => (
              <Choice key={folder} value={folder ?? 'inbox'} icon={<Icon size={15} />} onSelect={() => set({ folder, ...(folder === null && { status: 'active' }) })}>
                {t(`filter.folder.${folder ?? 'inbox'}`)}
                {folder !== null && (counts?.[folder] ?? 0) > 0 && <span className={styles['count']}>{format.number(counts?.[folder] ?? 0)}</span>}
              </Choice>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className={menu['separator']} />
          <DropdownMenu.Label className={menu['heading']}>{t('filter.narrow')}</DropdownMenu.Label>
          <Tick isOn={waiting} icon={<Hourglass size={15} />} onSelect={() => set({ waiting: !waiting })}>
            {t('filter.waiting')}
          </Tick>
          {CONTACT_ROLES.map((one) => (
            <Tick key={one} isOn={role === one} icon={<UserRound size={15} />} onSelect={() => set({ role: role === one ? null : one })}>
              {t(`filter.role.${one}`)}
            </Tick>
          ))}
          {directory && <AssignedMenu directory={directory} whose={filter.whose} set={set} />}
          <DropdownMenu.Separator className={menu['separator']} />
          <DropdownMenu.Label className={menu['heading']}>{t('filter.labels')}</DropdownMenu.Label>
          {labels?.length ? (
            <DropdownMenu.RadioGroup value={labelId ?? NO_LABEL}>
              <Choice value={NO_LABEL} icon={null} onSelect={() => set({ labelId: null })}>
                {t('filter.anyLabel')}
              </Choice>
              {labels.map(({ id, name, color }) => (
                <Choice key={id} value={id} icon={<LabelDot color={color} />} onSelect={() => set({ labelId: id })}>
                  {name}
                </Choice>
              ))}
            </DropdownMenu.RadioGroup>
          ) : (
            <p className={menu['none']}>{t('filter.noLabels')}</p>
          )}
          <DropdownMenu.Separator className={menu['separator']} />
          <DropdownMenu.Label className={menu['heading']}>{t('requestLinks.filter.title')}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={requestId ?? request ?? ANY_REQUEST}>
            <Choice value={ANY_REQUEST} icon={null} onSelect={() => set({ request: null, requestId: null })}>
              {t('requestLinks.filter.any')}
            </Choice>
            {openRequest && openRequest.reference !== '' && (
              <Choice value={openRequest.id} icon={null} onSelect={() => set({ requestId: openRequest.id, request: null })}>
                {t('filter.ofRequest', { reference: openRequest.reference })}
              </Choice>
            )}
            {REQUEST_FILTERS.map((filter) => (
              <Choice key={filter} value={filter} icon={null} onSelect={() => set({ request: filter, requestId: null })}>
                {filter === 'linked' || filter === 'unlinked' ? t(`requestLinks.filter.${filter}`) : t(`requests.status.${filter}`)}
              </Choice>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Somebody's, or a team's: beside the tabs, which are the common ones. */
function AssignedMenu({ directory: { members, teams }, whose, set }: { directory: Directory; whose: InboxFilter['whose']; set(patch: Partial<InboxFilter>): void }) {
  const { t } = useTexts();
  const chosen = typeof whose === 'object' ? ('agentId' in whose ? whose.agentId : whose.teamId) : '';
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className={menu['item']}>
        <span className={menu['icon']}>
          <Users size={15} />
        </span>
        <span className={styles['name']}>{t('filter.assigned')}</span>
        <span className={menu['icon']}>
          <ChevronRight size={14} />
        </span>
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent className={`${menu['menu']} ${menu['long']}`} sideOffset={4} collisionPadding={8}>
          <DropdownMenu.RadioGroup value={chosen}>
            <DropdownMenu.Label className={menu['heading']}>{t('bulk.people')}</DropdownMenu.Label>
            {members.map(({ id, name }) => (
              <Choice key={id} value={id} icon={<UserRound size={15} />} onSelect={() => set({ whose: { agentId: id } })}>
                {name}
              </Choice>
            ))}
            {teams.length > 0 && <DropdownMenu.Label className={menu['heading']}>{t('bulk.teams')}</DropdownMenu.Label>}
            {teams.map(({ id, name }) => (
              <Choice key={id} value={id} icon={<Users size={15} />} onSelect={() => set({ whose: { teamId: id } })}>
                {name}
              </Choice>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}

const Tick = ({ isOn, icon, onSelect, children }: { isOn: boolean; icon: ReactNode; onSelect(): void; children: ReactNode }) => (
  <DropdownMenu.CheckboxItem className={menu['item']} checked={isOn} onSelect={onSelect}>
    <span className={menu['icon']}>{icon}</span>
    <span className={styles['name']}>{children}</span>
    <DropdownMenu.ItemIndicator className={menu['icon']}>
      <Check size={14} />
    </DropdownMenu.ItemIndicator>
  </DropdownMenu.CheckboxItem>
);

const Choice = ({ value, icon, onSelect, children }: { value: string; icon: ReactNode; onSelect(): void; children: ReactNode }) => (
  <DropdownMenu.RadioItem className={menu['item']} value={value} onSelect={onSelect}>
    <span className={menu['icon']}>{icon}</span>
    <span className={styles['name']}>{children}</span>
    <DropdownMenu.ItemIndicator className={menu['icon']}>
      <Check size={14} />
    </DropdownMenu.ItemIndicator>
  </DropdownMenu.RadioItem>
);

const requestFilterName = (filter: RequestLinkFilter, t: Translate): string =>
  filter === 'linked' || filter === 'unlinked' ? t(`requestLinks.filter.${filter}`) : t('requestLinks.filter.status', { status: t(`requests.status.${filter}`) });

/** Whose rows it shows, where that is one person or team. */
export function nameOfWhose(whose: InboxFilter['whose'], directory: Directory | null): string | null {
  if (typeof whose !== 'object') return null;
  const [known, id] = 'agentId' in whose ? [[...(directory?.members ?? []), ...(directory?.formerMembers ?? [])], whose.agentId] : [directory?.teams ?? [], whose.teamId];
  return known.find((one) => one.id === id)?.name ?? '…';
}

/** What the list is narrowed to besides what its head shows, and the way out of it. */
export function FilterChips() {
  const { t } = useTexts();
  const { inbox, requestNames } = useStores();
  const { labelId, request, requestId, waiting, role, whose, sort } = useFrom('inbox', (state) => state.filter);
  const directory = useFrom('team', (state) => state.directory);
  const requestName = useFrom('requestNames', ({ names }) => (requestId === null ? '' : (names[requestId] ?? '')));
  useEffect(() => {
    if (requestId !== null) requestNames.getState().want(requestId);
  }, [requestId, requestNames]);
  const set = (patch: Partial<InboxFilter>) => (): void => inbox.getState().setFilter(patch);
  const label = directory?.labels.find(({ id }) => id === labelId);
  const name = label?.name ?? '…';
  const whoseName = nameOfWhose(whose, directory);
  const chips: { key: string; icon: ReactNode; name: string; clear: string; run(): void }[] = [
    ...(sort === 'newest' ? [] : [{ key: 'sort', icon: <ArrowDownNarrowWide size={13} />, name: t(`filter.sort.${sort}`), clear: t('filter.sort.clear'), run: set({ sort: NO_FILTER.sort }) }]),
    ...(waiting ? [{ key: 'waiting', icon: <Hourglass size={13} />, name: t('filter.waiting'), clear: t('filter.clear', { name: t('filter.waiting') }), run: set({ waiting: false }) }] : []),
    ...(role === null ? [] : [{ key: 'role', icon: <UserRound size={13} />, name: t(`filter.role.${role}`), clear: t('filter.clear', { name: t(`filter.role.${role}`) }), run: set({ role: null }) }]),
    ...(whoseName === null ? [] : [{ key: 'whose', icon: <Users size={13} />, name: whoseName, clear: t('filter.clear', { name: whoseName }), run: set({ whose: 'anybody' }) }]),
    ...(labelId === null ? [] : [{ key: 'label', icon: label && <LabelDot color={label.color} />, name, clear: t('filter.clearLabel', { label: name }), run: set({ labelId: null }) }]),
    ...(request === null
      ? []
      : [
          {
            key: 'request',
            icon: <ClipboardList size={13} />,
            name: requestFilterName(request, t),
            clear: t('requestLinks.filter.clear', { name: requestFilterName(request, t) }),
            run: set({ request: null }),
          },
        ]),
    ...(requestId === null
      ? []
      : [
          {
            key: 'requestId',
            icon: <ClipboardList size={13} />,
            name: t('filter.ofRequest', { reference: requestName }),
            clear: t('filter.clear', { name: t('filter.ofRequest', { reference: requestName }) }),
            run: set({ requestId: null }),
          },
        ]),
  ];
  if (chips.length === 0) return null;
  return (
    <div className={styles['chips']}>
      {chips.map((chip) => (
        <button key={chip.key} type="button" className={styles['chip']} aria-label={chip.clear} title={chip.clear} onClick={chip.run}>
          <span className={styles['sign']} aria-hidden="true">
            {chip.icon}
          </span>
          <span className={styles['name']}>{chip.name}</span>
          <X size={13} aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}
