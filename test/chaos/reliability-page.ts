/** `docs/reliability.md`: what was injected and what became of it, as `npm run chaos -- faults --write` found it. */
import type { FaultCase } from './faults.ts';
import type { FaultRow } from './run-faults.ts';

export const HEAD = ['injected', 'runs', 'events in', 'lost', 'doubled'] as const;

export function writeReliabilityPage(rows: readonly FaultRow[], faults: readonly FaultCase[], { seed, days }: { seed: number; days: number }): string {
  const sum = (of: (row: FaultRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const notes = faults.flatMap(({ name, note }) => (note === undefined ? [] : [`- *${name}*: ${note}`]));
  return `# What is lost when something breaks

Nothing, and nothing is there twice. This page is made by \`npm run chaos -- faults --write\`, which injects each of these faults into a team at work: the relay,
two desktops, a line between each of them and the relay, and the stand-in for Meta, as real processes with real files. The log is sealed, and in half of the runs somebody is shut out just before, so
that the team changes its key in the midst of it. Customers write and people answer all the time. Afterwards, when everybody is at rest, it looks into the files:

- **events in**: customers' messages that Meta has, and ops that a desktop took from its agent (a reply, a note and what follows from them).
- **lost**: of those, what the log lacks or a desktop does not show. Every desktop's rows are also compared, byte for byte, with the log folded anew.
- **doubled**: what stands in the log twice, is shown twice, or reached Meta twice.

A reply of which nobody can know whether Meta took it is not sent again: its author is asked. It counts as neither.

${line(HEAD)}
| --- | ---: | ---: | ---: | ---: |
${rows.map(({ name, runs, eventsIn, lost, doubled }) => line([name, runs, eventsIn, lost, doubled])).join('\n')}
${line(['**all**', sum(({ runs }) => runs), sum(({ eventsIn }) => eventsIn), sum(({ lost }) => lost), sum(({ doubled }) => doubled)])}

Seed ${seed}; the team changed its key ${sum(({ keys }) => keys)} times meanwhile. Day ${new Date(days * 86_400_000).toISOString().slice(0, 10)}.

${notes.join('\n')}

What each part promises, and what is done besides:

- A webhook is answered 200 after its commit (WAL, \`synchronous=FULL\`), and its key is kept for 30 days at least: what Meta brings again, which it does for 7, is not stored again.
- A desktop pushes an op until the relay acknowledges it; the relay keeps the last number of each device, so that the same op is acknowledged and not appended.
- A message is sent by one desktop, under a lock of its folder; between Meta's taking it and the answer it is *uncertain*, and settled by Meta's status or its author.
- Disks: the databases are made full and read-only by SQLite's own means, so that it is SQLite's errors that the programs meet.
- \`npm run chaos\` (a day with three desktops, eight hours without a line, and everybody back at once) and \`npm run chaos -- long-log\` go on longer. What
  has to hold under histories drawn by chance is in \`test/property\`; wrong input is \`npm run fuzz\`.
`;
}
