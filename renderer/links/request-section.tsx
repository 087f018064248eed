/** The request beside its conversation, first of all in the side panel: how it stands, what the other side wrote last; or what could be linked. */
import { ChevronRight, Link2, Unlink } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Conversation } from '../../contract/entities.ts';
import type { RequestRole } from '../../contract/requests/request-rules.ts';
import type { LinkSuggestion, ServiceRequest } from '../../contract/work-entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { StatusPill } from '../requests/status-pill.tsx';
import { toMinute } from '../store/clock-store.ts';
import { linksOf, type RequestOfConversation } from '../store/links-store.ts';
import { areRequestsOn } from '../store/session-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { shownReference } from './request-chip.tsx';
import { useKeyNames } from '../commands/use-commands.ts';
import styles from './request-section.module.css';

export function RequestSection({ conversation }: { conversation: Conversation }) {
  const { t } = useTexts();
  const { keysOf } = useKeyNames();
  const { view } = useStores();
  const links = useFrom('links', (state) => linksOf(state, conversation.id));
  const areOn = useFrom('session', areRequestsOn);
  if (!links) return null;
  const linked = links.requests.filter(({ isLinked }) => isLinked);
  const { shown } = links;
  const others = linked.filter(({ id }) => id !== shown?.id);
  return (
    <div className={styles['section']}>
      {shown && <LinkedOne conversation={conversation} request={shown} role={linked.find(({ id }) => id === shown.id)?.role ?? 'customer'} />}
      {others.length > 0 && <Others others={others} />}
      {linked.length === 0 && <p className={styles['none']}>{t('requestLinks.panel.none')}</p>}
      {links.suggestions.length > 0 && (
        <ul className={styles['suggestions']}>
          {links.suggestions.map((suggestion) => (
            <Suggestion key={`${suggestion.request.id} ${suggestion.role}`} conversation={conversation} suggestion={suggestion} isOn={areOn} />
          ))}
        </ul>
      )}
      <Button look="quiet" icon={<Link2 size={14} />} command="linkRequest" title={keysOf('linkRequest')} onClick={() => view.getState().setMenu('request')}>
        {t(linked.length > 0 ? 'requestLinks.panel.another' : 'requestLinks.link')}
      </Button>
    </div>
  );
}

const OTHER_ROLE: Record<RequestRole, RequestRole> = { customer: 'vendor', vendor: 'customer' };

function LinkedOne({ conversation, request, role }: { conversation: Conversation; request: ServiceRequest; role: RequestRole }) {
  const { t } = useTexts();
  const { view, links } = useStores();
  const reference = shownReference(request.reference, t);
  const fact = (name: string, value: ReactNode): ReactNode =>
    value === null || value === '' ? null : (
      <>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </>
    );
  return (
    <div>
      <div className={styles['head']}>
        <button type="button" className={styles['reference']} aria-label={t('requestLinks.open', { reference })} onClick={() => view.getState().showRequest(request.id)}>
          <span>{reference}</span>
          <ChevronRight size={14} aria-hidden="true" />
        </button>
        <span className={styles['gap']} />
        <IconButton
          label={t('requestLinks.panel.unlinkThis', { reference })}
          side="left"
          onClick={() => void links.getState().unlink({ id: conversation.id, name: conversation.contact.name }, { id: request.id, reference }, role)}
        >
          <Unlink size={15} />
        </IconButton>
      </div>
      <dl className={styles['facts']}>
        {fact(t('requests.field.status'), <StatusPill status={request.status} isShort />)}
        {fact(t('requestLinks.panel.theirRole'), t(`requestLinks.panel.roleIs.${role}`))}
        {fact(t('requests.field.serviceType'), request.serviceType)}
        {request.requestedDate !== null && fact(t('requests.field.requestedDate'), <Day day={request.requestedDate} />)}
        {request.approvedDate !== null && fact(t('requests.field.approvedDate'), <Day day={request.approvedDate} />)}
        {role === 'vendor' && fact(t('requests.field.customer'), request.customerName || (request.customer?.name ?? ''))}
        {role === 'vendor' && fact(t('requests.field.contactPhone'), request.contactPhone)}
        {role === 'customer' && fact(t('requests.field.vendor'), request.vendor?.name ?? null)}
        {fact(t('requests.field.address'), request.address)}
      </dl>
      <OtherSide request={request} role={OTHER_ROLE[role]} />
      {request.openEvents > 0 && (
        <button type="button" className={styles['events']} onClick={() => view.getState().showRequest(request.id)}>
          {t('requestLinks.panel.proposals', { count: request.openEvents })}
          <ChevronRight size={14} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

function Day({ day }: { day: string }) {
  const { format } = useTexts();
  return <time dateTime={day}>{format.calendarDay(day)}</time>;
}

/** What the other one of the two wrote last, and the way to their conversation. */
function OtherSide({ request, role }: { request: ServiceRequest; role: RequestRole }) {
  const { t, format } = useTexts();
  const now = useFrom('clock', toMinute);
  const open = useFrom('conversation', (state) => state.open);
  const link = request.links.find((one) => one.role === role);
  const person = role === 'customer' ? request.customer : request.vendor;
  if (!link) return person ? <p className={styles['silent']}>{t(`requestLinks.panel.noOther.${role}`)}</p> : null;
  const name = person?.name ?? t(`requests.role.${role}`);
  return (
    <button type="button" className={styles['other']} onClick={() => open(link.conversationId)}>
      <span className="visually-hidden">{t('requestLinks.panel.openOther', { name })}: </span>
      {link.lastInbound ? (
        <>
          <span className={styles['when']}>
            {t(`requestLinks.panel.otherSide.${role}`)} <time title={format.exact(link.lastInbound.at)}>{format.relative(link.lastInbound.at, now)}</time>
          </span>
          <q>{link.lastInbound.text}</q>
        </>
      ) : (
        <span className={styles['when']}>{t(`requestLinks.panel.silent.${role}`)}</span>
      )}
    </button>
  );
}

function Others({ others }: { others: readonly RequestOfConversation[] }) {
  const { t } = useTexts();
  const { view } = useStores();
  return (
    <div className={styles['others']}>
      <span>{t('requestLinks.panel.others', { count: others.length })}</span>
      {others.map((request) => (
        <button key={request.id} type="button" title={t(`requests.status.${request.status}`)} onClick={() => view.getState().showRequest(request.id)}>
          {shownReference(request.reference, t)}
        </button>
      ))}
    </div>
  );
}

function Suggestion({ conversation, suggestion: { request, role, reason }, isOn }: { conversation: Conversation; suggestion: LinkSuggestion; isOn: boolean }) {
  const { t } = useTexts();
  const { links, view } = useStores();
  const reference = shownReference(request.reference, t);
  return (
    <li className={styles['suggestion']}>
      <button type="button" className={styles['what']} onClick={() => view.getState().showRequest(request.id)} aria-label={t('requestLinks.open', { reference })}>
        <strong>{reference}</strong> {request.serviceType}
      </button>
      <span className={styles['reason']}>{t(`requestLinks.reason.${reason}`, { reference })}</span>
      <Button
        aria-label={t('requestLinks.panel.linkThis', { reference, role: t(`requestLinks.asRole.${role}`) })}
        title={isOn ? t('requestLinks.panel.linkThis', { reference, role: t(`requestLinks.asRole.${role}`) }) : t('requestLinks.needsUpdate')}
        disabled={!isOn}
        onClick={() => void links.getState().link({ id: conversation.id, name: conversation.contact.name }, { id: request.id, reference }, role)}
      >
        {t('requestLinks.panel.linkShort')}
      </Button>
    </li>
  );
}
