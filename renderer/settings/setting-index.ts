/** Every setting there is, where it stands, and how it is found by words. Pure; the words come from the texts of the language that is spoken. */
import { foldText } from '../../contract/rules/fold-text.ts';
import type { Role } from '../../contract/wire.ts';
import type { Translate } from '../i18n/i18n.ts';
import type { Place, SettingsPart, TeamPart } from '../store/view-store.ts';

/** Where a setting stands: a part of the settings, or a page of its own that everybody knows already. */
export type SettingAt = { kind: 'part'; part: SettingsPart } | { kind: 'team'; part: TeamPart } | { kind: 'place'; place: Extract<Place, 'templates' | 'setup' | 'diagnostics'> };
export type Setting = {
  /** Stands at the setting's element as `data-setting`. */
  id: string;
  at: SettingAt;
  label: string;
  /** What people also call it. */
  words: string;
};

const part = (name: SettingsPart): SettingAt => ({ kind: 'part', part: name });
const team = (name: TeamPart): SettingAt => ({ kind: 'team', part: name });

const ADMIN_TEAM_PARTS = ['devices', 'requests', 'ai', 'workspace', 'number'] as const;

/** In the order of the page. */
export function listSettings(t: Translate, role: Role): Setting[] {
  const isAdmin = role === 'admin';
  const words = (id: keyof Translations): string => t(`settings.words.${id}`);
  const ofTeam = (['members', 'teams', 'labels', 'canned'] as const).map((name) => ({ id: `team-${name}`, at: team(name), label: t(`team.part.${name}`), words: t('nav.team') }));
  const ofAdmins = ADMIN_TEAM_PARTS.map((name) => ({ id: `team-${name}`, at: team(name), label: t(`team.part.${name}`), words: words(`team_${name}`) }));
  const settings: Setting[] = [
    { id: 'name', at: part('profile'), label: t('settings.profile.name'), words: words('name') },
    { id: 'devices', at: part('profile'), label: t('settings.profile.devices'), words: words('devices') },
    { id: 'theme', at: part('appearance'), label: t('settings.theme'), words: words('theme') },
    { id: 'contrast', at: part('appearance'), label: t('settings.contrast'), words: words('contrast') },
    { id: 'density', at: part('appearance'), label: t('settings.density'), words: words('density') },
    { id: 'language', at: part('language'), label: t('settings.language'), words: words('language') },
    { id: 'sendKey', at: part('writing'), label: t('settings.sendKey'), words: words('sendKey') },
    { id: 'readReceipts', at: part('writing'), label: t('settings.readReceipts'), words: words('readReceipts') },
    { id: 'showsTyping', at: part('writing'), label: t('settings.showsTyping'), words: t('settings.showsTypingHint') },
    { id: 'checksSpelling', at: part('writing'), label: t('settings.checksSpelling'), words: words('checksSpelling') },
    { id: 'notifications', at: part('notifications'), label: t('settings.notifications'), words: words('notifications') },
    { id: 'keys', at: part('keys'), label: t('settings.part.keys'), words: words('keys') },
    { id: 'timeZone', at: part('hours'), label: t('hours.timeZone'), words: words('timeZone') },
    { id: 'week', at: part('hours'), label: t('hours.week'), words: words('week') },
    { id: 'holidays', at: part('hours'), label: t('hours.holidays'), words: words('holidays') },
    { id: 'responseTarget', at: part('hours'), label: t('hours.target'), words: words('responseTarget') },
    ...ofTeam,
    ...(isAdmin ? ofAdmins : []),
    ...(isAdmin ? [{ id: 'recoveryCode', at: team('devices'), label: t('teamKey.recovery.title'), words: words('recoveryCode') }] : []),
    { id: 'templates', at: { kind: 'place', place: 'templates' }, label: t('nav.templates'), words: t('nav.templatesHint') },
    { id: 'retention', at: part('privacy'), label: t('privacy.retention.title'), words: words('retention') },
    { id: 'lock', at: part('lock'), label: t('lock.title'), words: words('lock') },
    { id: 'localApi', at: part('localApi'), label: t('localApi.title'), words: words('localApi') },
    { id: 'fetchesMedia', at: part('storage'), label: t('settings.fetchesMedia'), words: words('fetchesMedia') },
    { id: 'storage', at: part('storage'), label: t('settings.part.storage'), words: words('storage') },
    { id: 'updates', at: part('updates'), label: t('settings.part.updates'), words: words('updates') },
    { id: 'versions', at: part('about'), label: t('settings.part.about'), words: words('versions') },
    { id: 'licences', at: part('about'), label: t('settings.licences.title'), words: words('licences') },
    { id: 'setup', at: { kind: 'place', place: 'setup' }, label: t('nav.setup'), words: t('nav.setupHint') },
    { id: 'diagnostics', at: { kind: 'place', place: 'diagnostics' }, label: t('nav.diagnostics'), words: t('nav.diagnosticsHint') },
  ];
  // What belongs to a part is found by the part's name too.
  return settings.map((setting) => (setting.at.kind === 'part' ? { ...setting, words: `${setting.words} ${t(`settings.part.${setting.at.part}`)}` } : setting));
}
type Translations = (typeof import('../i18n/languages/es.json'))['settings']['words'];

/** Those that have all of the words, in their order; a name that begins with the first one comes before the others. Nothing typed: none. */
export function findSettings(settings: readonly Setting[], typed: string): Setting[] {
  const terms = foldText(typed).split(/\s+/).filter(Boolean);
  if (terms.length === 0) return [];
  const found = settings.filter(({ label, words }) => {
    const text = foldText(`${label} ${words}`);
    return terms.every((term) => text.includes(term));
  });
  const isNamed = ({ label }: Setting): boolean => foldText(label).startsWith(terms[0]!);
  return [...found.filter(isNamed), ...found.filter((setting) => !isNamed(setting))];
}
