/**
 * A text of a template while it is written: its variables are tinted, and what WhatsApp would refuse is underlined in place, with the
 * words for it below. The marks are painted by a copy of the text behind the field, which also gives the field its height.
 */
import { CircleAlert, TriangleAlert } from 'lucide-react';
import { useId, type ReactNode, type Ref } from 'react';
import { findPlaceholders } from '../../contract/whatsapp/template-words.ts';
import type { TemplateIssue } from '../../contract/whatsapp/template-lint.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { cx } from '../ui/cx.ts';
import { issueWords } from './template-text.ts';
import styles from './marked-field.module.css';

type Props = {
  label: string;
  /** Path in the design; what jumps to it looks for this. */
  field: string;
  value: string;
  issues: readonly TemplateIssue[];
  /** Meta's own words about it. */
  refusal?: string | null;
  /** Of characters. */
  max?: number;
  isLong?: boolean;
  /** Without a variable to tint. */
  isPlain?: boolean;
  hint?: ReactNode;
  placeholder?: string;
  isDisabled?: boolean;
  inputMode?: 'text' | 'url' | 'tel';
  ref?: Ref<HTMLTextAreaElement>;
  onChange(value: string): void;
};

export function MarkedField({ label, field, value, issues, refusal = null, max, isLong = false, isPlain = false, hint, placeholder, isDisabled = false, inputMode = 'text', ref, onChange }: Props) {
  const { format } = useTexts();
  const id = useId();
  const isWrong = refusal !== null || issues.some(({ severity }) => severity === 'error');
  const hasNotes = issues.length > 0 || refusal !== null;
  return (
    <div className={styles['field']}>
      <span className={styles['top']}>
        <label htmlFor={id}>{label}</label>
        {max !== undefined && (
          <span className={cx(styles['count'], value.length > max && styles['over'])}>
            {format.number(value.length)}/{format.number(max)}
          </span>
        )}
      </span>
      <div className={cx(styles['box'], isWrong && styles['wrong'])} data-long={isLong || undefined}>
        <div className={styles['marks']} aria-hidden="true">
          <Marks text={value} issues={issues} isPlain={isPlain} />
        </div>
        <textarea
          ref={ref}
          id={id}
          data-field={field}
          rows={1}
          dir="auto"
          autoComplete="off"
          spellCheck={isLong ? undefined : false}
          inputMode={inputMode}
          value={value}
          disabled={isDisabled}
          placeholder={placeholder}
          aria-invalid={isWrong || undefined}
          aria-describedby={hasNotes || hint !== undefined ? `${id}-notes` : undefined}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !isLong) event.preventDefault();
          }}
          // What is pasted into one line stays on it.
          onChange={(event) => onChange(isLong ? event.target.value : event.target.value.replaceAll(/[\r\n]+/g, ' '))}
        />
      </div>
      <div id={`${id}-notes`} className={styles['notes']}>
        {!hasNotes && hint !== undefined && <p className={styles['hint']}>{hint}</p>}
        <IssueNotes issues={issues} refusal={refusal} />
      </div>
    </div>
  );
}

/** What is wrong, in words. The same rule at several places is told once. */
export function IssueNotes({ issues, refusal = null }: { issues: readonly TemplateIssue[]; refusal?: string | null }) {
  const { t } = useTexts();
  const told = new Map(issues.map((issue) => [issueWords(issue, t).is, issue]));
  return (
    <>
      {refusal !== null && (
        <p className={styles['issue']} data-severity="error" role="alert">
          <CircleAlert size={13} aria-hidden="true" />
          <span>{refusal}</span>
        </p>
      )}
      {[...told].map(([is, issue]) => {
        const { why, fix } = issueWords(issue, t);
        const Icon = issue.severity === 'error' ? CircleAlert : TriangleAlert;
        return (
          <p key={is} className={styles['issue']} data-severity={issue.severity} data-rule={issue.rule}>
            <Icon size={13} aria-hidden="true" />
            <span>
              <strong>{is}</strong> {why} {fix}
            </span>
          </p>
        );
      })}
    </>
  );
}

type Cut = { start: number; end: number; isVariable: boolean; severity: TemplateIssue['severity'] | null };

function Marks({ text, issues, isPlain }: { text: string; issues: readonly TemplateIssue[]; isPlain: boolean }) {
  return (
    <>
      {cutText(text, issues, isPlain).map(({ start, end, isVariable, severity }) => {
        const piece = text.slice(start, end);
        return isVariable || severity !== null ? (
          <mark key={start} className={cx(isVariable && styles['variable'])} data-severity={severity ?? undefined}>
            {piece}
          </mark>
        ) : (
          piece
        );
      })}
      {/* An empty last line has a height, too. */}
      {'\u200b'}
    </>
  );
}

/** The text in stretches that are marked alike. */
function cutText(text: string, issues: readonly TemplateIssue[], isPlain: boolean): Cut[] {
  const variables = isPlain ? [] : findPlaceholders(text);
  const ranges = issues.flatMap(({ range, severity }) => (range === null ? [] : [{ start: range[0], end: range[1], severity }]));
  const edges = [...new Set([0, text.length, ...variables.flatMap(({ start, end }) => [start, end]), ...ranges.flatMap(({ start, end }) => [start, end])])]
    .filter((edge) => edge <= text.length)
    .toSorted((a, b) => a - b);
  return edges.slice(0, -1).map((start, index) => {
    const end = edges[index + 1] ?? text.length;
    const inside = ranges.filter((range) => range.start <= start && range.end >= end);
    return {
      start,
      end,
      isVariable: variables.some((variable) => variable.start <= start && variable.end >= end),
      severity: inside.some(({ severity }) => severity === 'error') ? 'error' : inside.length > 0 ? 'warning' : null,
    };
  });
}
