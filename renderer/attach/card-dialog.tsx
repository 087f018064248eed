/**
 * Location, contacts and interactive messages: filled in beside a picture of what arrives, sent with the guard of every reply.
 * Invariant: what was filled in is kept until the engine has taken it; a closed dialog opens again as it was left.
 */
import { useState, type ReactNode } from 'react';
import { GuardBar } from '../composer/guard-bar.tsx';
import { refusalText } from '../conversation/refusal-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Translate } from '../i18n/i18n.ts';
import type { Commands } from '../store/commands.ts';
import type { OpenThread } from '../store/open-thread.ts';
import { useCommands, useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { checkCard, NO_CONTACT, NO_SECTION, type CardForms, type CardKind, type CardProblem } from './card-forms.ts';
import { ContactsForm } from './contacts-form.tsx';
import { AskLocationForm, ButtonsForm, LinkForm, ListForm } from './interactive-forms.tsx';
import { LocationForm } from './location-form.tsx';
import { PhonePreview } from './phone-preview.tsx';
import styles from './card.module.css';

export type CardFormProps<K extends CardKind> = { form: CardForms[K]; onChange(form: CardForms[K]): void };

const FIELDS: { [K in CardKind]: (props: CardFormProps<K>) => ReactNode } = {
  location: LocationForm,
  contacts: ContactsForm,
  buttons: ButtonsForm,
  list: ListForm,
  link: LinkForm,
  askLocation: AskLocationForm,
};
const TITLES = {
  location: 'compose.location.title',
  contacts: 'compose.contacts.title',
  buttons: 'compose.interactive.buttonsTitle',
  list: 'compose.interactive.listTitle',
  link: 'compose.interactive.linkTitle',
  askLocation: 'compose.interactive.askTitle',
} as const;

const emptyForms = (t: Translate): CardForms => ({
  location: { source: '', latitude: '', longitude: '', name: '', address: '' },
  contacts: [NO_CONTACT],
  buttons: { header: '', body: '', footer: '', buttons: [''] },
  list: { header: '', body: '', footer: '', button: t('compose.interactive.opensDefault'), sections: [NO_SECTION] },
  link: { header: '', body: '', footer: '', button: '', url: '' },
  askLocation: { body: t('compose.interactive.askDefault') },
});

type Props<K extends CardKind> = { kind: K; thread: OpenThread; onClose(): void };

export const CardDialog = (props: Props<CardKind>) => <CardOf {...props} />;

function CardOf<K extends CardKind>({ kind, thread, onClose }: Props<K>) {
  const { t } = useTexts();
  const { tray, conversation: open, view } = useStores();
  const { sendCard } = useCommands();
  const { id } = thread.conversation;
  const kept = useFrom('tray', (state) => state.forms[id]?.[kind]) as CardForms[K] | undefined;
  const [empty] = useState(() => emptyForms(t)[kind]);
  const form = kept ?? empty;
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Awaited<ReturnType<Commands['sendCard']>>>(null);
  const check = checkCard(kind, form);
  const Fields = FIELDS[kind] as (props: CardFormProps<K>) => ReactNode;
  const isMoved = thread.moved !== null;

  async function send(seenThrough: number): Promise<void> {
    if (check.status !== 'ready' || isBusy) return;
    setBusy(true);
    const refusal = await sendCard(id, { messageId: tray.getState().cardIdOf(id, kind, check.content), content: check.content, seenThrough });
    setBusy(false);
    setFailure(refusal?.code === 'THREAD_MOVED' ? null : refusal);
    if (refusal !== null) return;
    tray.getState().keepForm(id, kind, undefined);
    onClose();
    view.getState().focusComposer();
  }

  function submit(): void {
    // The question has its own button: an Enter that was on its way is no answer to it.
    if (isMoved) return;
    // What came since it was opened stands behind it, unseen.
    void send(thread.seenThrough);
  }

  return (
    <Dialog title={t(TITLES[kind as CardKind])} onClose={onClose} isWide>
      <form
        className={styles['card']}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className={styles['columns']}>
          <div className={styles['fields']}>
            <Fields form={form} onChange={(next) => tray.getState().keepForm(id, kind, next)} />
          </div>
          <PhonePreview kind={kind} form={form} />
        </div>
        {isMoved && (
          <GuardBar
            thread={thread}
            onSend={() => {
              const seenThrough = open.getState().acceptMoved();
              if (seenThrough !== null) void send(seenThrough);
            }}
            onReview={() => {
              open.getState().dismissMoved();
              onClose();
            }}
          />
        )}
        {failure !== null && (
          <p className={styles['failure']} role="alert">
            {failure.refused ? refusalText(failure.refused, t) : t(`failure.${failure.code}`)}
          </p>
        )}
        <div className={styles['actions']}>
          <p className={styles['missing']} role="status">
            {check.status === 'incomplete' ? problemText(check.problem, t) : ''}
          </p>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button look="primary" submits aria-disabled={check.status !== 'ready' || isBusy || isMoved}>
            {t('compose.card.send')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function problemText(problem: CardProblem, t: Translate): string {
  switch (problem) {
    case 'same':
      return t('compose.card.same');
    case 'rowsFull':
      return t('compose.interactive.rowsFull');
    case 'tooLong':
      // Said at its field.
      return '';
    case 'url':
      return t('compose.card.missing', { what: t('compose.interactive.url').toLocaleLowerCase() });
    case 'contacts':
      return t('compose.card.missing', { what: t('compose.contacts.needs') });
    case 'location':
      return t('compose.card.missing', { what: t('compose.location.source').toLocaleLowerCase() });
    case 'body':
      return t('compose.card.missing', { what: t('compose.interactive.body').toLocaleLowerCase() });
    case 'button':
      return t('compose.card.missing', { what: t('compose.interactive.linkText').toLocaleLowerCase() });
    case 'opens':
      return t('compose.card.missing', { what: t('compose.interactive.opens').toLocaleLowerCase() });
    case 'row':
      return t('compose.card.missing', { what: t('compose.interactive.row', { number: 1 }).toLocaleLowerCase() });
    case 'sectionTitle':
      return t('compose.card.missing', { what: t('compose.interactive.sectionTitle').toLocaleLowerCase() });
  }
}
