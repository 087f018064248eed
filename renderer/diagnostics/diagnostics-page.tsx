/** Whether everything between WhatsApp and this desktop works, what Meta says of the account, and what it sent. */
import { Activity, BadgeAlert, ScrollText, type LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { DiagnosticsPart } from '../store/view-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { PartsPage } from '../ui/parts-page.tsx';
import { AccountPart } from './account-part.tsx';
import { ConnectionPart } from './connection-part.tsx';
import { EventsPart } from './events-part.tsx';

const PARTS: readonly { part: DiagnosticsPart; Icon: LucideIcon; Body: ComponentType; isForLeads?: boolean }[] = [
  { part: 'connection', Icon: Activity, Body: ConnectionPart },
  { part: 'account', Icon: BadgeAlert, Body: AccountPart },
  { part: 'events', Icon: ScrollText, Body: EventsPart, isForLeads: true },
];

export function DiagnosticsPage() {
  const { t } = useTexts();
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const wanted = useFrom('view', (view) => view.diagnosticsPart);
  const show = useFrom('view', (view) => view.showDiagnostics);
  const parts = PARTS.filter(({ isForLeads }) => !isForLeads || isLead);
  const { part, Body } = parts.find((one) => one.part === wanted) ?? PARTS[0]!;
  return (
    <PartsPage
      title={t('diagnostics.title')}
      label={t('diagnostics.parts')}
      parts={parts.map(({ part: one, Icon }) => ({ part: one, Icon, label: t(`diagnostics.part.${one}`) }))}
      current={part}
      onChoose={show}
    >
      <Body />
    </PartsPage>
  );
}
