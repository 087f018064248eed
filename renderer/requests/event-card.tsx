/**
 * A template that an event of a service request proposes: what happened, who is told with which template; one key opens it with
 * everything filled in, the next one sends it. Invariant: to anybody but the one it is for it leaves only by a button that says so.
 */
import { BellRing, CircleAlert, X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { RequestRole } from '../../contract/requests/request-rules.ts';
import type { Contact } from '../../contract/entities.ts';
import type { EventProposal } from '../../contract/work-entities.ts';
import type { Translate } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { shownReference } from '../links/request-chip.tsx';
import type { ShownProposal } from '../store/proposals-store.ts';
import { fillForm, NO_FORM } from '../store/template-form.ts';
import { TemplateForm } from '../templates/template-form.tsx';
import { fieldLabel } from '../templates/template-form-text.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { returnFocus } from '../ui/return-focus.ts';
import { KeyName } from '../ui/key-name.tsx';
import styles from './event-card.module.css';

type Props = {
  shown: ShownProposal;
  /** The key that reviews means this one. */
  isNext?: boolean;
  /** Where the keyboard goes when the form is gone. */
  onReviewed?: () => void;
};

export function EventCard({ shown, isNext = false, onReviewed = () => returnFocus(null) }: Props) {
  const { t } = useTexts();
  const { proposals } = useStores();
  const { id, proposal, decided } = shown;
  const isReviewing = useFrom('proposals', ({ reviewing }) => reviewing === id);
  const isLeaving = useFrom('proposals', ({ leaving }) => leaving.has(id));
  const title = eventTitle(proposal, t);
  const card = useRef<HTMLElement>(null);
  const takeBack = useRef<HTMLButtonElement>(null);

  // The form takes the keyboard with it when it goes: sent, or decided by somebody else.
  const wasReviewing = useRef(false);
  useEffect(() => {
    if (wasReviewing.current && !isReviewing && (document.activeElement === document.body || document.activeElement === null)) onReviewed();
    wasReviewing.current = isReviewing;
  }, [isReviewing, onReviewed]);
  useEffect(
    () => () => {
      if (wasReviewing.current) proposals.getState().review(null);
    },
    [proposals],
  );
  useEffect(() => {
    if (isLeaving && document.activeElement === document.body) takeBack.current?.focus();
  }, [isLeaving]);

  const line = (words: ReactNode, actions: ReactNode, tone: 'open' | 'over' = 'open'): ReactNode => (
    <div className={styles['line']} data-tone={tone}>
      <BellRing size={16} className={styles['icon']} aria-hidden="true" />
      <div className={styles['words']}>{words}</div>
      <div className={styles['actions']}>{actions}</div>
    </div>
  );

  if (decided) {
    const who = decided.by?.name ?? t('requestLinks.proposals.automatic');
    return (
      <article className={styles['card']} aria-label={title}>
        {line(
          <>
            <p className={styles['title']}>{title}</p>
            <p role="status">{t(`requestLinks.proposals.decided.${decided.state}`, { who })}</p>
          </>,
          <Button look="quiet" onClick={() => proposals.getState().forget(id)}>
            {t('requestLinks.proposals.close')}
          </Button>,
          'over',
        )}
      </article>
    );
  }
  if (isLeaving) {
    return (
      <article className={styles['card']} aria-label={title}>
        {line(
          <>
            <p className={styles['title']}>{title}</p>
            <p role="status">{t('requestLinks.proposals.dismissed')}</p>
          </>,
          <Button ref={takeBack} onClick={() => proposals.getState().takeBack(id)}>
            {t('requestLinks.proposals.takeBack')}
          </Button>,
          'over',
        )}
      </article>
    );
  }
  if (isReviewing && proposal.template) {
    return (
      <article ref={card} className={styles['card']} data-open aria-label={title}>
        <p className={styles['head']}>
          <BellRing size={16} className={styles['icon']} aria-hidden="true" />
          {title}
        </p>
        <Review proposal={proposal} />
      </article>
    );
  }
  return (
    <article className={styles['card']} aria-label={title}>
      {line(
        <>
          <p className={styles['title']}>{title}</p>
          <Whom proposal={proposal} />
          <Hindrance proposal={proposal} />
        </>,
        <>
          <ReviewButton proposal={proposal} title={title} isNext={isNext} />
          <IconButton label={t('requestLinks.proposals.dismissThis', { event: title })} side="top" onClick={() => proposals.getState().dismiss(id)}>
            <X size={15} />
          </IconButton>
        </>,
      )}
    </article>
  );
}

/** What happened, as people say it. */
export function eventTitle({ event, request }: Pick<EventProposal, 'event' | 'request'>, t: Translate): string {
  return t(`requestLinks.proposals.event.${event.kind}`, { reference: shownReference(request.reference, t), who: event.contact?.name ?? '—' });
}

function Whom({ proposal: { event, templateName } }: { proposal: EventProposal }) {
  const { t } = useTexts();
  if (!event.contact) return null;
  const role = t(`requestLinks.asRole.${event.role}`);
  return (
    <p className={styles['whom']}>
      {t('requestLinks.proposals.toWhom', { name: event.contact.name, role })} <code>{templateName}</code>
    </p>
  );
}

/** Why it cannot simply be sent, if there is something. */
function Hindrance({ proposal }: { proposal: EventProposal }) {
  const { t } = useTexts();
  const { event, template, templateName, slots, isBlocked } = proposal;
  const form = useFrom('templateForms', (state) => state.forms[formIdOf(proposal)] ?? NO_FORM);
  const builtin = useFrom('templates', ({ list }) => list?.builtins.find(({ name }) => name === templateName)?.state ?? null);
  const name = event.contact?.name ?? '';
  const text = ((): string | null => {
    if (!event.contact) return t(`requestLinks.proposals.toNobody.${event.role}`);
    if (!template?.isSendable) return t(`requestLinks.proposals.template.${builtin === null || builtin === 'ok' ? (template ? 'not_approved' : 'missing') : builtin}`);
    if (isBlocked) return t('requestLinks.proposals.blocked', { name });
    if (event.contact.hasOptedOut && template.category === 'MARKETING') return t('requestLinks.proposals.optedOut', { name });
    const { problems, texts } = fillForm(template, slots, form);
    const [first] = problems;
    if (!first) return null;
    const missing = texts.find(({ slot }) => slot.key === first.key);
    const what = missing ? fieldLabel(missing, t) : t('templatePicker.form.header');
    return problems.length > 1 ? t('requestLinks.proposals.missingMore', { what, count: problems.length - 1 }) : t('requestLinks.proposals.missing', { what });
  })();
  if (text === null) return null;
  return (
    <p className={styles['hindrance']}>
      <CircleAlert size={13} aria-hidden="true" />
      {text}
    </p>
  );
}

/** Opens the form; where there is none to open, the place where that can be mended. */
function ReviewButton({ proposal, title, isNext }: { proposal: EventProposal; title: string; isNext: boolean }) {
  const { t } = useTexts();
  const { proposals, view } = useStores();
  const { event, template, request } = proposal;
  if (!event.contact) return <Button onClick={() => view.getState().showRequest(request.id)}>{t('requestLinks.proposals.toRequest')}</Button>;
  if (!template?.isSendable) return <Button onClick={() => view.getState().goTo('templates')}>{t('requestLinks.proposals.toTemplates')}</Button>;
  return (
    <Button command={isNext ? 'reviewProposal' : undefined} onClick={() => proposals.getState().review(event.id)}>
      <span className="visually-hidden">{t('requestLinks.proposals.reviewThis', { event: title })}</span>
      <span aria-hidden="true">
        {t('requestLinks.proposals.review')} {isNext && <KeyName command="reviewProposal" className={styles['key']} />}
      </span>
    </Button>
  );
}

const formIdOf = ({ event }: EventProposal): string => `event:${event.id}`;

function Review({ proposal }: { proposal: EventProposal }) {
  const { proposals } = useStores();
  const { event, request, template, slots } = proposal;
  const right = event.contact && { contact: event.contact, role: event.role };
  const otherId = useFrom('proposals', ({ recipients }) => recipients[event.id] ?? null);
  const others = peopleOf(proposal).filter(({ contact }) => contact.id !== right?.contact.id);
  const other = others.find(({ contact }) => contact.id === otherId);
  const to = other ?? right;
  if (!template || !to) return null;
  return (
    <div className={styles['form']}>
      <TemplateForm
        key={to.contact.id}
        formId={formIdOf(proposal)}
        template={template}
        proposals={slots}
        recipient={{ name: to.contact.name, role: to.role }}
        request={{ reference: request.reference }}
        about={<Recipient eventId={event.id} right={right} chosen={to} others={others} />}
        onSend={(input, isOverride) => proposals.getState().send(proposal, input, other?.contact ?? null, isOverride)}
        onBack={() => proposals.getState().review(null)}
      />
    </div>
  );
}

type Person = { contact: Contact; role: RequestRole };

/** Everybody who has a part in the request: the one that the event is for may be none of them any more. */
const peopleOf = ({ request: { customer, vendor } }: EventProposal): Person[] => [
  ...(customer ? [{ contact: customer, role: 'customer' as const }] : []),
  ...(vendor ? [{ contact: vendor, role: 'vendor' as const }] : []),
];

/** Whom it goes to. Somebody else can be chosen; the form then asks once more. */
function Recipient({ eventId, right, chosen, others }: { eventId: string; right: Person | null; chosen: Person; others: readonly Person[] }) {
  const { t } = useTexts();
  const { proposals } = useStores();
  if (others.length === 0) return null;
  const entries = [
    ...(right && chosen.contact.id !== right.contact.id
      ? [{ label: t('requestLinks.proposals.rightPerson', { name: right.contact.name }), run: () => proposals.getState().setRecipient(eventId, null) }]
      : []),
    ...others
      .filter(({ contact }) => contact.id !== chosen.contact.id)
      .map(({ contact, role }) => ({
        label: t('requestLinks.proposals.otherPerson', { name: contact.name, role: t(`requestLinks.asRole.${role}`) }),
        run: () => proposals.getState().setRecipient(eventId, contact.id),
      })),
  ];
  return (
    <Menu
      trigger={
        <Button look="quiet" aria-label={t('requestLinks.proposals.otherRecipient', { name: chosen.contact.name })}>
          {t('requestLinks.proposals.recipient', { name: chosen.contact.name })}
        </Button>
      }
      entries={entries}
    />
  );
}
