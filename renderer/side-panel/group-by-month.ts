/** Files as rows of a list: a heading where another month begins, and so many side by side. */
import type { Message } from '../../contract/entities.ts';

export type FileRow = { kind: 'month'; key: string; month: string } | { kind: 'files'; key: string; items: readonly Message[] };

/** @param messages newest first. @param nameMonth of a time (ms), with its year. */
export function groupByMonth(messages: readonly Message[], width: number, nameMonth: (at: number) => string): FileRow[] {
  const rows: FileRow[] = [];
  let month: string | null = null;
  let open: Message[] = [];
  for (const message of messages) {
    const own = nameMonth(message.sentAt);
    if (own !== month) rows.push({ kind: 'month', key: `month ${own}`, month: own });
    if (own !== month || open.length === width) {
      open = [];
      rows.push({ kind: 'files', key: message.id, items: open });
    }
    month = own;
    open.push(message);
  }
  return rows;
}
