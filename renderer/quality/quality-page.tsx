/** What became of the drafts of the AI parts: figures, the answers that wait for a review, and the record of what a model was asked. Agents see their own figures. */
import { ChartNoAxesColumn, ClipboardCheck, ScrollText, type LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { QualityPart } from '../store/view-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { PartsPage } from '../ui/parts-page.tsx';
import { AuditPart } from './audit-part.tsx';
import { FiguresPart } from './figures-part.tsx';
import { ReviewsPart } from './reviews-part.tsx';

const PARTS: readonly { part: QualityPart; Icon: LucideIcon; Body: ComponentType; isForLeads?: boolean }[] = [
  { part: 'figures', Icon: ChartNoAxesColumn, Body: FiguresPart },
  { part: 'reviews', Icon: ClipboardCheck, Body: ReviewsPart, isForLeads: true },
  { part: 'audit', Icon: ScrollText, Body: AuditPart, isForLeads: true },
];

export function QualityPage() {
  const { t } = useTexts();
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const wanted = useFrom('view', (view) => view.qualityPart);
  const show = useFrom('view', (view) => view.showQuality);
  const parts = PARTS.filter(({ isForLeads }) => !isForLeads || isLead);
  const { part, Body } = parts.find((one) => one.part === wanted) ?? PARTS[0]!;
  return (
    <PartsPage title={t('quality.title')} label={t('quality.parts')} parts={parts.map(({ part: one, Icon }) => ({ part: one, Icon, label: t(`quality.part.${one}`) }))} current={part} onChoose={show}>
      <Body />
    </PartsPage>
  );
}
