/** One of the two people of a request: who it is, what they wrote last, and the conversation with them to read. */
import { EllipsisVertical, ExternalLink, Link2, MessageSquarePlus, UserRound } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import type { ConversationSummary } from '../../contract/entities.ts';
import type { RequestRole } from '../../contract/requests/request-rules.ts';
import type { ContactListRow, ServiceRequest } from '../../contract/work-entities.ts';
import { MessageRow } from '../conversation/message-row.tsx';
import { ThreadActionsContext, type ThreadActions } from '../conversation/thread-actions.tsx';
import { layoutThread } from '../conversation/thread-layout.ts';
import { WindowPill } from '../conversation/window-pill.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import type { SideThread } from '../store/request-store.ts';
import { areRequestsOn } from '../store/session-store.ts';
import { useClient, useFrom, useStores } from '../ui/app-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton, MenuButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { useAction } from '../ui/use-action.ts';
import { ContactPicker } from './contact-picker.tsx';
import { useMove } from './request-moves.tsx';
import styles from './request-side.module.css';

const LinkDialog = lazy(() => import('./link-dialog.tsx').then((module) => ({ default: module.LinkDialog })));

export function RequestSide({ request, of: role }: { request: ServiceRequest; of: RequestRole }) {
  const { t } = useTexts();
  const side = useFrom('request', (state) => state.sides[role]);
  const [isChoosing, setChoosing] = useState(false);
  const link = request.links.find((one) => one.role === role) ?? null;
  const setLink = useSetLink(request, role);
  const contact = role === 'customer' ? request.customer : request.vendor;
  const name = contact?.name ?? (role === 'customer' ? request.customerName : '');
  return (
    <section className={styles['side']} aria-label={t(`requests.role.${role}`)}>
      <Person request={request} role={role} />
      {side.thread && link ? (
        <CompactThread thread={side.thread} lastInbound={link.lastInbound} onUnlink={() => void setLink(null)} onOther={() => setChoosing(true)} />
      ) : (
        link === null && <NoThread request={request} role={role} name={name} candidates={side.candidates} onLink={(id) => void setLink(id)} onChoose={() => setChoosing(true)} />
      )}
      <Suspense fallback={null}>
        {isChoosing && (
          <LinkDialog
            search={contact?.phone ?? name}
            onPick={(id) => {
              setChoosing(false);
              void setLink(id);
            }}
            onClose={() => setChoosing(false)}
          />
        )}
      </Suspense>
    </section>
  );
}

function useSetLink(request: ServiceRequest, role: RequestRole): (to: string | null) => Promise<void> {
  const client = useClient();
  const { toasts } = useStores();
  const { run } = useAction();
  const from = request.links.find((one) => one.role === role)?.conversationId ?? null;
  return async (to) => {
    await run(async () => {
      const verdict = await client.requests.link({ requestId: request.id, role, from, to });
      if (verdict.outcome === 'superseded') return toasts.getState().say('requests.thread.overruled');
      if (verdict.outcome === 'applied') toasts.getState().say(to === null ? 'requests.thread.unlinked' : 'requests.thread.linked');
      return verdict;
    });
  };
}

/** Who it is, and the way to choose somebody else. */
function Person({ request, role }: { request: ServiceRequest; role: RequestRole }) {
  const { t } = useTexts();
  const move = useMove(request);
  const areOn = useFrom('session', areRequestsOn);
  const contact = role === 'customer' ? request.customer : request.vendor;
  const typedName = role === 'customer' ? request.customerName : '';
  const pick = (chosen: ContactListRow | null): void => {
    if ((chosen?.id ?? null) === (contact?.id ?? null)) return;
    const { customerName, contactPhone } = request;
    if (role === 'vendor') return void move({ vendorId: { from: contact?.id ?? null, to: chosen?.id ?? null } });
    void move({
      customerId: { from: contact?.id ?? null, to: chosen?.id ?? null },
      // What nobody has written yet.
      ...(chosen && customerName === '' && { customerName: { from: '', to: chosen.name } }),
      ...(chosen?.phone && contactPhone === '' && { contactPhone: { from: '', to: chosen.phone } }),
    });
  };
  return (
    <header className={styles['person']}>
      {contact ? (
        <Avatar id={contact.id} name={contact.name} size={36} />
      ) : (
        <span className={styles['nobody']}>
          <UserRound size={18} aria-hidden="true" />
        </span>
      )}
      <div className={styles['who']}>
        <p className={styles['role']}>{t(`requests.role.${role}`)}</p>
        <h2 className={styles['name']}>
          <bdi>{contact?.name ?? (typedName || t('requests.person.none'))}</bdi>
        </h2>
        <p className={styles['quiet']}>
          {contact ? (contact.phone ?? (contact.username && `@${contact.username}`)) : t(role === 'customer' ? 'requests.person.noneHintCustomer' : 'requests.person.noneHintVendor')}
        </p>
      </div>
      {areOn && (
        <ContactPicker
          align="end"
          trigger={<Button>{t(contact ? 'requests.person.change' : 'requests.person.choose')}</Button>}
          among={role === 'vendor' ? 'vendor' : 'anybody'}
          label={t(`requests.role.${role}`)}
          serviceType={request.serviceType}
          chosenId={contact?.id ?? null}
          {...(contact && { none: t(role === 'vendor' ? 'requests.move.unassign' : 'requests.person.clear') })}
          onPick={pick}
        />
      )}
    </header>
  );
}

type CompactProps = { thread: SideThread; lastInbound: ServiceRequest['links'][number]['lastInbound']; onUnlink(): void; onOther(): void };

function CompactThread({ thread: { conversation, messages, hasMore }, lastInbound, onUnlink, onOther }: CompactProps) {
  const { t, format } = useTexts();
  const { conversation: opened, view } = useStores();
  const now = useFrom('clock', toMinute);
  const areOn = useFrom('session', areRequestsOn);
  const { id, contact, status } = conversation;
  const open = (): void => {
    opened.getState().open(id);
    view.getState().goTo('inbox');
  };
  const actions = useMemo<ThreadActions>(() => {
    const show = (messageId: string): void => {
      void opened.getState().openAt(id, messageId);
      view.getState().goTo('inbox');
    };
    const showIt = (message: { id: string }): void => show(message.id);
    return { isReadOnly: true, reply: showIt, react: showIt, showVersions: showIt, jumpTo: show, view: (message) => view.getState().showPicture(message), showRaw: showIt };
  }, [opened, view, id]);
  const rows = useMemo(() => layoutThread(messages, { firstUnreadId: null, dayNumber: format.dayNumber }), [messages, format]);

  // At the newest message, unless somebody reads further up.
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const stick = (): void => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    };
    const observer = new ResizeObserver(stick);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    stick();
    return () => observer.disconnect();
  }, [rows]);

  return (
    <>
      <div className={styles['bar']}>
        <WindowPill window={conversation.window} />
        {status !== 'active' && <span className={styles['quiet']}>{t(`requests.thread.status.${status}`)}</span>}
        <span className={styles['gap']} />
        <IconButton label={t('requests.thread.open')} onClick={open}>
          <ExternalLink size={16} />
        </IconButton>
        {areOn && (
          <Menu
            trigger={
              <MenuButton label={t('requests.thread.options')}>
                <EllipsisVertical size={16} />
              </MenuButton>
            }
            entries={[
              { label: t('requests.thread.other'), run: onOther },
              { label: t('requests.thread.unlink'), run: onUnlink },
            ]}
          />
        )}
      </div>
      <p className={styles['last']}>
        {lastInbound ? (
          <>
            <span className={styles['quiet']}>
              {t('requests.person.wrote')} <time title={format.exact(lastInbound.at)}>{format.relative(lastInbound.at, now)}</time>
            </span>
            <bdi className={styles['lastWords']}>{lastInbound.text}</bdi>
          </>
        ) : (
          <span className={styles['quiet']}>{t('requests.person.neverWrote')}</span>
        )}
      </p>
      <div
        ref={scroller}
        className={styles['thread']}
        role="log"
        aria-live="off"
        aria-label={t('requests.thread.label', { name: contact.name })}
        tabIndex={0}
        onScroll={({ currentTarget: element }) => {
          isAtEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - 24;
        }}
      >
        <div>
          <ThreadActionsContext value={actions}>
            {hasMore && (
              <p className={styles['earlier']}>
                <Button look="quiet" onClick={open}>
                  {t('requests.thread.earlier')}
                </Button>
              </p>
            )}
            {rows.map((row) => row.kind === 'message' && <MessageRow key={row.id} {...row} isStart={false} isMoved={false} contactName={contact.name} unreadCount={0} />)}
            {messages.length === 0 && <p className={styles['noMessages']}>{t('requests.thread.noMessages')}</p>}
          </ThreadActionsContext>
        </div>
      </div>
    </>
  );
}

type NoThreadProps = { request: ServiceRequest; role: RequestRole; name: string; candidates: readonly ConversationSummary[]; onLink(conversationId: string): void; onChoose(): void };

/** Why there is none, and the nearest way to one. */
function NoThread({ request, role, name, candidates, onLink, onChoose }: NoThreadProps) {
  const { t, format } = useTexts();
  const client = useClient();
  const { run, isBusy } = useAction();
  const now = useFrom('clock', toMinute);
  const areOn = useFrom('session', areRequestsOn);
  const contact = role === 'customer' ? request.customer : request.vendor;
  const phone = contact?.phone ?? (role === 'customer' ? request.contactPhone : '');
  const start = (): void =>
    void run(async () => {
      const { conversationId } = await client.conversations.start({ phone, name: name || null });
      onLink(conversationId);
    });
  return (
    <div className={styles['none']}>
      <p className={styles['noneTitle']}>{t('requests.thread.none')}</p>
      <p>{candidates.length > 0 ? t('requests.thread.noneCandidates', { name }) : contact === null ? t('requests.thread.noPerson') : t('requests.thread.noneAtAll', { name })}</p>
      {areOn && (
        <div className={styles['ways']}>
          {candidates.slice(0, 3).map(({ id, status, lastMessage }, index) => (
            <Button key={id} look={index === 0 ? 'primary' : 'plain'} icon={<Link2 size={15} aria-hidden="true" />} onClick={() => onLink(id)}>
              {t('requests.thread.link')} · {t(`requests.thread.status.${status}`)}
              {lastMessage && `, ${format.relative(lastMessage.at, now)}`}
            </Button>
          ))}
          {candidates.length === 0 && phone !== '' && (
            <Button icon={<MessageSquarePlus size={15} aria-hidden="true" />} aria-disabled={isBusy} onClick={start}>
              {t('requests.thread.start')}
            </Button>
          )}
          <Button look="quiet" onClick={onChoose}>
            {t('requests.thread.choose')}
          </Button>
        </div>
      )}
    </div>
  );
}
