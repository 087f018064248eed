/** What every chart stands in: its title, what it says in a sentence, the same as a table one key away, and both as files. */
import { Download } from 'lucide-react';
import { useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react';
import { useKeyNames } from '../commands/use-commands.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useStores } from './app-context.tsx';
import { Button } from './button.tsx';
import { csvRows, type DataTable } from './data-table.ts';
import { DataTableView } from './data-table-view.tsx';
import { drawFigure } from './draw-chart.ts';
import { saveFile } from './save-file.ts';
import { csvFile } from './write-csv.ts';
import styles from './chart-frame.module.css';

/** `fill`: a CSS background. */
export type LegendMark = { name: string; fill: string };
type Props = {
  /** Its title is the chart's. */
  table: DataTable;
  summary?: string;
  /** What the arrows do in it. */
  keys: string;
  legend: readonly LegendMark[];
  /** Of the chart, px: nothing moves when the table takes its place. */
  height: number;
  /** Above the picture. */
  pictureTitle: string;
  /** Without an ending. */
  fileName: string;
  children: ReactNode;
};

export function ChartFrame({ table, summary, keys, legend, height, pictureTitle, fileName, children }: Props) {
  const { t } = useTexts();
  const { toasts } = useStores();
  const { hintOf, isKey } = useKeyNames();
  const [isTable, setTable] = useState(false);
  const figure = useRef<HTMLDivElement>(null);
  const chartButton = useRef<HTMLButtonElement>(null);
  const tableButton = useRef<HTMLButtonElement>(null);
  const savePicture = async (): Promise<void> => {
    const picture = figure.current && (await drawFigure(figure.current, pictureTitle));
    if (picture) saveFile(`${fileName}.png`, picture);
    else toasts.getState().say('chart.failed', { tone: 'failure' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.repeat || !isKey('chartTable', event.nativeEvent)) return;
    event.preventDefault();
    setTable(!isTable);
    // What had the focus may go with what was shown.
    (isTable ? chartButton : tableButton).current?.focus();
  };
  return (
    <section className={styles['box']} aria-label={table.title} onKeyDown={onKeyDown}>
      <header className={styles['header']}>
        <h3>{table.title}</h3>
        <div className={styles['look']} role="group" aria-label={t('chart.look')} data-print="no">
          <button ref={chartButton} type="button" aria-pressed={!isTable} onClick={() => setTable(false)}>
            {t('chart.asChart')}
          </button>
          <button ref={tableButton} type="button" aria-pressed={isTable} onClick={() => setTable(true)}>
            {t('chart.asTable')}
          </button>
        </div>
        <span className={styles['files']} data-print="no">
          {!isTable && (
            <Button icon={<Download size={14} />} aria-label={t('chart.pngLabel', { title: table.title })} onClick={() => void savePicture()}>
              {t('chart.png')}
            </Button>
          )}
          <Button icon={<Download size={14} />} aria-label={t('chart.csvLabel', { title: table.title })} onClick={() => saveFile(`${fileName}.csv`, csvFile(csvRows(table)))}>
            {t('chart.csv')}
          </Button>
        </span>
      </header>
      {summary !== undefined && <p className={styles['summary']}>{summary}</p>}
      <div className={styles['room']} style={{ '--chart-height': `${height}px` } as CSSProperties}>
        {isTable ? (
          <DataTableView table={table} />
        ) : (
          <div ref={figure} className={styles['figure']}>
            {children}
            <ul className={styles['legend']} aria-hidden="true">
              {legend.map(({ name, fill }) => (
                <li key={name}>
                  <span className={styles['mark']} data-mark="" style={{ background: fill }} /> {name}
                </li>
              ))}
            </ul>
            <p className={styles['keys']} data-print="no">
              {keys} {t('chart.tableKey', { key: hintOf('chartTable') })}
            </p>
          </div>
        )}
      </div>
    </section>
  );
}

/** What the pointer or the arrows are at in a chart. */
export const ChartTip = ({ title, rows }: { title: string; rows: readonly { name: string; value: string; fill?: string }[] }) => (
  <div className={styles['tip']}>
    <strong>{title}</strong>
    {rows.map(({ name, value, fill }) => (
      <span key={name}>
        {fill !== undefined && <span className={styles['mark']} style={{ background: fill }} aria-hidden="true" />} {name}: {value}
      </span>
    ))}
  </div>
);
