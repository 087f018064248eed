import { useLayoutEffect, useRef } from 'react';
import type { Finding } from '../../contract/ai/ai-entities.ts';
import { segmentsOf } from './draft-segments.ts';
import styles from './finding-marks.module.css';

/** `className`: as the box lays its own text out. */
type Props = { text: string; findings: readonly Finding[]; box: { current: HTMLTextAreaElement | null }; className: string | undefined };

/** Lines behind the text of a box: a box of plain text cannot underline its own. */
export function FindingMarks({ text, findings, box, className }: Props) {
  const marks = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const field = box.current;
    const follow = (): void => {
      if (marks.current && field) marks.current.scrollTop = field.scrollTop;
    };
    follow();
    field?.addEventListener('scroll', follow);
    return () => field?.removeEventListener('scroll', follow);
  }, [text, findings, box]);
  if (findings.length === 0) return null;
  return (
    <div ref={marks} className={className} aria-hidden="true">
      {segmentsOf({ text, sentences: [], facts: [], findings }).map((segment, index) =>
        segment.findings.length === 0 ? (
          segment.text
        ) : (
          <mark key={index} className={styles['doubt']} data-severity={segment.findings.some(({ severity }) => severity === 'high') ? 'high' : 'low'}>
            {segment.text}
          </mark>
        ),
      )}{' '}
    </div>
  );
}
