import { AlarmClock, Check, ClipboardList, Inbox, PenLine, SlidersHorizontal, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { REQUEST_FILTERS, type RequestLinkFilter } from '../../contract/requests/request-rules.ts';
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
];
const NO_LABEL = '';
const ANY_REQUEST = '';

/** Folders beside the statuses, one label, and how it stands with a service request. */
export function FilterMenu() {
  const { t, format } = useTexts();
  const { inbox } = useStores();
  const { folder: current, labelId, request, status } = useFrom('inbox', (state) => state.filter);
  const counts = useFrom('session', (state) => state.counts);
  const labels = useFrom('team', ({ directory }) => directory?.labels ?? null);
  const countOf = { snoozed: counts?.snoozed, drafts: counts?.drafts };
  const set = inbox.getState().setFilter;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" className={styles['trigger']} aria-label={t('filter.more')} title={t('filter.more')} data-on={current !== null || labelId !== null || request !== null || undefined}>
          <SlidersHorizontal size={15} />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={`${menu['menu']} ${menu['long']}`} align="end" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.Label className={menu['heading']}>{t('filter.folders')}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={status === 'active' ? (current ?? 'inbox') : ''}>
            {FOLDERS.map(({ folder, Icon }) => (
              <Choice key={folder} value={folder ?? 'inbox'} icon={<Icon size={15} />} onSelect={() => set({ folder, ...(folder === null && { status: 'active' }) })}>
                {t(`filter.folder.${folder ?? 'inbox'}`)}
                {folder !== null && (countOf[folder] ?? 0) > 0 && <span className={styles['count']}>{format.number(countOf[folder] ?? 0)}</span>}
              </Choice>
            ))}
          </DropdownMenu.RadioGroup>
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
          <DropdownMenu.RadioGroup value={request ?? ANY_REQUEST}>
            <Choice value={ANY_REQUEST} icon={null} onSelect={() => set({ request: null })}>
              {t('requestLinks.filter.any')}
            </Choice>
            {REQUEST_FILTERS.map((filter) => (
              <Choice key={filter} value={filter} icon={null} onSelect={() => set({ request: filter })}>
                {filter === 'linked' || filter === 'unlinked' ? t(`requestLinks.filter.${filter}`) : t(`requests.status.${filter}`)}
              </Choice>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

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

/** What the list is narrowed to besides what its head shows, and the way out of it. */
export function FilterChips() {
  const { t } = useTexts();
  const { inbox } = useStores();
  const { labelId, request } = useFrom('inbox', (state) => state.filter);
  const directory = useFrom('team', (state) => state.directory);
  if (labelId === null && request === null) return null;
  const label = directory?.labels.find(({ id }) => id === labelId);
  const name = label?.name ?? '…';
  const requestName = request && requestFilterName(request, t);
  return (
    <div className={styles['chips']}>
      {labelId !== null && (
        <button type="button" className={styles['chip']} aria-label={t('filter.clearLabel', { label: name })} onClick={() => inbox.getState().setFilter({ labelId: null })}>
          {label && <LabelDot color={label.color} />}
          <span className={styles['name']}>{name}</span>
          <X size={13} />
        </button>
      )}
      {requestName !== null && (
        <button type="button" className={styles['chip']} aria-label={t('requestLinks.filter.clear', { name: requestName })} onClick={() => inbox.getState().setFilter({ request: null })}>
          <ClipboardList size={13} aria-hidden="true" />
          <span className={styles['name']}>{requestName}</span>
          <X size={13} />
        </button>
      )}
    </div>
  );
}
