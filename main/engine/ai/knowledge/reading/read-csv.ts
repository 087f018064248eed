/** A table as Markdown; with columns for questions and answers, as those. */
import { parse } from 'csv-parse/sync';
import { foldText } from '../../../../../contract/rules/fold-text.ts';
import { findDelimiter } from '../../../requests/csv-delimiter.ts';

const ROWS_MAX = 50_000;
const QUESTION = /^(?:pregunta|question|pergunta|consulta|q|p)s?$/;
const ANSWER = /^(?:respuesta|answer|resposta|a|r)s?$/;

export function readCsv(text: string): string {
  const rows = parse(text, { delimiter: findDelimiter(text), bom: true, relaxColumnCount: true, relaxQuotes: true, skipEmptyLines: true, to: ROWS_MAX }) as string[][];
  const [head, ...body] = rows.map((row) => row.map((cell) => cell.replace(/\s+/g, ' ').trim()));
  if (!head) return '';
  const question = head.findIndex((cell) => QUESTION.test(foldText(cell)));
  const answer = head.findIndex((cell) => ANSWER.test(foldText(cell)));
  if (question !== -1 && answer !== -1) {
    return body
      .filter((row) => row[question] && row[answer])
      .map((row) => {
        const rest = row.flatMap((cell, at) => (at === question || at === answer || cell === '' ? [] : [`${head[at] ?? ''}: ${cell}`]));
        return [`P: ${row[question]}`, `R: ${row[answer]}`, ...rest].join('\n');
      })
      .join('\n\n');
  }
  const line = (row: readonly string[]): string => `| ${row.map((cell) => cell.replaceAll('|', '/')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...body.map(line)].join('\n');
}
