import { CircleQuestionMark } from 'lucide-react';
import { useState } from 'react';
import { AnchoredPopover } from './anchored-popover.tsx';
import styles from './help-mark.module.css';

/** A small question mark beside a name. `label`: of what; `text`: the answer, in plain words. */
export function HelpMark({ label, text }: { label: string; text: string }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <button
        type="button"
        className={styles['mark']}
        aria-label={label}
        aria-expanded={anchor !== null}
        data-print="no"
        onClick={({ currentTarget }) => setAnchor(anchor === null ? currentTarget : null)}
      >
        <CircleQuestionMark size={14} strokeWidth={1.75} />
      </button>
      {anchor !== null && (
        <AnchoredPopover anchor={anchor} label={label} onClose={() => setAnchor(null)}>
          <p className={styles['text']}>{text}</p>
        </AnchoredPopover>
      )}
    </>
  );
}
