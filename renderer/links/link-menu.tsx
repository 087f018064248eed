/**
 * The requests that the open conversation is linked to or could be: suggestions with their reason, others of the person, and all that a
 * search finds. Choosing one links it, choosing a linked one takes the link off.
 */
import { ClipboardList } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Conversation } from '../../contract/entities.ts';
import { REQUEST_ROLES, type RequestRole } from '../../contract/requests/request-rules.ts';
import type { RequestSummary } from '../../contract/work-entities.ts';
import { PickerMenu, type PickerOption } from '../conversation/picker.tsx';
import type { Translate } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { linksOf, type ConversationLinks } from '../store/links-store.ts';
import { areRequestsOn } from '../store/session-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { MenuButton } from '../ui/button.tsx';
import { shownReference } from './request-chip.tsx';
import styles from './link-menu.module.css';

type Props = { conversation: Conversation; isOpen: boolean; onOpenChange(isOpen: boolean): void };
/** `role`: of the link, or the one that fits. */
type Choice = { request: RequestSummary; role: RequestRole; isLinked: boolean; group: string; reason: string };

const SEARCH_AFTER_MS = 120;
const FOUND_MAX = 30;

export function LinkMenu({ conversation, isOpen, onOpenChange }: Props) {
  const { t } = useTexts();
  const { links: store } = useStores();
  const links = useFrom('links', (state) => linksOf(state, conversation.id));
  const areOn = useFrom('session', areRequestsOn);
  const [typed, setTyped] = useState('');
  const [wantedRole, setWantedRole] = useState<RequestRole | null>(null);
  const { found, isStale } = useFound(isOpen ? typed.trim() : '');
  const choices = found === null ? ownChoices(links, t) : found.map((request) => foundChoice(request, links, conversation, t));

  function close(): void {
    onOpenChange(false);
    setTyped('');
    setWantedRole(null);
  }
  function pick(id: string): void {
    const choice = choices.find(({ request }) => request.id === id);
    if (!choice) return;
    const role = wantedRole ?? choice.role;
    const target = { id: conversation.id, name: conversation.contact.name };
    close();
    if (choice.isLinked) void store.getState().unlink(target, choice.request, choice.role);
    else void store.getState().link(target, choice.request, role);
  }

  return (
    <PickerMenu
      isOpen={isOpen}
      onOpenChange={(open) => (open ? onOpenChange(true) : close())}
      trigger={
        <MenuButton label={t('requestLinks.link')} command="linkRequest">
          <ClipboardList size={16} />
        </MenuButton>
      }
      options={choices.map((choice) => optionOf(choice, areOn, t))}
      label={t('requestLinks.menu')}
      placeholder={t('requestLinks.search')}
      emptyText={isStale ? '…' : t(typed.trim() === '' ? 'requestLinks.noneHere' : 'requestLinks.noneFound')}
      onPick={pick}
      onSearch={setTyped}
      isStale={isStale}
      renderFooter={(active) => {
        const choice = choices.find(({ request }) => request.id === active?.id);
        if (!choice || choice.isLinked) return null;
        return <RoleChoice role={wantedRole ?? choice.role} onChange={setWantedRole} />;
      }}
    />
  );
}

function RoleChoice({ role, onChange }: { role: RequestRole; onChange(role: RequestRole): void }) {
  const { t } = useTexts();
  return (
    <div className={styles['roles']} role="group" aria-label={t('requestLinks.as')}>
      <span>{t('requestLinks.as')}</span>
      {REQUEST_ROLES.map((each) => (
        <button key={each} type="button" aria-pressed={each === role} onClick={() => onChange(each)}>
          {t(`requestLinks.asRole.${each}`)}
        </button>
      ))}
    </div>
  );
}

/** What the engine finds for a text; null: nothing is looked for. While it looks, what it found last stays (`isStale`). */
function useFound(text: string): { found: readonly RequestSummary[] | null; isStale: boolean } {
  const client = useClient();
  const { toasts } = useStores();
  const [answer, setAnswer] = useState<{ text: string; items: readonly RequestSummary[] }>({ text: '', items: [] });
  useEffect(() => {
    if (text === '') return;
    let isWanted = true;
    const timer = setTimeout(() => {
      client.requests.list({ search: text, limit: FOUND_MAX }).then(
        ({ items }) => isWanted && setAnswer({ text, items }),
        () => isWanted && toasts.getState().fail('ENGINE_AWAY'),
      );
    }, SEARCH_AFTER_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [client, toasts, text]);
  return text === '' ? { found: null, isStale: false } : { found: answer.items, isStale: answer.text !== text };
}

const ownChoices = (links: ConversationLinks | null, t: Translate): Choice[] => {
  if (!links) return [];
  const suggested = new Set(links.suggestions.map(({ request }) => request.id));
  const [linked, others] = [links.requests.filter(({ isLinked }) => isLinked), links.requests.filter(({ isLinked, id }) => !isLinked && !suggested.has(id))];
  return [
    ...links.suggestions.map(({ request, role, reason }) => ({
      request,
      role,
      isLinked: false,
      group: t('requestLinks.suggested'),
      reason: t(`requestLinks.reason.${reason}`, { reference: shownReference(request.reference, t) }),
    })),
    ...linked.map((request) => ({ request, role: request.role ?? 'customer', isLinked: true, group: t('requestLinks.linked'), reason: '' })),
    ...others.map((request) => ({ request, role: request.role ?? 'customer', isLinked: false, group: t('requestLinks.ofPerson'), reason: '' })),
  ];
};

function foundChoice(request: RequestSummary, links: ConversationLinks | null, { contact }: Conversation, t: Translate): Choice {
  const linked = links?.requests.find(({ id, isLinked }) => isLinked && id === request.id);
  const isVendor = request.vendor?.id === contact.id;
  return { request, role: linked?.role ?? (isVendor ? 'vendor' : 'customer'), isLinked: linked !== undefined, group: t('requestLinks.found'), reason: '' };
}

const optionOf = ({ request, isLinked, group, reason }: Choice, areOn: boolean, t: Translate): PickerOption => ({
  id: request.id,
  group,
  label: [shownReference(request.reference, t), request.customerName || request.customer?.name].filter(Boolean).join(' · '),
  detail: [reason, request.serviceType, t(`requests.statusShort.${request.status}`)].filter((part) => part !== '').join(' · '),
  isChecked: isLinked,
  reason: areOn ? null : t('requestLinks.needsUpdate'),
});
