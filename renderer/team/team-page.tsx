/** Who belongs to the workspace and what they share. Everybody may look; what a role may not change is not offered. */
import { Building2, ClipboardList, KeyRound, Laptop, MessageSquareQuote, Sparkles, Tag, Users, UsersRound, type LucideIcon } from 'lucide-react';
import { lazy, Suspense, type ComponentType } from 'react';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { NumberForm } from '../enrollment/number-form.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import type { TeamPart } from '../store/view-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { PartsPage } from '../ui/parts-page.tsx';
import { CannedReplies } from './canned-replies.tsx';
import { Devices } from './devices.tsx';
import { Labels } from './labels.tsx';
import { Members } from './members.tsx';
import { RequestSettings } from './request-settings.tsx';
import { Part } from '../ui/part.tsx';
import { Teams } from './teams.tsx';
import { WorkspaceForm } from './workspace-form.tsx';

const AiSettings = lazy(() => import('../ai/settings/ai-settings.tsx').then((module) => ({ default: module.AiSettings })));

const PARTS: readonly { part: TeamPart; Icon: LucideIcon; Body: ComponentType; isForAdmins?: boolean }[] = [
  { part: 'members', Icon: Users, Body: Members },
  { part: 'teams', Icon: UsersRound, Body: Teams },
  { part: 'labels', Icon: Tag, Body: Labels },
  { part: 'canned', Icon: MessageSquareQuote, Body: CannedReplies },
  { part: 'devices', Icon: Laptop, Body: Devices, isForAdmins: true },
  { part: 'requests', Icon: ClipboardList, Body: RequestSettings, isForAdmins: true },
  { part: 'ai', Icon: Sparkles, Body: AiSettings, isForAdmins: true },
  { part: 'workspace', Icon: Building2, Body: WorkspaceForm, isForAdmins: true },
  { part: 'number', Icon: KeyRound, Body: NumberPart, isForAdmins: true },
];

export function TeamPage() {
  const { t } = useTexts();
  const me = useFrom('session', ({ session }) => session?.me ?? null);
  const wanted = useFrom('view', (view) => view.teamPart);
  const show = useFrom('view', (view) => view.showTeam);
  const isLoaded = useFrom('team', ({ directory }) => directory !== null);
  const parts = PARTS.filter(({ isForAdmins }) => !isForAdmins || mayAdminister(me));
  const { part, Body } = parts.find((one) => one.part === wanted) ?? PARTS[0]!;
  return (
    <PartsPage title={t('team.title')} label={t('team.parts')} parts={parts.map(({ part: one, Icon }) => ({ part: one, Icon, label: t(`team.part.${one}`) }))} current={part} onChoose={show}>
      <Suspense fallback={null}>{isLoaded && <Body key={part} />}</Suspense>
    </PartsPage>
  );
}

function NumberPart() {
  const { t } = useTexts();
  return (
    <Part title={t('number.title')} text={t('number.text')}>
      <NumberForm />
    </Part>
  );
}
