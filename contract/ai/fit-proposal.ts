/**
 * What a run has to say can be longer than an op (`OP_BODY_MAX`). Invariants: the text that a person reads and sends is never cut; what is cut goes
 * in the order of `STEPS`, each only if the ones before did not do; the same input gives the same result, and the run's hash is that of what is left.
 */
import { OP_BODY_MAX } from '../limits.ts';
import type { OpArgs } from '../ops/op.ts';
import type { AiRun, DraftBody, Fact, Finding } from './ai-entities.ts';
import { hashRun } from './run-record.ts';

type Run = Omit<AiRun, 'hash'>;
type Unhashed<T extends { run: AiRun }> = Omit<T, 'run'> & { run: Run };
type Proposal = Unhashed<OpArgs<'draft.propose'>>;
type Summary = Unhashed<OpArgs<'ai.summary'>>;
/** What any of the ops has that can be cut; what it has not is left out. */
type Parts = { run: Run; body?: DraftBody; facts?: Fact[]; template?: Proposal['template'] };
type Step = (parts: Parts) => Parts;

/** Room for the op's own frame, and for the hash. */
const LENGTH_MAX = OP_BODY_MAX - 500;

const cut = (text: string, length: number): string => (text.length <= length ? text : text.slice(0, length).toWellFormed());
const onFacts =
  (change: (facts: Fact[]) => Fact[]): Step =>
  ({ body, facts, ...rest }) => ({ ...rest, ...(body && { body: { ...body, facts: change(body.facts) } }), ...(facts && { facts: change(facts) }) });
const onRun =
  (change: (run: Run) => Run): Step =>
  (parts) => ({ ...parts, run: change(parts.run) });
const onWords = (change: (text: Run['text']) => Run['text']): Step => onRun((run) => ({ ...run, text: change(run.text) }));
const cutDetails = (findings: Finding[], length: number): Finding[] => findings.map((finding) => ({ ...finding, detail: cut(finding.detail, length) }));

const STEPS: readonly Step[] = [
  // The passages themselves stand in the knowledge base, and what is known of a request in the request.
  ...[1_500, 800, 400, 200].map((length) => onFacts((facts) => facts.map((fact) => ({ ...fact, text: cut(fact.text, length) })))),
  ...[4_000, 1_000, 0].map((length) => onWords((text) => ({ ...text, raw: cut(text.raw, length) }))),
  onWords((text) => ({ ...text, question: cut(text.question, 300), instruction: cut(text.instruction, 300) })),
  onFacts((facts) => facts.map((fact) => ({ ...fact, label: cut(fact.label, 60), text: cut(fact.text, 60) }))),
  ...[60, 20].map((length): Step => ({ body, run, ...rest }) => ({
    ...rest,
    ...(body && { body: { ...body, findings: cutDetails(body.findings, length) } }),
    run: {
      ...run,
      findings: cutDetails(run.findings, length),
      policy: run.policy && { ...run.policy, rules: run.policy.rules.map((rule) => ({ ...rule, detail: rule.detail === null ? null : cut(rule.detail, length) })) },
    },
  })),
  (parts) => (parts.template === undefined ? parts : { ...parts, template: null }),
  onWords((text) => ({ ...text, final: '' })),
  onRun((run) => ({ ...run, retrieved: run.retrieved.slice(0, 6), facts: run.facts.filter(({ isUsed }) => isUsed).slice(0, 20), findings: run.findings.slice(0, 20) })),
  // Without the facts that sentences name there is nothing to open.
  ({ body, facts, ...rest }) => ({ ...rest, ...(body && { body: { ...body, facts: [], sentences: [] } }), ...(facts && { facts: [] }) }),
];

export const fitProposal = (proposal: Proposal): OpArgs<'draft.propose'> => fit(proposal);

export const fitSummary = (summary: Summary): OpArgs<'ai.summary'> => fit(summary);

/** For `ai.run`. */
export const fitRun = (run: Run): AiRun => fit({ run }).run;

function fit<T extends Parts>(parts: T): Omit<T, 'run'> & { run: AiRun } {
  let fitted = parts;
  for (const step of STEPS) {
    if (JSON.stringify(fitted).length <= LENGTH_MAX) break;
    // A step gives back what it was given, with shorter values.
    fitted = step(fitted) as T;
  }
  return { ...fitted, run: { ...fitted.run, hash: hashRun(fitted.run) } };
}
