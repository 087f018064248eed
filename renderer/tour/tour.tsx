/**
 * The guided tour: a card beside the real thing, which stays as usable as ever. Invariants: nothing is covered but by the card; the
 * keyboard comes to the card when the step changes and not again; a step whose thing is missing says so and goes on all the same.
 */
import { Check } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { CommandId } from '../commands/catalogue.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { moveFocus } from '../ui/return-focus.ts';
import { TOUR_STEPS, type TourStep } from './tour-steps.ts';
import { TOUR_GUIDES } from './tour-targets.ts';
import styles from './tour.module.css';

/** Leads back to the card from wherever one is. */
const KEY = 'F6';
/** Those that its texts tell. */
const TOLD_KEYS = ['next', 'previous', 'reply', 'take', 'assign', 'undo', 'find', 'linkRequest', 'template', 'sheet'] as const satisfies readonly CommandId[];
/** How often the target is looked for: lists and panes move. */
const LOOK_EVERY_MS = 150;
/** A page may still be loading. */
const MISSING_AFTER_LOOKS = 14;
const MARGIN = 10;

export function Tour() {
  const step = useFrom('tour', (state) => state.step);
  const name = step === null ? undefined : TOUR_STEPS[step];
  return name === undefined ? null : <Card name={name} step={step!} />;
}

function Card({ name, step }: { name: TourStep; step: number }) {
  const { t } = useTexts();
  const stores = useStores();
  const tour = stores.tour.getState();
  const card = useRef<HTMLDivElement>(null);
  const { hintOf } = useKeyNames();
  const keys = Object.fromEntries(TOLD_KEYS.map((id) => [id, hintOf(id)])) as Record<(typeof TOLD_KEYS)[number], string>;
  const ids = { title: useId(), text: useId() };
  const [opener] = useState(() => document.activeElement);
  const { box, isMissing, isDone } = useTarget(name);

  useEffect(() => {
    const { place, opens } = TOUR_GUIDES[name];
    const { view, conversation, inbox } = stores;
    if (place !== null && view.getState().place !== place) view.getState().goTo(place);
    const first = inbox.getState().rows?.[0];
    if (opens && conversation.getState().openId === null && first) conversation.getState().open(first.id);
    card.current?.focus({ preventScroll: true });
  }, [name, stores]);
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== KEY) return;
      event.preventDefault();
      card.current?.focus();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  useEffect(() => () => moveFocus(opener), [opener]);

  const leave = (): void => tour.leave();
  const onKeyDown = (event: KeyboardEvent): void => {
    const run = event.key === 'ArrowRight' ? tour.next : event.key === 'ArrowLeft' ? tour.back : event.key === 'Escape' ? leave : null;
    if (!run || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const isLast = step === TOUR_STEPS.length - 1;
  const place = usePlace(card, box);
  return (
    <>
      {box && <div className={styles['ring']} style={{ left: box.left - 4, top: box.top - 4, width: box.width + 8, height: box.height + 8 }} />}
      <div ref={card} className={styles['card']} style={place} role="dialog" aria-labelledby={ids.title} aria-describedby={ids.text} tabIndex={-1} data-tour-card onKeyDown={onKeyDown}>
        <p className={styles['count']}>{t('tour.count', { at: step + 1, of: TOUR_STEPS.length })}</p>
        <h2 id={ids.title} className={styles['title']}>
          {t(`tour.steps.${name}.title`)}
        </h2>
        <p id={ids.text} className={styles['text']}>
          {t(`tour.steps.${name}.text`, keys)}
        </p>
        <p className={styles['state']} role="status">
          {isDone ? (
            <>
              <Check size={14} /> {t('tour.done')}
            </>
          ) : (
            isMissing && t('tour.missing')
          )}
        </p>
        <div className={styles['foot']}>
          <Button look="quiet" onClick={leave}>
            {t('tour.leave')}
          </Button>
          <span className={styles['gap']} />
          <Button aria-keyshortcuts="ArrowLeft" disabled={step === 0} onClick={tour.back}>
            {t('tour.back')}
          </Button>
          <Button look="primary" aria-keyshortcuts="ArrowRight" onClick={tour.next}>
            {t(isLast ? 'tour.finish' : 'tour.next')}
          </Button>
        </div>
        <p className={styles['hint']}>{t('tour.hint', { key: KEY })}</p>
      </div>
    </>
  );
}

type Box = { left: number; top: number; width: number; height: number };

/** Where the step's thing is, as long as it is there. */
function useTarget(name: TourStep): { box: Box | null; isMissing: boolean; isDone: boolean } {
  const stores = useStores();
  const [found, setFound] = useState<{ name: TourStep; box: Box | null; looks: number; isDone: boolean }>({ name, box: null, looks: 0, isDone: false });
  useEffect(() => {
    const look = (): void => {
      const { target, isDone } = TOUR_GUIDES[name];
      const box = boxOf(target());
      setFound((before) => {
        const isSame = before.name === name;
        const next = { name, box, looks: box ? 0 : isSame ? Math.min(before.looks + 1, MISSING_AFTER_LOOKS) : 1, isDone: (isSame && before.isDone) || isDone(stores) };
        const isUnchanged = isSame && before.looks === next.looks && before.isDone === next.isDone && isEqual(before.box, box);
        return isUnchanged ? before : next;
      });
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    window.addEventListener('resize', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('resize', look);
    };
  }, [name, stores]);
  const isOfStep = found.name === name;
  return { box: isOfStep ? found.box : null, isMissing: isOfStep && found.looks >= MISSING_AFTER_LOOKS, isDone: isOfStep && found.isDone };
}

function boxOf(element: Element | null): Box | null {
  const rect = element?.getBoundingClientRect();
  if (!rect || rect.width === 0 || rect.height === 0) return null;
  const { left, top, width, height } = rect;
  return { left, top, width, height };
}
const isEqual = (a: Box | null, b: Box | null): boolean => a === b || (a !== null && b !== null && a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height);

/** Beside the target where there is room (right, left, below, above), never over it; without one in the corner. */
function usePlace(card: { current: HTMLElement | null }, box: Box | null): { left: number; top: number } | undefined {
  const [place, setPlace] = useState<{ left: number; top: number } | undefined>(undefined);
  useLayoutEffect(() => {
    const size = card.current?.getBoundingClientRect();
    if (!size) return;
    const clamp = (value: number, length: number, max: number): number => Math.max(MARGIN, Math.min(value, max - length - MARGIN));
    const { innerWidth: wide, innerHeight: high } = window;
    const next = ((): { left: number; top: number } => {
      if (!box) return { left: wide - size.width - MARGIN * 2, top: high - size.height - MARGIN * 4 };
      const top = clamp(box.top, size.height, high);
      if (box.left + box.width + size.width + MARGIN * 2 < wide) return { left: box.left + box.width + MARGIN, top };
      if (box.left - size.width - MARGIN * 2 > 0) return { left: box.left - size.width - MARGIN, top };
      const left = clamp(box.left, size.width, wide);
      return box.top + box.height + size.height + MARGIN * 2 < high ? { left, top: box.top + box.height + MARGIN } : { left, top: clamp(box.top - size.height - MARGIN, size.height, high) };
    })();
    setPlace((before) => (before && before.left === next.left && before.top === next.top ? before : next));
  }, [card, box]);
  return place;
}
