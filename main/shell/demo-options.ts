/** The command-line flags of the demo workspace. */
import { DEMO_COLLEAGUES, findColleague, type Colleague } from '../demo/demo-team.ts';
import { UsageError } from './process-lifetime.ts';

/** `colleague`: whose desktop on the running demo; null: the demo itself. `hasPast`: a new one begins with the talks of sixty days. */
export type DemoOptions = { colleague: Colleague | null; isReset: boolean; hasPast: boolean };

export const DEMO_FLAGS = { demo: { type: 'boolean' }, reset: { type: 'boolean' }, as: { type: 'string' }, 'no-past': { type: 'boolean' } } as const;

const describeColleagues = (): string => DEMO_COLLEAGUES.map(({ slug, name, role }) => `${slug} (${name}, ${role})`).join(', ');

export const DEMO_HELP = `  --demo                 the demo workspace, also with a --data-dir of its own
  --reset                forgets the demo workspace first
  --no-past              a new demo begins with today's customers only, and some seconds sooner
  --as NAME              a second desktop on the demo that runs, as a colleague:
                         ${describeColleagues()}`;

/** What is asked of the demo; null when a real workspace is meant. @throws UsageError */
export function readDemoOptions({
  demo,
  reset,
  as,
  'no-past': noPast = false,
}: {
  demo?: boolean | undefined;
  reset?: boolean | undefined;
  as?: string | undefined;
  'no-past'?: boolean | undefined;
}): DemoOptions | null {
  if (!demo) {
    if (reset) throw new UsageError('--reset is for the demo workspace (--demo)');
    if (noPast) throw new UsageError('--no-past is for the demo workspace (--demo)');
    if (as !== undefined) throw new UsageError('--as is for the demo workspace (--demo)');
    return null;
  }
  if (as === undefined) return { colleague: null, isReset: reset === true, hasPast: !noPast };
  if (reset) throw new UsageError('--reset would take the demo away under the colleague: give it without --as, when the demo does not run');
  const colleague = findColleague(as);
  if (!colleague) throw new UsageError(`--as must name one of the demo's colleagues: ${describeColleagues()}`);
  return { colleague, isReset: false, hasPast: false };
}
