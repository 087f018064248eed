/** What the table is narrowed to: statuses with their counts, service, vendor, dates, what waits, what has no conversation. */
import { BellRing, CalendarDays, ChevronDown, Unlink, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useEffect, useState } from 'react';
import { REQUEST_STATUSES } from '../../contract/requests/request-rules.ts';
import type { RequestFilter } from '../../contract/work-entities.ts';
import { PickerMenu } from '../conversation/picker.tsx';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { isNarrow, toggleStatus } from '../store/request-filter.ts';
import { noFilterKeepingSort } from '../store/requests-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ContactPicker } from './contact-picker.tsx';
import { useServiceTypes } from './use-service-types.ts';
import shared from '../ui/chip.module.css';
import { cx } from '../ui/cx.ts';
import styles from './requests-filters.module.css';

export function RequestsFilters() {
  const { t, format } = useTexts();
  const { requests } = useStores();
  const filter = useFrom('requests', (state) => state.filter);
  const counts = useFrom('requests', (state) => state.counts);
  const set = requests.getState().setFilter;
  return (
    <div className={styles['bar']}>
      <div className={styles['statuses']} role="group" aria-label={t('requests.filter.statuses')}>
        {REQUEST_STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            className={cx(shared['chip'], styles['chip'])}
            aria-pressed={filter.statuses.includes(status)}
            onClick={() => set({ statuses: toggleStatus(filter, status) })}
          >
            {t(`requests.statusMany.${status}`)}
            <span className={styles['count']}>{format.number(counts?.byStatus[status] ?? 0)}</span>
          </button>
        ))}
      </div>
      <div className={styles['rest']}>
        <ServiceFilter filter={filter} />
        <VendorFilter filter={filter} />
        <DatesFilter filter={filter} />
        <button type="button" className={cx(shared['chip'], styles['chip'])} aria-pressed={filter.hasOpenEvents} onClick={() => set({ hasOpenEvents: !filter.hasOpenEvents })}>
          <BellRing size={13} aria-hidden="true" />
          {t('requests.filter.openEvents')}
          {counts && counts.openEvents > 0 && <span className={styles['count']}>{format.number(counts.openEvents)}</span>}
        </button>
        <button type="button" className={cx(shared['chip'], styles['chip'])} aria-pressed={filter.isUnlinked} onClick={() => set({ isUnlinked: !filter.isUnlinked })}>
          <Unlink size={13} aria-hidden="true" />
          {t('requests.filter.unlinked')}
        </button>
        {filter.customerId !== null && (
          <button type="button" className={cx(shared['chip'], styles['chip'])} aria-pressed="true" onClick={() => set({ customerId: null })}>
            {t('requests.filter.customer')}
            <X size={13} aria-hidden="true" />
          </button>
        )}
        {isNarrow(filter) && (
          <Button look="quiet" icon={<X size={14} />} onClick={() => set(noFilterKeepingSort(filter))}>
            {t('requests.filter.clear')}
          </Button>
        )}
      </div>
    </div>
  );
}

const ANY = '';

function ServiceFilter({ filter }: { filter: RequestFilter }) {
  const { t } = useTexts();
  const { requests } = useStores();
  const [isOpen, setOpen] = useState(false);
  const known = useServiceTypes();
  const services = filter.serviceType !== null && !known.includes(filter.serviceType) ? [...known, filter.serviceType] : known;
  return (
    <PickerMenu
      trigger={
        <button
          type="button"
          className={cx(shared['chip'], styles['chip'])}
          aria-pressed={filter.serviceType !== null}
          aria-label={[t('requests.filter.service'), filter.serviceType].filter(Boolean).join(': ')}
        >
          <span className={styles['name']}>{filter.serviceType ?? t('requests.filter.service')}</span>
          <ChevronDown size={13} aria-hidden="true" />
        </button>
      }
      isOpen={isOpen}
      onOpenChange={setOpen}
      align="start"
      label={t('requests.filter.service')}
      placeholder={t('requests.filter.search')}
      emptyText={t('requests.filter.noneFound')}
      options={[
        { id: ANY, label: t('requests.filter.anyService'), isNone: true, isChecked: filter.serviceType === null },
        ...services.map((name) => ({ id: name, label: name, isChecked: name === filter.serviceType })),
      ]}
      onPick={(id) => {
        setOpen(false);
        requests.getState().setFilter({ serviceType: id === ANY ? null : id });
      }}
    />
  );
}

function VendorFilter({ filter: { vendorId } }: { filter: RequestFilter }) {
  const { t } = useTexts();
  const { requests } = useStores();
  const client = useClient();
  const [known, setKnown] = useState<{ id: string; name: string } | null>(null);
  const fromRows = useFrom('requests', ({ rows }) => rows?.find(({ vendor }) => vendor?.id === vendorId)?.vendor?.name ?? null);
  const name = known?.id === vendorId ? known.name : fromRows;
  // From a saved view, before there is a row that names them.
  useEffect(() => {
    if (vendorId === null || name !== null) return;
    let isOver = false;
    void client.contacts
      .get({ contactId: vendorId })
      .then((contact) => !isOver && setKnown({ id: vendorId, name: contact.name }))
      // Then it is called "vendor".
      .catch(() => undefined);
    return () => {
      isOver = true;
    };
  }, [client, vendorId, name]);
  return (
    <ContactPicker
      trigger={
        <button
          type="button"
          className={cx(shared['chip'], styles['chip'])}
          aria-pressed={vendorId !== null}
          aria-label={[t('requests.filter.vendor'), vendorId === null ? null : name].filter(Boolean).join(': ')}
        >
          <bdi className={styles['name']}>{(vendorId !== null && name) || t('requests.filter.vendor')}</bdi>
          <ChevronDown size={13} aria-hidden="true" />
        </button>
      }
      among="vendor"
      label={t('requests.filter.vendor')}
      chosenId={vendorId}
      none={t('requests.filter.anyVendor')}
      onPick={(vendor) => {
        if (vendor) setKnown({ id: vendor.id, name: vendor.name });
        requests.getState().setFilter({ vendorId: vendor?.id ?? null });
      }}
    />
  );
}

function datesText({ requestedFrom, requestedTo }: RequestFilter, t: Translate, format: Formats): string {
  const from = requestedFrom && format.calendarDay(requestedFrom);
  const to = requestedTo && format.calendarDay(requestedTo);
  if (from && to) return t('requests.filter.datesBoth', { from, to });
  if (from) return t('requests.filter.datesFrom', { from });
  return to ? t('requests.filter.datesTo', { to }) : t('requests.filter.dates');
}

function DatesFilter({ filter }: { filter: RequestFilter }) {
  const { t, format } = useTexts();
  const { requests } = useStores();
  const { requestedFrom, requestedTo } = filter;
  const set = requests.getState().setFilter;
  const isOn = requestedFrom !== null || requestedTo !== null;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className={cx(shared['chip'], styles['chip'])} aria-pressed={isOn} aria-label={isOn ? `${t('requests.filter.datesTitle')}: ${datesText(filter, t, format)}` : undefined}>
          <CalendarDays size={13} aria-hidden="true" />
          <span className={styles['name']}>{datesText(filter, t, format)}</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles['popover']} align="start" sideOffset={6} collisionPadding={8} aria-label={t('requests.filter.datesTitle')}>
          <TextField
            type="date"
            label={t('requests.filter.from')}
            value={requestedFrom ?? ''}
            max={requestedTo ?? undefined}
            onChange={(event) => set({ requestedFrom: event.target.value || null })}
          />
          <TextField type="date" label={t('requests.filter.to')} value={requestedTo ?? ''} min={requestedFrom ?? undefined} onChange={(event) => set({ requestedTo: event.target.value || null })} />
          {isOn && <Button onClick={() => set({ requestedFrom: null, requestedTo: null })}>{t('requests.filter.clearDates')}</Button>}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
