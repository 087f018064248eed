/** Who belongs to the workspace and what they share. Everybody may look; what a role may not change is not offered. */
import { Building2, KeyRound, Laptop, MessageSquareQuote, Tag, Users, UsersRound } from 'lucide-react';
import type { ComponentType } from 'react';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { NumberForm } from '../enrollment/number-form.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import type { TeamPart } from '../store/view-store.ts';
import { useFrom } from '../ui/app-context.tsx';
import { CannedReplies } from './canned-replies.tsx';
import { Devices } from './devices.tsx';
import { Labels } from './labels.tsx';
import { Members } from './members.tsx';
import { Part } from './part.tsx';
import { Teams } from './teams.tsx';
import { WorkspaceForm } from './workspace-form.tsx';
import styles from './team-page.module.css';

const PARTS: readonly { part: TeamPart; Icon: typeof Users; Body: ComponentType; isForAdmins?: boolean }[] = [
  { part: 'members', Icon: Users, Body: Members },
  { part: 'teams', Icon: UsersRound, Body: Teams },
  { part: 'labels', Icon: Tag, Body: Labels },
  { part: 'canned', Icon: MessageSquareQuote, Body: CannedReplies },
  { part: 'devices', Icon: Laptop, Body: Devices, isForAdmins: true },
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
    <main className={styles['page']} aria-label={t('team.title')}>
      <nav className={styles['parts']} aria-label={t('team.parts')}>
        <h1 className={styles['title']}>{t('team.title')}</h1>
        {parts.map(({ part: one, Icon }) => (
          <button key={one} type="button" className={styles['part']} aria-current={one === part ? 'page' : undefined} onClick={() => show(one)}>
            <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
            {t(`team.part.${one}`)}
          </button>
        ))}
      </nav>
      <div className={styles['body']}>{isLoaded && <Body key={part} />}</div>
    </main>
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
