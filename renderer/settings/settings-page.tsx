/** Everything that can be set, in parts, and a search over all of it. What the team shares stands on the team's page; the way there is here. */
import {
  Building2,
  CalendarClock,
  Database,
  Download,
  Info,
  Keyboard,
  Languages,
  LayoutTemplate,
  ListChecks,
  LockKeyhole,
  Palette,
  PenLine,
  Phone,
  Plug,
  ShieldCheck,
  Sparkles,
  UserRound,
  Users,
  BellRing,
  type LucideIcon,
} from 'lucide-react';
import { lazy, Suspense, useMemo, useRef, useState, type ComponentType, type KeyboardEvent } from 'react';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Offered } from '../commands/command-desk.ts';
import { useOffer } from '../commands/use-commands.ts';
import type { SettingsPart } from '../store/view-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { PartsPage } from '../ui/parts-page.tsx';
import { Part } from '../ui/part.tsx';
import { AboutSettings, UpdateSettings } from './about-settings.tsx';
import { KeysPart } from './keys-part.tsx';
import { LockSettings } from './lock-settings.tsx';
import { LocalApiSettings } from './local-api-settings.tsx';
import { ProfileSettings } from './profile-settings.tsx';
import { Setting } from './setting.tsx';
import { findSettings, listSettings, type SettingAt } from './setting-index.ts';
import styles from './settings-page.module.css';
import { PrivacyPart } from './privacy-part.tsx';
import { AppearanceSettings, LanguageSettings, NotificationsPart, StoragePart, WritingSettings } from './window-settings.tsx';

const HoursSettings = lazy(() => import('./hours-settings.tsx').then((module) => ({ default: module.HoursSettings })));

const BODIES: Record<SettingsPart, ComponentType> = {
  profile: ProfileSettings,
  appearance: AppearanceSettings,
  language: LanguageSettings,
  writing: WritingSettings,
  notifications: NotificationsPart,
  keys: KeysPart,
  hours: HoursSettings,
  localApi: LocalApiPart,
  privacy: PrivacyPart,
  lock: LockPart,
  storage: StoragePart,
  updates: UpdateSettings,
  about: AboutSettings,
};

type Group = 'mine' | 'workspace' | 'program';
/** In the order of the list. `to`: where it leads, if it is no part of this page. */
type Entry = { part: string; Icon: LucideIcon; group: Group; to: SettingAt; isForAdmins?: boolean };
const here = (part: SettingsPart, Icon: LucideIcon, group: Group): Entry => ({ part, Icon, group, to: { kind: 'part', part } });
const ENTRIES: readonly Entry[] = [
  here('profile', UserRound, 'mine'),
  here('appearance', Palette, 'mine'),
  here('language', Languages, 'mine'),
  here('writing', PenLine, 'mine'),
  here('notifications', BellRing, 'mine'),
  here('keys', Keyboard, 'mine'),
  here('hours', CalendarClock, 'workspace'),
  { part: 'number', Icon: Phone, group: 'workspace', to: { kind: 'team', part: 'number' }, isForAdmins: true },
  { part: 'workspace', Icon: Building2, group: 'workspace', to: { kind: 'team', part: 'workspace' }, isForAdmins: true },
  { part: 'team', Icon: Users, group: 'workspace', to: { kind: 'team', part: 'members' } },
  { part: 'ai', Icon: Sparkles, group: 'workspace', to: { kind: 'team', part: 'ai' }, isForAdmins: true },
  { part: 'templates', Icon: LayoutTemplate, group: 'workspace', to: { kind: 'place', place: 'templates' } },
  here('privacy', ShieldCheck, 'workspace'),
  here('lock', LockKeyhole, 'program'),
  here('localApi', Plug, 'program'),
  here('storage', Database, 'program'),
  here('updates', Download, 'program'),
  here('about', Info, 'program'),
  { part: 'setup', Icon: ListChecks, group: 'program', to: { kind: 'place', place: 'setup' } },
];

export function SettingsPage() {
  const { t } = useTexts();
  const { view } = useStores();
  const me = useFrom('session', ({ session }) => session?.me ?? null);
  const wanted = useFrom('view', (state) => state.settingsPart);
  const [typed, setTyped] = useState('');
  const list = useRef<HTMLDivElement>(null);
  useStepBack();
  const Body = BODIES[wanted];

  const go = (to: SettingAt, setting?: string): void => {
    if (to.kind === 'part') view.getState().showSettings(to.part, setting);
    else if (to.kind === 'team') view.getState().showTeam(to.part);
    else view.getState().goTo(to.place);
  };
  const nameOf = ({ part, to }: Entry): string => {
    if (to.kind === 'part') return t(`settings.part.${to.part}`);
    if (to.kind === 'place') return t(`nav.${to.place}`);
    return part === 'team' ? t('nav.team') : part === 'number' ? t('settings.number') : t(`team.part.${to.part}`);
  };
  const entries = ENTRIES.filter(({ isForAdmins }) => !isForAdmins || mayAdminister(me)).map((entry) => ({
    ...entry,
    label: nameOf(entry),
    group: t(`settings.group.${entry.group}`),
    isElsewhere: entry.to.kind !== 'part',
  }));
  const found = typed.trim() === '' ? null : findSettings(listSettings(t, me?.role ?? 'agent'), typed);
  const placeOf = (at: SettingAt): string => (at.kind === 'part' ? t(`settings.part.${at.part}`) : at.kind === 'team' ? t('nav.team') : t(`nav.${at.place}`));

  /** From the box into what was found, along it, and back. */
  const walk = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0 || found === null) return;
    const stops = [...(list.current?.querySelectorAll<HTMLElement>('input, [data-found-setting]') ?? [])];
    const next = stops[stops.indexOf(document.activeElement as HTMLElement) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <PartsPage
      title={t('settings.title')}
      label={t('settings.parts')}
      parts={entries}
      current={wanted}
      onChoose={(part) => {
        const entry = ENTRIES.find((one) => one.part === part);
        if (entry) go(entry.to);
      }}
      search={
        <div ref={list} role="search" className={styles['find']} onKeyDown={walk}>
          <input
            type="search"
            className={styles['box']}
            value={typed}
            spellCheck={false}
            placeholder={t('settings.search')}
            aria-label={t('settings.search')}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setTyped('');
              const first = found?.[0];
              if (event.key === 'Enter' && first) go(first.at, first.id);
            }}
          />
          <p className="visually-hidden" role="status">
            {found !== null && t('settings.found', { count: found.length })}
          </p>
          {found?.map((setting) => (
            <button key={setting.id} type="button" className={styles['found']} data-found-setting onClick={() => go(setting.at, setting.id)}>
              <span>{setting.label}</span>
              <span className={styles['where']}>{placeOf(setting.at)}</span>
            </button>
          ))}
          {found?.length === 0 && <p className={styles['none']}>{t('settings.foundNone')}</p>}
        </div>
      }
      found={found === null ? undefined : <span />}
    >
      <Suspense fallback={null}>
        <Body key={wanted} />
      </Suspense>
    </PartsPage>
  );
}

/** Escape leads back to the conversations, but not out of a text, a menu or a dialog. */
function useStepBack(): void {
  const { view } = useStores();
  const offered = useMemo((): Offered => {
    const goBack = (): void => view.getState().goTo('inbox');
    // Nothing is written in a box that is ticked.
    return { back: { run: goBack, leaveText: (text) => text.matches('[type=radio], [type=checkbox]') && goBack() } };
  }, [view]);
  useOffer(offered);
}

function LockPart() {
  const { t } = useTexts();
  return (
    <Part title={t('lock.title')} text={t('lock.text')}>
      <Setting id="lock" isPlain>
        <LockSettings />
      </Setting>
    </Part>
  );
}

function LocalApiPart() {
  const { t } = useTexts();
  return (
    <Part title={t('localApi.title')} text={t('settings.localApiText')}>
      <Setting id="localApi" isPlain>
        <LocalApiSettings />
      </Setting>
    </Part>
  );
}
