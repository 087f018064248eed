/** How a figure changed against the period before, in words and sign. */
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';

/** What a figure counts: ms, per cent, or things. */
export type Measure = 'span' | 'share' | 'count';
/** What would be good news; `neither`: more is only more. */
export type Wish = 'less' | 'more' | 'neither';
export type Tone = 'better' | 'worse' | 'same';
export type Change = { tone: Tone; /** −20 % · mejor */ text: string; /** antes 30 min */ before: string };

const MINUS = '\u{2212}';

/** Null where there is nothing to compare it with. */
export function compareFigures({ now, before, measure, wish }: { now: number | null; before: number | null; measure: Measure; wish: Wish }, t: Translate, format: Formats): Change | null {
  if (before === null) return null;
  const told = t('reports.change.before', { value: figureText(before, measure, format) });
  if (now === null) return { tone: 'same', text: t('reports.change.gone'), before: told };
  const difference = measure === 'share' ? Math.round(now - before) : before === 0 ? now : Math.round(((now - before) / before) * 100);
  if (difference === 0) return { tone: 'same', text: t('reports.change.same'), before: told };
  const sign = difference > 0 ? '+' : MINUS;
  const size = format.number(Math.abs(difference));
  // Of nothing there are no per cents.
  const amount =
    measure === 'share'
      ? t('reports.change.points', { count: Math.abs(difference), size: `${sign}${size}` })
      : before === 0
        ? `${sign}${figureText(Math.abs(difference), measure, format)}`
        : `${sign}${size}\u{A0}%`;
  if (wish === 'neither') return { tone: 'same', text: `${amount} · ${t(difference > 0 ? 'reports.change.more' : 'reports.change.less')}`, before: told };
  const tone = difference > 0 === (wish === 'more') ? 'better' : 'worse';
  return { tone, text: `${amount} · ${t(`reports.change.${tone}`)}`, before: told };
}

export function figureText(value: number | null, measure: Measure, format: Formats): string {
  if (value === null) return '–';
  if (measure === 'span') return format.span(value);
  return measure === 'share' ? `${format.number(Math.round(value))}\u{A0}%` : format.number(value);
}
