/**
 * Counts how much people changed each draft, once, a moment after it was decided: in pieces, because comparing two long texts takes milliseconds.
 * Invariant: a figure that was counted stays when the words are erased.
 */
import { setImmediate } from 'node:timers/promises';
import { draftBodySchema, runSchema, templateSuggestionSchema, type DraftBody } from '../../../../contract/ai/ai-entities.ts';
import { automaticText } from '../../../../contract/ai/automatic-text.ts';
import { editShare } from '../../../../contract/ai/edit-class.ts';
import { parseJson } from '../../../../contract/json.ts';
import { errorText, type Log } from '../../../../contract/log.ts';
import { templateKey } from '../../../../contract/whatsapp/template-words.ts';
import type { MessageContent } from '../../../../contract/whatsapp/message-content.ts';
import { readContent } from '../../conversations/views.ts';
import type { FigureTodo, QualityQueries } from '../../db/quality-queries.ts';

/** Counted in one transaction: some tens of milliseconds. */
const BATCH = 100;

type Deps = { queries: Pick<QualityQueries, 'listTodo' | 'putFigure' | 'forgetGone'>; transact: (work: () => void) => void; isOpen: () => boolean; log: Log };
export type DraftFigures = ReturnType<typeof createDraftFigures>;

export function createDraftFigures({ queries, transact, isOpen, log }: Deps) {
  let running: Promise<void> | null = null;
  let isStopped = false;

  const countSome = (): boolean => {
    const todo = queries.listTodo(BATCH);
    if (todo.length === 0) return false;
    transact(() => {
      for (const item of todo) queries.putFigure(item.id, item.message_id, shareOf(item), topicOf(item.record) ?? null);
    });
    return true;
  };
  const countAll = async (): Promise<void> => {
    while (!isStopped && isOpen() && countSome()) await setImmediate();
    if (!isStopped && isOpen()) queries.forgetGone();
  };

  /** Resolves when all that is decided has its figures. */
  const finish = (): Promise<void> => {
    running ??= countAll().finally(() => {
      running = null;
    });
    return running;
  };
  return {
    finish,
    /** Something was decided. */
    nudge: (): void => {
      finish().catch((error: unknown) => log('error', 'quality.not_counted', { error: errorText(error) }));
    },
    stop: async (): Promise<void> => {
      isStopped = true;
      await running?.catch(() => undefined);
    },
  };
}

function shareOf(item: FigureTodo): number | null {
  if (item.state !== 'approved' || item.content === null) return null;
  if (item.knownMessageId === item.message_id && item.knownShare !== null) return item.knownShare;
  // Erased.
  if (item.body === '') return null;
  const body = draftBodySchema.safeParse(parseJson(item.body));
  return !body.success ? null : shareOfContent(body.data, item, readContent(item.content));
}

/** Share of the draft that was changed, 0 to 1: of what left by itself with what it says of itself. Of a template what its values say is compared; another template is all of it. */
function shareOfContent(body: DraftBody, { auto_state: auto, template: suggestion }: FigureTodo, content: MessageContent): number | null {
  if (content.kind === 'text') return editShare(auto === 'sent' ? automaticText(body) : body.text, content.text);
  if (content.kind !== 'template') return null;
  const suggested = suggestion === null ? null : (templateSuggestionSchema.safeParse(parseJson(suggestion)).data ?? null);
  if (suggested === null || suggested.key !== templateKey(content)) return 1;
  const [proposed, sent] = [Object.values(suggested.texts), content.parameters.map(({ text }) => text)];
  return editShare(proposed.toSorted().join('\n'), sent.toSorted().join('\n'));
}

const retrievedSchema = runSchema.pick({ retrieved: true });
/** The article that a run cites with most passages; of equals the one found first. */
function topicOf(record: string | null): string | undefined {
  const run = retrievedSchema.safeParse(parseJson(record ?? 'null'));
  if (!run.success) return undefined;
  const cited = run.data.retrieved.filter(({ isCited }) => isCited).toSorted((a, b) => a.rank - b.rank);
  const counts = Map.groupBy(cited, ({ articleId }) => articleId);
  return [...counts].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
}
