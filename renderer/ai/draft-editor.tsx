/** A draft's text to change in place, with a line under what nothing supports. */
import { useEffect, useRef } from 'react';
import type { Finding } from '../../contract/ai/ai-entities.ts';
import { TEXT_BODY_MAX } from '../../contract/limits.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { usePresenceReporter } from '../ui/app-context.tsx';
import { FindingMarks } from './finding-marks.tsx';
import styles from './draft-card.module.css';

type Props = { text: string; findings: readonly Finding[]; /** Its agent opened it just now. */ takesFocus: boolean; onChange(text: string): void; onDone(): void };

export function DraftEditor({ text, findings, takesFocus, onChange, onDone }: Props) {
  const { t } = useTexts();
  const presence = usePresenceReporter();
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const field = box.current;
    if (!field || !takesFocus) return;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }, [takesFocus]);
  return (
    <div className={styles['editor']}>
      <FindingMarks text={text} findings={findings} box={box} className={styles['marks']} />
      <textarea
        ref={box}
        dir="auto"
        rows={2}
        value={text}
        maxLength={TEXT_BODY_MAX}
        aria-label={t('ai.card.editLabel')}
        onChange={(event) => {
          presence.typed(true);
          onChange(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          event.stopPropagation();
          onDone();
        }}
      />
    </div>
  );
}
