/** Whose figures, and of which work. Agents choose between their own and the team's. */
import { ChevronDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import { mayLead } from '../../contract/rules/rights.ts';
import { PickerMenu, type PickerOption } from '../conversation/picker.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { useServiceTypes } from '../requests/use-service-types.ts';
import type { ReportFilter } from '../store/reports-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import shared from '../ui/chip.module.css';
import styles from './report-filters.module.css';

type Member = { id: string; name: string; isMe: boolean };
const NOBODY: readonly Member[] = [];
const NO_TEAMS: readonly { id: string; name: string }[] = [];

export function ReportFilters() {
  const { t } = useTexts();
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const members = useFrom('team', ({ directory }) => directory?.members ?? NOBODY);
  const teams = useFrom('team', ({ directory }) => directory?.teams ?? NO_TEAMS);
  const counted = useFrom('reports', ({ report }) => report?.current.serviceTypes);
  const known = useServiceTypes();
  const agents = useMemo(
    () => members.filter(({ isMe }) => isLead || isMe).map((member) => ({ id: member.id, label: member.isMe ? t('members.me', { name: member.name }) : member.name })),
    [members, isLead, t],
  );
  const services = useMemo(() => [...new Set([...known, ...(counted ?? []).flatMap(({ serviceType }) => serviceType ?? [])])].map((name) => ({ id: name, label: name })), [known, counted]);
  return (
    <div className={styles['filters']}>
      <Filter field="agentId" name={t('reports.filter.agent')} any={t('reports.filter.anyAgent')} options={agents} />
      {teams.length > 0 && <Filter field="teamId" name={t('reports.filter.team')} any={t('reports.filter.anyTeam')} options={teams.map(({ id, name }) => ({ id, label: name }))} />}
      {services.length > 0 && <Filter field="serviceType" name={t('reports.filter.service')} any={t('reports.filter.anyService')} options={services} />}
    </div>
  );
}

const ANY = '';

function Filter({ field, name, any, options }: { field: keyof ReportFilter; name: string; any: string; options: readonly PickerOption[] }) {
  const { t } = useTexts();
  const { reports } = useStores();
  const [isOpen, setOpen] = useState(false);
  const chosen = useFrom('reports', ({ question }) => question[field]);
  // Who has left, or a kind of service that is no longer offered, still filters: it says so.
  const label = chosen === null ? null : (options.find(({ id }) => id === chosen)?.label ?? (field === 'serviceType' ? chosen : t('reports.filter.gone')));
  return (
    <PickerMenu
      trigger={
        <button type="button" className={shared['chip']} aria-pressed={chosen !== null} aria-label={[name, label].filter(Boolean).join(': ')}>
          <bdi className={styles['name']}>{label ?? name}</bdi>
          <ChevronDown size={13} aria-hidden="true" />
        </button>
      }
      isOpen={isOpen}
      onOpenChange={setOpen}
      align="start"
      label={name}
      placeholder={t('reports.filter.search')}
      emptyText={t('reports.filter.noneFound')}
      options={[{ id: ANY, label: any, isNone: true, isChecked: chosen === null }, ...options.map((option) => ({ ...option, isChecked: option.id === chosen }))]}
      onPick={(id) => {
        setOpen(false);
        reports.getState().ask({ [field]: id === ANY ? null : id });
      }}
    />
  );
}
