/** The tables of a report, each sortable and as a file. */
import { Download } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import type { Figures, Report } from '../../contract/reports.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { csvRows, type DataSort, type DataTable } from '../ui/data-table.ts';
import { DataTableView } from '../ui/data-table-view.tsx';
import { saveFile } from '../ui/save-file.ts';
import { csvFile } from '../ui/write-csv.ts';
import { agentsTable, aiTable, failuresTable, fileNameOf, serviceTypesTable, templatesTable } from './report-tables.ts';
import styles from './tables.module.css';

type Props = { report: Pick<Report, 'period' | 'current'>; isLoading: boolean };

export function Tables({ report, isLoading }: Props) {
  const { t } = useTexts();
  const { view } = useStores();
  const shared = { report, isLoading };
  return (
    <>
      <Box {...shared} make={agentsTable} sort={{ column: 3, isDown: true }} />
      <Box {...shared} make={serviceTypesTable} sort={{ column: 1, isDown: true }} />
      <Box {...shared} make={templatesTable} sort={{ column: 1, isDown: true }} />
      <div className={styles['pair']}>
        <Box {...shared} make={failuresTable} sort={{ column: 2, isDown: true }}>
          <div className={styles['action']} data-print="no">
            <Button look="quiet" onClick={() => view.getState().showDiagnostics('connection')}>
              {t('reports.failures.toDiagnostics')}
            </Button>
          </div>
        </Box>
        <Box {...shared} make={aiTable} />
      </div>
    </>
  );
}

type BoxProps = Props & { make(figures: Figures, words: Pick<ReturnType<typeof useTexts>, 't' | 'format'>): DataTable; sort?: DataSort; children?: ReactNode };

function Box({ report, isLoading, make, sort, children }: BoxProps) {
  const { t, format } = useTexts();
  const { current } = report;
  const table = useMemo(() => make(current, { t, format }), [make, current, t, format]);
  const isEmpty = table.rows.length === 0;
  return (
    <section className={styles['box']} aria-label={table.title}>
      <header className={styles['header']}>
        <h3>{table.title}</h3>
        <span data-print="no">
          <Button
            icon={<Download size={14} />}
            disabled={isLoading || isEmpty}
            aria-label={t('chart.csvLabel', { title: table.title })}
            onClick={() => saveFile(`${fileNameOf(table.title, report.period)}.csv`, csvFile(csvRows(table)))}
          >
            {t('chart.csv')}
          </Button>
        </span>
      </header>
      {isEmpty ? <p className={styles['none']}>{isLoading ? '' : t('reports.nothing')}</p> : <DataTableView table={table} {...(sort ? { sort } : {})} />}
      {!isEmpty && children}
    </section>
  );
}
