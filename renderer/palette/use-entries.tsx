/** Everything that the palette can offer for a text, best first. */
import { BookUser, ClipboardList, CornerDownRight, LayoutTemplate, Link, MessageSquareQuote, SlidersHorizontal, SquareTerminal } from 'lucide-react';
import { useEffect, useMemo, type ReactNode } from 'react';
import { readDeepLink } from '../../contract/rules/deep-link.ts';
import { mayAdminister, mayLead } from '../../contract/rules/rights.ts';
import { commandOf, type CommandId } from '../commands/catalogue.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import { fillIn, variableValuesOf } from '../composer/canned-replies.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { shownReference } from '../links/request-chip.tsx';
import { findSettings, listSettings } from '../settings/setting-index.ts';
import { useFollowLink } from '../shell/use-follow-link.ts';
import { isWorkOn } from '../store/session-store.ts';
import type { DiagnosticsPart, QualityPart, TeamPart } from '../store/view-store.ts';
import { useCommandDesk, useFrom, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { FOUND_OTHERWISE, scoreMatch } from '../commands/score-match.ts';
import type { Found } from './use-found.ts';

export type EntryGroup = 'recent' | 'conversations' | 'commands' | 'places' | 'requests' | 'templates' | 'canned';
export type PaletteEntry = { id: string; group: EntryGroup; icon: ReactNode; label: string; detail: string | null; keys: string | undefined; score: number; run(): void };

/** What was before the palette: what could be done by name, and where a text would go. */
export type Before = { possible: readonly CommandId[]; box: HTMLTextAreaElement | null; caret: number };

const SHOWN: Readonly<Record<EntryGroup, number>> = { recent: 6, conversations: 6, commands: 8, places: 6, requests: 6, templates: 5, canned: 5 };
const ORDER: readonly EntryGroup[] = ['recent', 'conversations', 'commands', 'requests', 'places', 'templates', 'canned'];
const TEAM_PARTS: readonly TeamPart[] = ['members', 'teams', 'labels', 'canned'];
const ADMIN_PARTS: readonly TeamPart[] = ['devices', 'requests', 'ai', 'workspace', 'number'];
const DIAGNOSTICS_PARTS: readonly DiagnosticsPart[] = ['connection', 'account', 'events'];
const QUALITY_PARTS: readonly QualityPart[] = ['figures', 'reviews', 'audit'];

export function useEntries(text: string, found: Found | null, before: Before): PaletteEntry[] {
  const { t } = useTexts();
  const { keysOf } = useKeyNames();
  const desk = useCommandDesk();
  const { conversation, view, templates, templatePicker, drafts } = useStores();
  const thread = useFrom('conversation', (state) => state.thread);
  const directory = useFrom('team', (state) => state.directory);
  const list = useFrom('templates', (state) => state.list);
  const areTemplatesOn = useFrom('session', isWorkOn);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const isAdmin = useFrom('session', ({ session }) => mayAdminister(session?.me ?? null));
  const follow = useFollowLink();
  useEffect(() => templates.getState().load(), [templates]);

  return useMemo(() => {
    const entries: PaletteEntry[] = [];
    /** `names`: what it may be called; the best counts. `first`: without a text it comes before others. */
    const add = (entry: Omit<PaletteEntry, 'score' | 'keys'> & { keys?: string | undefined }, names: readonly (string | null)[], isFound = false, first = false): void => {
      const scores =
        text === '' ? [first ? 0 : 0.5] : names.flatMap((name, at) => (name === null ? [] : [scoreMatch(name, text)].filter((score) => score !== null).map((score) => score + Math.min(at, 1))));
      const score = scores.length > 0 ? Math.min(...scores) : isFound ? FOUND_OTHERWISE : null;
      if (score !== null) entries.push({ keys: undefined, ...entry, score });
    };

    for (const row of found?.conversations ?? []) {
      const { contact, status } = row;
      const second = contact.phone ?? (contact.username === null ? null : `@${contact.username}`);
      const detail = [second === contact.name ? null : second, status === 'active' ? null : t(`header.status.${status}`)].filter((part) => part !== null).join(' · ');
      const open = (): void => {
        conversation.getState().open(row.id);
        view.getState().goTo('inbox');
        view.getState().focusPane('thread', row.id);
      };
      add(
        { id: `c:${row.id}`, group: text === '' ? 'recent' : 'conversations', icon: <Avatar id={contact.id} name={contact.name} size={24} />, label: contact.name, detail, run: open },
        [contact.name, second],
        true,
        true,
      );
    }
    for (const id of before.possible) {
      const command = commandOf(id);
      const isPlace = command.group === 'places';
      const icon = isPlace ? <CornerDownRight size={16} /> : <SquareTerminal size={16} />;
      const label = t(command.title);
      add(
        { id: `k:${id}`, group: isPlace ? 'places' : 'commands', icon, label, detail: isPlace ? null : t(`shortcuts.${command.group}`), keys: keysOf(id), run: () => void desk.run(id) },
        [label],
        false,
        command.group === 'conversation',
      );
    }
    if (readDeepLink(text)) add({ id: 'link', group: 'conversations', icon: <Link size={16} />, label: t('link.open'), detail: text, run: () => follow(text) }, [], true);
    if (text !== '') {
      const place = (id: string, page: string, part: string, run: () => void, isFound = false): void => {
        const label = `${page}: ${part}`;
        add({ id: `p:${id}`, group: 'places', icon: <SlidersHorizontal size={16} />, label, detail: null, run }, [part, label], isFound);
      };
      const settings = listSettings(t, isAdmin ? 'admin' : 'agent');
      const foundSettings = new Set(findSettings(settings, text).map(({ id }) => id));
      for (const setting of settings) {
        const { at } = setting;
        // The other ones have a page of their own, which is among the places; what stands on it beside others is looked for by its own name.
        if (at.kind === 'team' && setting.id === 'recoveryCode') place('team.recoveryCode', t('nav.team'), setting.label, () => view.getState().showTeam(at.part), foundSettings.has(setting.id));
        if (at.kind === 'part') place(`settings.${setting.id}`, t('nav.settings'), setting.label, () => view.getState().showSettings(at.part, setting.id), foundSettings.has(setting.id));
      }
      for (const part of isAdmin ? [...TEAM_PARTS, ...ADMIN_PARTS] : TEAM_PARTS)
        place(`team.${part}`, t('nav.team'), t(`team.part.${part}`), () => view.getState().showTeam(part), foundSettings.has(`team-${part}`));
      for (const part of DIAGNOSTICS_PARTS) place(`diagnostics.${part}`, t('nav.diagnostics'), t(`diagnostics.part.${part}`), () => view.getState().showDiagnostics(part));
      for (const part of QUALITY_PARTS) {
        if (isLead || part === 'figures') place(`quality.${part}`, t('nav.quality'), t(`quality.part.${part}`), () => view.getState().showQuality(part));
      }
      for (const request of found?.requests ?? []) {
        const reference = shownReference(request.reference, t);
        const who = request.customer?.name ?? request.customerName;
        const detail = [request.serviceType, t(`requests.status.${request.status}`)].filter((part) => part !== '').join(' · ');
        add(
          {
            id: `r:${request.id}`,
            group: 'requests',
            icon: <ClipboardList size={16} />,
            label: who === '' ? reference : `${reference} · ${who}`,
            detail,
            run: () => view.getState().showRequest(request.id),
          },
          [reference, who, request.serviceType],
          true,
        );
      }
      const contact = thread?.conversation.contact;
      const openContact = contact && { id: 'contact', group: 'conversations' as const, icon: <BookUser size={16} />, label: `${t('contacts.open')}: ${contact.name}`, detail: null };
      if (openContact && contact) add({ ...openContact, run: () => view.getState().showContact(contact.id) }, [t('contacts.open'), openContact.label]);
      if (thread && areTemplatesOn) {
        const { id } = thread.conversation;
        for (const template of list?.items ?? []) {
          if (!template.isSendable) continue;
          const pick = (): void => {
            templatePicker.getState().open(id);
            templatePicker.getState().pick(id, template.key);
            view.getState().focusPane('composer', id);
          };
          add({ id: `t:${template.key}`, group: 'templates', icon: <LayoutTemplate size={16} />, label: template.name, detail: template.body.replaceAll(/\s+/g, ' '), run: pick }, [
            template.name,
            template.body,
          ]);
        }
      }
      const { box, caret } = before;
      if (thread && contact && box) {
        const { id } = thread.conversation;
        const values = variableValuesOf(contact, directory?.members.find(({ isMe }) => isMe)?.name ?? null);
        for (const { id: cannedId, shortcut, body } of directory?.canned ?? []) {
          const words = fillIn(body, values);
          const insert = (): void => {
            const typed = drafts.getState().drafts[id]?.text ?? '';
            const at = Math.min(caret, typed.length);
            drafts.getState().setText(id, typed.slice(0, at) + words + typed.slice(at));
            view.getState().focusPane('composer', id);
            // The box has the new text with the next paint.
            requestAnimationFrame(() => box.setSelectionRange(at + words.length, at + words.length));
          };
          add({ id: `s:${cannedId}`, group: 'canned', icon: <MessageSquareQuote size={16} />, label: `/${shortcut}`, detail: words.replaceAll(/\s+/g, ' '), run: insert }, [shortcut, body]);
        }
      }
    }
    return arrange(entries);
  }, [text, found, before, t, keysOf, follow, desk, conversation, view, templatePicker, drafts, thread, directory, list, areTemplatesOn, isLead, isAdmin]);
}

/** Group by group, the one with the best entry first. */
function arrange(entries: readonly PaletteEntry[]): PaletteEntry[] {
  return ORDER.map((group) => entries.filter((entry) => entry.group === group).toSorted((a, b) => a.score - b.score))
    .filter((group) => group.length > 0)
    .toSorted((a, b) => a[0]!.score - b[0]!.score)
    .flatMap((group) => group.slice(0, SHOWN[group[0]!.group]));
}
