/**
 * The card of a draft, in each of its states. Dashed edge, a mark and words: never only colour. A screen reader hears when a draft is being written and when
 * it is there, not each of its words.
 */
import { BookOpenText, ChevronDown, ChevronUp, CircleHelp, CircleSlash, Hourglass, Sparkles, TriangleAlert, UserRound, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useComposerKind } from '../composer/use-composer-kind.ts';
import type { OpenThread } from '../store/open-thread.ts';
import { NO_DRAFT } from '../store/drafts-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import type { CardState, DraftBody } from './card-state.ts';
import { AutoCountdown } from './auto-countdown.tsx';
import { ConfidenceChip, InjectionBadge } from './confidence-chip.tsx';
import { DraftActions } from './draft-actions.tsx';
import { DraftEditor } from './draft-editor.tsx';
import { DraftText, FindingList } from './draft-text.tsx';
import { FailureNotice } from './failure-notice.tsx';
import { TemplateOffer } from './template-offer.tsx';
import { KeyName } from '../ui/key-name.tsx';
import styles from './draft-card.module.css';

const WhyDialog = lazy(() => import('./why-dialog.tsx').then((module) => ({ default: module.WhyDialog })));

type Props = { thread: OpenThread; card: CardState; dismissKey: string | null };

export function DraftCard({ thread, card, dismissKey }: Props) {
  const [why, setWhy] = useState<string | null>(null);
  return (
    <>
      <CardOf thread={thread} card={card} dismissKey={dismissKey} onWhy={setWhy} />
      {why !== null && (
        <Suspense fallback={null}>
          <WhyDialog runId={why} onClose={() => setWhy(null)} />
        </Suspense>
      )}
    </>
  );
}

function CardOf({ thread, card, dismissKey, onWhy }: Props & { onWhy(runId: string): void }) {
  const { t } = useTexts();
  const { ai, draftDesk } = useStores();
  const { id, contact } = thread.conversation;
  const dismiss = dismissKey === null ? null : () => draftDesk.getState().dismiss(dismissKey);
  const mode = useFrom('ai', ({ open }) => open?.ai.mode ?? null);
  const ask = (
    <Button look="quiet" icon={<Sparkles size={14} />} onClick={() => ai.getState().request(id)}>
      {t('ai.card.propose')}
    </Button>
  );
  const cancel = (
    <Button look="quiet" onClick={() => ai.getState().cancel(id)}>
      {t('ai.card.cancel')} <kbd>Esc</kbd>
    </Button>
  );
  switch (card.kind) {
    case 'waiting':
      return (
        <Line icon={<Hourglass size={15} aria-hidden="true" />} text={t('ai.card.waiting', { name: contact.name })}>
          {cancel}
        </Line>
      );
    case 'preparing':
      return (
        <Line icon={<Sparkles className={styles['busy']} size={15} aria-hidden="true" />} text={t('ai.card.preparing')}>
          {cancel}
        </Line>
      );
    case 'streaming':
      return <StreamingCard thread={thread} text={card.text} action={cancel} />;
    case 'failed':
      return (
        <section className={styles['card']} aria-label={t('ai.card.label')} data-draft-card tabIndex={-1}>
          <Head title={t('ai.card.label')} icon={<TriangleAlert className={styles['mark']} data-tone="amber" size={15} aria-hidden="true" />}>
            <span className={styles['gap']} />
            {dismiss && <Dismiss onClick={dismiss} />}
          </Head>
          {card.failure.partial.trim() !== '' && (
            <p className={styles['text']} dir="auto" tabIndex={0} data-cut>
              {card.failure.partial} <span className={styles['cut']}>{t('ai.card.cutOff')}</span>
            </p>
          )}
          <FailureNotice failure={card.failure} onRetry={() => ai.getState().request(id)} />
        </section>
      );
    case 'draft':
      return <ReadyCard key={card.draft.draftId} thread={thread} card={card} onWhy={onWhy} />;
    case 'template':
      return <TemplateOffer thread={thread} draft={card.draft} onWhy={onWhy} />;
    case 'claimed':
      return <Line icon={<UserRound size={15} aria-hidden="true" />} text={t('ai.card.claimed', { name: card.by.name })} />;
    case 'over':
      return (
        <Line
          icon={<CircleSlash size={15} aria-hidden="true" />}
          text={t(`ai.over.${card.how}`, { name: card.draft.decidedBy?.isMe ? t('inbox.you') : (card.draft.decidedBy?.name ?? t('ai.over.somebody')) })}
          dismiss={dismiss}
        >
          <Button look="quiet" icon={<CircleHelp size={14} />} onClick={() => onWhy(card.draft.runId)}>
            {t('ai.why.open')}
          </Button>
          {card.how !== 'sent_automatically' && ask}
        </Line>
      );
    case 'none':
      return (
        <Line icon={<Sparkles size={15} aria-hidden="true" />} text={card.because === 'off' && mode ? t(`ai.none.offBy.${mode.from}`) : t(`ai.none.${card.because}`)} dismiss={dismiss}>
          {ask}
        </Line>
      );
  }
}

/** One quiet line: what happens, or why nothing did. */
function Line({ icon, text, dismiss = null, children }: { icon: ReactNode; text: string; dismiss?: (() => void) | null; children?: ReactNode }) {
  return (
    <div className={styles['line']} data-draft-card tabIndex={-1}>
      {icon}
      <p role="status">{text}</p>
      <span className={styles['acts']}>
        {children}
        {dismiss && <Dismiss onClick={dismiss} />}
      </span>
    </div>
  );
}

function Dismiss({ onClick }: { onClick(): void }) {
  const { t } = useTexts();
  return (
    <IconButton label={t('ai.card.dismiss')} side="top" onClick={onClick}>
      <X size={14} />
    </IconButton>
  );
}

const Head = ({ title, icon, children }: { title: string; icon: ReactNode; children?: ReactNode }) => (
  <header className={styles['head']}>
    {icon}
    <h3>{title}</h3>
    {children}
  </header>
);

function StreamingCard({ thread, text, action }: { thread: OpenThread; text: string; action: ReactNode }) {
  const { t } = useTexts();
  const isAside = useIsAside(thread);
  const box = useRef<HTMLParagraphElement>(null);
  // What is being written is in view, unless somebody scrolled up to read.
  useEffect(() => {
    const field = box.current;
    if (field && field.scrollHeight - field.scrollTop - field.clientHeight < 40) field.scrollTop = field.scrollHeight;
  }, [text]);
  return (
    <section className={styles['card']} aria-label={t('ai.card.label')} data-draft-card tabIndex={-1} data-aside={isAside || undefined}>
      <header className={styles['head']}>
        <Sparkles className={styles['mark']} size={15} aria-hidden="true" />
        <h3>{t('ai.card.label')}</h3>
        <span className={styles['state']} role="status">
          {t('ai.card.streaming')}
        </span>
        <span className={styles['gap']} />
        {action}
      </header>
      <p ref={box} className={styles['text']} dir="auto" tabIndex={0} aria-busy="true">
        {text}
      </p>
    </section>
  );
}

/** Its agent writes words of their own: the draft stands beside them in one line. */
function useIsAside({ conversation: { id } }: OpenThread): boolean {
  return useFrom('drafts', ({ drafts }) => {
    const draft = drafts[id] ?? NO_DRAFT;
    return draft.text.trim() !== '' && draft.aiDraftId === null;
  });
}

function ReadyCard({ thread, card: { draft, body, failure }, onWhy }: { thread: OpenThread; card: Extract<CardState, { kind: 'draft' }>; onWhy(runId: string): void }) {
  const { t } = useTexts();
  const { ai, draftDesk, links } = useStores();
  const { id } = thread.conversation;
  const { draftId } = draft;
  const edit = useFrom('draftDesk', ({ edits }) => edits[draftId] ?? null);
  const checked = useFrom('draftDesk', (state) => state.checked[draftId]);
  const rewriting = useFrom('draftDesk', (state) => (state.rewriting[id]?.target === 'card' && state.rewriting[id].draftId === draftId ? state.rewriting[id] : null));
  const asked = useFrom('draftDesk', (state) => state.asked[id] ?? null);
  const isTaken = useFrom('drafts', ({ drafts }) => drafts[id]?.aiDraftId === draftId);
  const ownText = useFrom('drafts', ({ drafts }) => drafts[id]?.text ?? '');
  const isAside = useIsAside(thread);
  const { kind } = useComposerKind(thread);
  /** Only who asked for it gets the focus with it. */
  const [isEditing, setEditing] = useState<false | 'kept' | 'asked'>(edit !== null && 'kept');
  const isRewriting = rewriting !== null;
  const [isWide, setWide] = useState(false);
  const [hasStopped, setStopped] = useState(false);
  const card = useRef<HTMLElement>(null);
  const text = edit?.text ?? body.text;
  const shownText = isTaken ? ownText : text;
  const findings = shownText === body.text ? body.findings : checked?.text === shownText ? checked.findings : [];
  // Words that were put in are not carried by the sources of the draft.
  const trust: Pick<DraftBody, 'confidence' | 'confidenceReasons'> = findings.length > 0 && body.confidence === 'solid' ? { confidence: 'check', confidenceReasons: ['findings'] } : body;
  const isSmall = isTaken || (isAside && !isWide && !isEditing);
  const byOther = draft.state === 'edited' && draft.editedBy && !draft.editedBy.isMe ? draft.editedBy : null;
  const isCounting = draft.auto?.state === 'counting';

  useEffect(() => {
    if (isRewriting) setEditing((is) => is && 'kept');
    else if (edit !== null) setEditing((is) => is || 'kept');
  }, [edit, isRewriting]);
  // Words that were changed before this window was opened have not been looked at in it.
  const isUnchecked = shownText !== body.text && checked?.text !== shownText;
  useEffect(() => {
    if (isUnchecked && shownText.trim() !== '') draftDesk.getState().check(draftId, shownText);
  }, [isUnchecked, draftDesk, draftId, shownText]);

  function send(): void {
    // What is in the composer goes from there.
    if ((kind !== 'reply' && kind !== 'note') || isTaken || text.trim() === '') return;
    // The question above the composer is about these very words: pressing the key again is a yes only by its button.
    if (asked?.from === 'card' && asked.draftId === draftId && asked.text === text) return;
    const go = (): void => void draftDesk.getState().send(draft, text);
    if (!links.getState().ask(id, 'reply', go)) go();
  }
  function startEditing(): void {
    setWide(true);
    setEditing('asked');
    if (isCounting) {
      setStopped(true);
      void ai.getState().stopAuto(draftId);
    }
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      // Only words that are in sight as they would go.
      if (!event.repeat && !isSmall && !isRewriting) send();
    }
  }

  const icon = body.isExtract ? <BookOpenText className={styles['mark']} size={15} aria-hidden="true" /> : <Sparkles className={styles['mark']} size={15} aria-hidden="true" />;
  const title = t(body.isExtract ? 'ai.card.extract' : 'ai.card.label');
  return (
    <section ref={card} className={styles['card']} aria-label={title} data-draft-card tabIndex={-1} data-stale={draft.isStale || undefined} data-taken={isTaken || undefined} onKeyDown={onKeyDown}>
      <header className={styles['head']}>
        {icon}
        <h3 title={body.isExtract ? t('ai.card.extractHint') : undefined}>{title}</h3>
        <p className="visually-hidden" role="status">
          {t('ai.card.ready', { what: t(`ai.confidence.${trust.confidence}`) })}
        </p>
        <ConfidenceChip body={trust} />
        {body.hasInjection && <InjectionBadge />}
        {body.isCutOff && (
          <span className={styles['badge']} data-tone="amber">
            {t('ai.card.cutOff')}
          </span>
        )}
        {byOther && <span className={styles['state']}>{t('ai.card.editedBy', { name: byOther.name })}</span>}
        {isSmall && !isTaken && (
          <span className={styles['glimpse']} dir="auto">
            {text}
          </span>
        )}
        {isTaken && <span className={styles['state']}>{t('ai.card.taken')}</span>}
        <span className={styles['gap']} />
        {isAside && !isTaken && (
          <>
            {isSmall && (
              <Button look="quiet" command="takeDraft" onClick={() => draftDesk.getState().take(id, text, draftId)}>
                {t('ai.card.take')} <KeyName command="takeDraft" />
              </Button>
            )}
            <IconButton label={t(isSmall ? 'ai.card.show' : 'ai.card.hide')} side="top" aria-expanded={!isSmall} onClick={() => setWide(isSmall)}>
              {isSmall ? <ChevronUp size={15} /> : <ChevronDown size={15} />}
            </IconButton>
          </>
        )}
        <IconButton label={t('ai.why.open')} side="top" onClick={() => onWhy(draft.runId)}>
          <CircleHelp size={15} />
        </IconButton>
      </header>
      {draft.isStale && !isCounting && (
        <p className={styles['notice']}>
          <TriangleAlert size={14} aria-hidden="true" />
          {t('ai.card.stale')}
          <Button look="quiet" onClick={() => ai.getState().request(id)}>
            {t('ai.card.update')}
          </Button>
        </p>
      )}
      {failure && <FailureNotice failure={failure} onRetry={() => ai.getState().request(id)} />}
      {isCounting && draft.auto && (
        <AutoCountdown
          at={draft.auto.at}
          onCancel={() => {
            setStopped(true);
            void ai.getState().stopAuto(draftId);
          }}
          onEdit={startEditing}
          onSendNow={send}
        />
      )}
      {isCounting && body.notice !== undefined && body.notice !== '' && <p className={styles['notice']}>{t('ai.auto.notice', { text: body.notice })}</p>}
      {hasStopped && draft.auto?.state === 'stopped' && (
        <p className={styles['notice']} role="status">
          {t('ai.auto.stopped')}
        </p>
      )}
      {!isSmall &&
        (rewriting ? (
          <>
            <p className={styles['text']} dir="auto" tabIndex={0} aria-busy={rewriting.state === 'streaming'}>
              {rewriting.text === '' ? text : rewriting.text}
            </p>
            {rewriting.failure ? (
              <FailureNotice
                failure={rewriting.failure}
                onRetry={() => draftDesk.getState().rewrite(id, { target: 'card', draftId, text: rewriting.before }, rewriting.rewrite, rewriting.language)}
                onClose={() => draftDesk.getState().endRewrite(id)}
              />
            ) : (
              <p className={styles['notice']} role="status">
                {t(`ai.rewrite.${rewriting.rewrite}`)}…
                <Button look="quiet" onClick={() => draftDesk.getState().endRewrite(id)}>
                  {t('ai.card.cancel')} <kbd>Esc</kbd>
                </Button>
              </p>
            )}
          </>
        ) : isEditing ? (
          <DraftEditor
            text={text}
            findings={findings}
            takesFocus={isEditing === 'asked'}
            onChange={(next) => draftDesk.getState().edit(draft, next)}
            onDone={() => {
              setEditing(false);
              card.current?.focus();
            }}
          />
        ) : (
          <DraftText body={edit ? { ...body, text, sentences: [], findings: [...findings] } : body} />
        ))}
      {(!isSmall || isTaken) && <FindingList text={shownText} findings={findings} />}
      {!isSmall && !rewriting && (
        <DraftActions
          thread={thread}
          draft={draft}
          text={text}
          edit={edit}
          isEditing={isEditing !== false}
          isCounting={isCounting}
          canSend={kind === 'reply' || kind === 'note'}
          onSend={send}
          onEdit={startEditing}
          onOriginal={() => {
            draftDesk.getState().dropEdit(draftId);
            setEditing(false);
          }}
        />
      )}
    </section>
  );
}
