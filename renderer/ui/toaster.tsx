/**
 * Notices at the edge of the window. Invariants: what its agent is doing goes on under them: Escape belongs to the dialog or menu that is
 * open, never to a notice that came up meanwhile; the time of a notice stands still while somebody is at it or the window is not in front.
 */
import { CircleAlert, X } from 'lucide-react';
import { DismissableLayer } from 'radix-ui/internal';
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { refusalText } from '../conversation/refusal-text.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { Translate } from '../i18n/i18n.ts';
import type { Toast } from '../store/toast-store.ts';
import { useFrom } from './app-context.tsx';
import { Button, IconButton } from './button.tsx';
import { moveFocus } from './return-focus.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import styles from './toaster.module.css';

const SHOWN_MS = 6_000;
const FAILURE_SHOWN_MS = 12_000;

export function Toaster() {
  const { t } = useTexts();
  const toasts = useFrom('toasts', (state) => state.toasts);
  const region = useRef<HTMLDivElement>(null);
  const isHeld = useIsHeld(region, toasts);
  const { keysOf, isKey } = useKeyNames();
  useEffect(() => {
    // Also over a dialog, which no other command reaches.
    const onKeyDown = (event: globalThis.KeyboardEvent): void => {
      if (isKey('notices', event)) region.current?.focus();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [isKey]);
  // A press on a notice is none beside the dialog that is open.
  return (
    <DismissableLayer.Branch ref={region} role="region" aria-label={t('toasts.label', { key: keysOf('notices') ?? '' })} aria-live="assertive" tabIndex={-1}>
      <ol className={styles['viewport']}>
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} isHeld={isHeld} />
        ))}
      </ol>
    </DismissableLayer.Branch>
  );
}

/** Somebody points at a notice or has the keyboard in one, or the window is behind others. */
function useIsHeld(region: RefObject<HTMLElement | null>, toasts: readonly Toast[]): boolean {
  const [isAt, setAt] = useState(false);
  const [isBehind, setBehind] = useState(false);
  useEffect(() => {
    const element = region.current;
    const hold = (): void => setAt(true);
    const letGo = (): void => setAt(element?.contains(document.activeElement) ?? false);
    const onFocusOut = ({ relatedTarget }: FocusEvent): void => setAt(relatedTarget instanceof Node && (element?.contains(relatedTarget) ?? false));
    const onBlur = (): void => setBehind(true);
    const onFocus = (): void => setBehind(false);
    element?.addEventListener('focusin', hold);
    element?.addEventListener('focusout', onFocusOut);
    element?.addEventListener('pointermove', hold);
    element?.addEventListener('pointerleave', letGo);
    window.addEventListener('blur', onBlur);
    window.addEventListener('focus', onFocus);
    return () => {
      element?.removeEventListener('focusin', hold);
      element?.removeEventListener('focusout', onFocusOut);
      element?.removeEventListener('pointermove', hold);
      element?.removeEventListener('pointerleave', letGo);
      window.removeEventListener('blur', onBlur);
      window.removeEventListener('focus', onFocus);
    };
  }, [region]);
  // What went away under the pointer or with the keyboard in it tells nobody.
  useEffect(() => setAt(region.current?.matches(':hover, :focus-within') ?? false), [region, toasts]);
  return isAt || isBehind;
}

/** A name written from right to left keeps its sentence in order (Unicode's isolates, FSI and PDI). */
const isolate = (name: string): string => `\u2068${name}\u2069`;

function sayIt({ text, values: { count, refused = 0, ...names }, refused: part, action }: Toast, t: Translate, isOffline: boolean): string {
  if (part) return refusalText(part, t);
  const isolated = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, isolate(name)]));
  // Which values a text takes is known to the one who says it; the types cannot tell it for all texts at once.
  const said = t(text as 'undo.done.other', { name: '', ...isolated, ...(count !== undefined && { count }) });
  const done = refused > 0 ? t('bulk.refused', { done: said, count: refused }) : /[.!?]$/.test(said) ? said : `${said}.`;
  return action?.label === 'action.undo' && isOffline ? t('bulk.offline', { done }) : done;
}

function ToastCard({ toast, isHeld }: { toast: Toast; isHeld: boolean }) {
  const { t } = useTexts();
  const { id, action } = toast;
  const dismiss = useFrom('toasts', (state) => state.dismiss);
  const isOffline = useFrom('session', ({ sync }) => sync !== null && sync.state !== 'live' && sync.state !== 'catching_up');
  const card = useRef<HTMLLIElement>(null);
  const left = useRef(toast.tone === 'failure' ? FAILURE_SHOWN_MS : SHOWN_MS);
  useEffect(() => {
    if (isHeld) return;
    const since = performance.now();
    const timer = setTimeout(() => dismiss(id), left.current);
    return () => {
      clearTimeout(timer);
      left.current -= performance.now() - since;
    };
  }, [id, isHeld, dismiss]);

  function close(): void {
    const hadFocus = card.current?.contains(document.activeElement) ?? false;
    dismiss(id);
    if (hadFocus) moveFocus(null);
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    close();
  }
  return (
    <li ref={card} className={styles['toast']} onKeyDown={onKeyDown}>
      {toast.tone === 'failure' && <CircleAlert className={styles['failure']} size={16} aria-hidden="true" />}
      <p className={styles['text']}>{sayIt(toast, t, isOffline)}</p>
      {action && (
        <Button
          look="quiet"
          onClick={() => {
            close();
            action.run();
          }}
        >
          {t(action.label)}
        </Button>
      )}
      <IconButton label={t('action.close')} side="top" onClick={close}>
        <X size={14} />
      </IconButton>
    </li>
  );
}
