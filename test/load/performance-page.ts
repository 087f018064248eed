/** The part of `docs/performance.md` that says what one relay carries, as `npm run load -- --write` found it. */
import type { Machine } from '../bench/report.ts';
import { listFigures, type LoadReport } from './load-report.ts';

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** @param days since 1970. */
export function describeLoad(reports: readonly LoadReport[], machine: Machine, days: number): string {
  const { cores, cpu, memoryGb, platform, node, sqlite, loadAverage } = machine;
  const busy = loadAverage > 0.5 ? `, on which other programs ran too (load average ${loadAverage} before the run): these times hold the waiting for a processor, too` : '';
  return `## What one relay carries

This part is made by \`npm run load -- --write\`. It drives the relay's own process over real HTTP and WebSockets: webhooks signed as Meta signs them come when they
are due, whether or not the ones before are answered, and one in fifty comes twice; every desktop has its own token, says hello, pushes an op once a minute, looks at
another conversation twice a minute, and reads everything. The clients share the machine with the relay; the desktops, which in life have machines of their own, run
at a lower priority (nice 10).

${line(['', ...reports.map(({ store }) => store)])}
${line(['---', ...reports.map(() => '---:')])}
${listFigures(reports).map(line).join('\n')}

Measured on ${new Date(days * 86_400_000).toISOString().slice(0, 10)} with ${cores} cores (${cpu}) and ${memoryGb} GB (${platform}; Node ${node}, SQLite ${sqlite})${busy}.

How to read it:

- **Ceiling**: the rate is raised by half as long as 98 % of a step's webhooks are answered by its end and every desktop has every entry two seconds after it. Each
  webhook goes to every desktop: with many desktops the ceiling is one of bytes, which stand under *entries brought to desktops*; with few it is commits that count
  (\`npm run bench -- webhook-acks\`).
- **Answered**: counted from the moment at which the webhook was due, so that a relay which is slow for a while does not look fast because nobody asked it meanwhile.
- **A bare server** stands beside the relay: node:http, the signature, one commit for what came together, no desktops. It is asked 20 times a second. What it takes longer
  than a millisecond or two is time in which other programs had the processors, and stands in the relay's times too.
- **Lost, doubled, in another order**: every entry that a desktop reads is the next after the one before; what each of them read is compared, byte for byte, with what
  the others read and with the log in the store; the log with every webhook that was answered 200 and every op that was acknowledged.
- **Desktops that stop reading** keep their line open and take nothing. The relay ends it at 8 MB that wait for one of them; those bytes are in memory once, however many they wait for.
- **Back at once**: every line breaks, webhooks go on at the rate held, then all desktops are back within two seconds and read what they missed, while a tenth of that
  rate keeps coming. At the whole rate two cores have little left for what was missed: new entries go to everybody, too.
- **The log of seven days** is read page by page, the next one when the one before has been taken. A desktop reads it only where no colleague has made a snapshot yet.

A small form of this, without times, is part of \`npm run test:all\`.`;
}
