/** The figures of the head: each with what it was before, and how it is counted. */
import { ArrowDownRight, ArrowUpRight, Equal } from 'lucide-react';
import type { Report } from '../../contract/reports.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { HelpMark } from '../ui/help-mark.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { compareFigures, figureText, type Change } from './compare.ts';
import { figureDetails, FIGURES, type Figure } from './report-tables.ts';
import styles from './figure-tiles.module.css';

export function FigureTiles({ report: { current, previous }, isLoading }: { report: Pick<Report, 'current' | 'previous'>; isLoading: boolean }) {
  const { t } = useTexts();
  return (
    <section aria-label={t('reports.figures')}>
      <ul className={styles['tiles']} data-loading={isLoading || undefined}>
        {FIGURES.map((figure) => (
          <Tile key={figure.key} figure={figure} current={current} previous={previous} isLoading={isLoading} />
        ))}
      </ul>
    </section>
  );
}

type TileProps = { figure: Figure; current: Report['current']; previous: Report['previous']; isLoading: boolean };

function Tile({ figure: { key, measure, wish, value }, current, previous, isLoading }: TileProps) {
  const { t, format } = useTexts();
  const name = t(`reports.figure.${key}`);
  const { under, hint } = figureDetails(key, current, { t, format });
  const now = isLoading ? null : value(current);
  const change = previous && !isLoading ? compareFigures({ now, before: value(previous), measure, wish }, t, format) : null;
  const shown = figureText(now, measure, format);
  return (
    <li className={styles['tile']} data-figure={key}>
      <div className={styles['name']}>
        <h3>{name}</h3>
        <HelpMark label={t('reports.howCounted', { name })} text={t(`reports.how.${key}`)} />
      </div>
      {hint === undefined || isLoading ? (
        <p className={styles['value']}>{shown}</p>
      ) : (
        <Tooltip content={hint} side="top">
          <button type="button" className={styles['value']} aria-label={`${shown}. ${hint}`}>
            {shown}
          </button>
        </Tooltip>
      )}
      <p className={styles['under']}>{isLoading ? '' : under}</p>
      <p className={styles['change']}>{change && <ChangeWords change={change} />}</p>
    </li>
  );
}

function ChangeWords({ change: { tone, text, before } }: { change: Change }) {
  const Icon = text.startsWith('+') ? ArrowUpRight : text.startsWith('\u{2212}') ? ArrowDownRight : Equal;
  return (
    <>
      <span className={styles['tone']} data-tone={tone}>
        <Icon size={13} aria-hidden="true" />
        {text}
      </span>
      <span className={styles['before']}>{before}</span>
    </>
  );
}
