/**
 * The answers that wait for a review, one at a time beside their list. Keys: 1 good, 2 bad (then a figure for the reason), N or J next, K previous, C the
 * conversation. Figures, because the letters that come to mind begin other keys: G goes somewhere, B is "bien" in one language and "bad" in the other.
 */
import { Check, ClipboardCheck, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { REVIEW_REASONS, type ReviewReason } from '../../contract/ai/ai-words.ts';
import type { ReviewItem } from '../../contract/ai/ai-views.ts';
import { AI_MAX } from '../../contract/limits.ts';
import { WhyDialog } from '../ai/why-dialog.tsx';
import { useOpenConversation } from '../conversation/use-open-conversation.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Offered } from '../commands/command-desk.ts';
import { isInText } from '../commands/key-targets.ts';
import { useOffer } from '../commands/use-commands.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { TextArea } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import { Answer } from './answer.tsx';
import { KeyName } from '../ui/key-name.tsx';
import { Empty } from '../ui/part.tsx';
import styles from './reviews-part.module.css';

export function ReviewsPart() {
  const { t, format } = useTexts();
  const { quality } = useStores();
  const is = useFrom('quality', (state) => state.is);
  const queue = useFrom('quality', (state) => state.queue);
  const failure = useFrom('quality', (state) => state.failure);
  useEffect(() => quality.getState().show('queue'), [quality]);
  return (
    <div className={styles['page']}>
      <header className={styles['header']}>
        <div>
          <h2>{t('quality.part.reviews')}</h2>
          <p>{t('quality.review.text')}</p>
        </div>
        <div className={styles['tabs']} role="group" aria-label={t('quality.review.show')}>
          {(['open', 'done'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={is === one} onClick={() => quality.getState().setIs(one)}>
              {t(`quality.review.${one}`)}
              {one === 'open' && queue !== null && <span className={styles['count']}>{format.number(queue.open)}</span>}
            </button>
          ))}
        </div>
      </header>
      {queue === null ? (
        <p className={styles['state']} role="status">
          {failure === null ? t('quality.loading') : t(`failure.${failure}`)}
        </p>
      ) : queue.items.length === 0 ? (
        <Empty role="status">
          <ClipboardCheck size={22} strokeWidth={1.5} aria-hidden="true" />
          <p>{t(is === 'open' ? 'quality.review.none' : 'quality.review.noneDone')}</p>
          {is === 'open' && <p>{t('quality.review.noneHint')}</p>}
        </Empty>
      ) : (
        <Queue key={is} items={queue.items} all={is === 'open' ? queue.open : queue.items.length} hasMore={queue.hasMore} isDone={is === 'done'} />
      )}
    </div>
  );
}

function Queue({ items, all, hasMore, isDone }: { items: readonly ReviewItem[]; all: number; hasMore: boolean; isDone: boolean }) {
  const { t, format } = useTexts();
  const { quality, toasts } = useStores();
  const openConversation = useOpenConversation();
  const action = useAction();
  const [place, setPlace] = useState<{ id: string; index: number }>({ id: items[0]?.draft.draftId ?? '', index: 0 });
  /** The draft whose fault is asked for: if a colleague reviews it meanwhile, nothing is said of the one that takes its place. */
  const [askingOf, setAskingOf] = useState<string | null>(null);
  const [runId, setRunId] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  // What was reviewed has left the list: the one that took its place is next.
  const known = items.findIndex(({ draft }) => draft.draftId === place.id);
  const index = known === -1 ? Math.min(place.index, items.length - 1) : known;
  const item = items[index]!;
  const { draftId } = item.draft;
  const isAsking = askingOf === draftId;

  const go = (to: number): void => {
    const next = items[Math.min(Math.max(to, 0), items.length - 1)];
    if (!next) return;
    setPlace({ id: next.draft.draftId, index: items.indexOf(next) });
    setAskingOf(null);
    list.current?.querySelector(`[data-id="${CSS.escape(next.draft.draftId)}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const review = async (verdict: 'good' | 'bad' | null, reason: ReviewReason | null = null, note = ''): Promise<void> => {
    setPlace({ id: draftId, index });
    if (!(await action.run(() => quality.getState().review(draftId, verdict, reason, note)))) return;
    setAskingOf(null);
    const text = verdict === 'good' ? 'quality.review.markedGood' : verdict === 'bad' ? 'quality.review.markedBad' : 'quality.review.takenBack';
    const undo = { label: 'action.undo' as const, run: () => void quality.getState().review(draftId, null) };
    toasts.getState().say(text, verdict === null ? {} : { action: undo });
    if (isDone && verdict !== null) go(index + 1);
  };
  const offered: Offered = {
    reviewGood: { can: () => !isAsking, run: () => void review('good') },
    reviewBad: { can: () => !isAsking, run: () => setAskingOf(draftId) },
    reviewSkip: { can: () => !isAsking, run: () => go(index + 1) },
    reviewOpen: { can: () => !isAsking, run: () => openConversation(item.draft.conversationId, item.draft.messageId) },
    next: { can: () => !isAsking, run: () => go(index + 1) },
    previous: { can: () => !isAsking, run: () => go(index - 1) },
  };
  useOffer(offered);

  return (
    <div className={styles['queue']}>
      <div ref={list} className={styles['list']} role="listbox" aria-label={t(isDone ? 'quality.review.listDone' : 'quality.review.list')}>
        {items.map((one, at) => (
          <div
            key={one.draft.draftId}
            className={styles['row']}
            role="option"
            aria-selected={at === index}
            tabIndex={at === index ? 0 : -1}
            data-id={one.draft.draftId}
            onClick={() => go(at)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') go(at);
            }}
          >
            <span className={styles['name']}>
              <bdi>{one.conversationName}</bdi>
              <time>{format.short(one.draft.at)}</time>
            </span>
            <span className={styles['preview']}>{one.question || one.sent || t('quality.review.erased')}</span>
            <span className={styles['quiet']}>
              {[
                one.isAutomatic ? t('quality.review.automatic') : t(`quality.class.${one.editClass}`),
                one.review ? t(one.review.verdict === 'good' ? 'quality.review.good' : 'quality.review.bad') : null,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </div>
        ))}
        {hasMore && <Button onClick={quality.getState().loadMore}>{t('quality.review.more')}</Button>}
      </div>
      <div className={styles['one']}>
        <p className={styles['position']} role="status">
          {t('quality.review.position', { n: index + 1, all })}
        </p>
        <Answer key={draftId} item={item} onRecord={setRunId} />
        {item.review && <Given review={item.review} onTakeBack={() => void review(null)} />}
        {isAsking ? (
          <Reasons key={draftId} isBusy={action.isBusy} onSave={(reason, note) => void review('bad', reason, note)} onClose={() => setAskingOf(null)} />
        ) : (
          <div className={styles['buttons']}>
            <Button icon={<Check size={15} />} look="primary" disabled={action.isBusy} onClick={() => void review('good')}>
              {t('quality.review.good')} <KeyName command="reviewGood" />
            </Button>
            <Button icon={<X size={15} />} disabled={action.isBusy} onClick={() => setAskingOf(draftId)}>
              {t('quality.review.bad')} <KeyName command="reviewBad" />
            </Button>
            <span className={styles['gap']} />
            <Button disabled={index === 0} onClick={() => go(index - 1)}>
              {t('quality.review.previous')} <KeyName command="previous" />
            </Button>
            <Button disabled={index === items.length - 1} onClick={() => go(index + 1)}>
              {t('quality.review.next')} <KeyName command="reviewSkip" />
            </Button>
          </div>
        )}
        <p className={styles['keys']}>
          <KeyName command="reviewOpen" /> {t('shortcuts.reviewOpen')}
        </p>
      </div>
      {runId !== null && <WhyDialog runId={runId} onClose={() => setRunId(null)} />}
    </div>
  );
}

function Given({ review, onTakeBack }: { review: NonNullable<ReviewItem['review']>; onTakeBack(): void }) {
  const { t, format } = useTexts();
  return (
    <div className={styles['given']} data-verdict={review.verdict}>
      <p>
        <strong>{t(review.verdict === 'good' ? 'quality.review.good' : 'quality.review.bad')}</strong>
        {review.reason !== null && ` · ${t(`quality.reason.${review.reason}`)}`}
      </p>
      {review.note !== '' && <p dir="auto">{review.note}</p>}
      <p className={styles['quiet']}>{t('quality.review.reviewedBy', { who: review.by?.name ?? '—', when: format.short(review.at) })}</p>
      <Button look="quiet" onClick={onTakeBack}>
        {t('quality.review.takeBack')}
      </Button>
    </div>
  );
}

function Reasons({ isBusy, onSave, onClose }: { isBusy: boolean; onSave(reason: ReviewReason, note: string): void; onClose(): void }) {
  const { t } = useTexts();
  const [reason, setReason] = useState<ReviewReason | null>(null);
  const [note, setNote] = useState('');
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => box.current?.focus(), []);
  const save = (): void => {
    if (reason !== null && !isBusy) onSave(reason, note.trim());
  };
  return (
    <form
      ref={box}
      className={styles['reasons']}
      aria-label={t('quality.review.reasonTitle')}
      tabIndex={-1}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          return onClose();
        }
        if (event.key === 'Enter' && (!isInText(event.target) || event.ctrlKey || event.metaKey) && !(event.target instanceof HTMLButtonElement)) {
          event.preventDefault();
          return save();
        }
        const chosen = REVIEW_REASONS[Number(event.key) - 1];
        if (chosen === undefined || event.target instanceof HTMLTextAreaElement) return;
        event.preventDefault();
        setReason(chosen);
      }}
    >
      <fieldset>
        <legend>{t('quality.review.reasonTitle')}</legend>
        <div className={styles['choices']}>
          {REVIEW_REASONS.map((one, at) => (
            <label key={one} data-on={reason === one || undefined}>
              <input type="radio" name="reason" checked={reason === one} onChange={() => setReason(one)} />
              <kbd>{at + 1}</kbd> {t(`quality.reason.${one}`)}
            </label>
          ))}
        </div>
      </fieldset>
      <TextArea label={t('quality.review.note')} hint={t('quality.review.noteHint')} rows={2} maxLength={AI_MAX.reviewNote} value={note} onChange={(event) => setNote(event.target.value)} />
      <div className={styles['buttons']}>
        <Button look="primary" submits disabled={reason === null || isBusy}>
          {t('quality.review.saveBad')} <kbd>Enter</kbd>
        </Button>
        <Button onClick={onClose}>
          {t('action.cancel')} <kbd>Esc</kbd>
        </Button>
      </div>
    </form>
  );
}
