import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useState } from 'react';
import { localeOf } from '../i18n/format.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { sortRows, type DataSort, type DataTable } from './data-table.ts';
import styles from './data-table-view.module.css';

/** @param sort how it is sorted at first; without it its rows stay as they are. */
export function DataTableView({ table, sort: first }: { table: DataTable; sort?: DataSort }) {
  const { t, language } = useTexts();
  const [chosen, setSort] = useState<DataSort | null>(null);
  const sort = chosen ?? first ?? null;
  const rows = useMemo(() => (sort === null ? table.rows : sortRows(table.rows, sort, localeOf(language))), [table.rows, sort, language]);
  // Figures begin with the largest, names with A.
  const sortBy = (column: number): void => setSort({ column, isDown: sort?.column === column ? !sort.isDown : column > 0 });
  return (
    // A table that is too wide for its place is scrolled by the keyboard, too.
    <div className={styles['scroll']} role="group" aria-label={table.title} tabIndex={0}>
      <table className={styles['table']}>
        <thead>
          <tr>
            {table.columns.map(({ name, hint }, column) => {
              const isSorted = sort?.column === column;
              return (
                <th key={name} scope="col" title={hint} aria-sort={isSorted ? (sort.isDown ? 'descending' : 'ascending') : undefined}>
                  {first === undefined ? (
                    name
                  ) : (
                    <button type="button" className={styles['sort']} data-sorted={isSorted || undefined} onClick={() => sortBy(column)}>
                      {name}
                      {isSorted && (sort.isDown ? <ArrowDown size={11} aria-hidden="true" /> : <ArrowUp size={11} aria-hidden="true" />)}
                      <span className="visually-hidden">{t('table.sortBy')}</span>
                    </button>
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map(({ text, hint }, column) =>
                column === 0 ? (
                  <th key={column} scope="row" title={hint}>
                    <bdi>{text}</bdi>
                  </th>
                ) : (
                  <td key={column} title={hint}>
                    {text}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
