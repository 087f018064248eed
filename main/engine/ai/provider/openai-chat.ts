/** Chat Completions: the one API that every server has. Our own reading of its chunks, as the package's helper refuses servers that leave out a role or an end. */
import { z } from 'zod';
import type { Usage } from '../../../../contract/ai/ai-entities.ts';
import type { Prompt } from '../prompt/prompt.ts';
import type { ServerError } from './failures.ts';
import { readErrorBody } from './openai-client.ts';
import { TOKENS_MAX, type ServerTraits } from './profiles.ts';
import type { StreamStep } from './run-stream.ts';

/** Answers of support rest on facts; little is left to chance. */
export const TEMPERATURE = 0.2;

type Asked = Pick<Prompt, 'messages' | 'maxOutputTokens'>;

export const chatBody = (model: string, { messages, maxOutputTokens }: Asked, traits: ServerTraits): Record<string, unknown> => ({
  model,
  messages: messages.map(({ role, content }) => ({ role, content })),
  [traits.maxTokens]: maxOutputTokens,
  ...(traits.temperature ? { temperature: TEMPERATURE } : {}),
  ...(traits.streamOptions ? { stream_options: { include_usage: true } } : {}),
  ...(traits.store ? { store: false } : {}),
});

/**
 * What a server takes, after it refused a body. The limit of the output is renamed and never left out: without it there is no limit of cost.
 * @returns null: the refusal was about nothing that can be left out.
 */
export function adaptTraits(traits: ServerTraits, error: ServerError): ServerTraits | null {
  if (error.kind !== 'http' || (error.status !== 400 && error.status !== 422)) return null;
  const isNamed = (name: string): boolean => error.param === name || new RegExp(`\\b${name}\\b`).test(error.message);
  if (traits.streamOptions && isNamed('stream_options')) return { ...traits, streamOptions: false };
  if (traits.temperature && isNamed('temperature')) return { ...traits, temperature: false };
  if (traits.store && isNamed('store')) return { ...traits, store: false };
  if (isNamed(traits.maxTokens)) return { ...traits, maxTokens: traits.maxTokens === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens' };
  return null;
}

const count = z.number().int().nonnegative().nullish().catch(null);
const chatUsageSchema = z.object({
  prompt_tokens: z.number().int().nonnegative().max(TOKENS_MAX),
  completion_tokens: z.number().int().nonnegative().max(TOKENS_MAX),
  prompt_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
  completion_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(null),
});
const words = z.string().max(200).nullish().catch(null);
/** Text, or parts of which some are text. */
const contentSchema = z.union([z.string(), z.array(z.object({ type: z.string(), text: z.string().optional() }))]).nullish();
const deltaSchema = z.object({ content: contentSchema, refusal: z.string().nullish(), reasoning_content: z.string().nullish().catch(null), reasoning: z.string().nullish().catch(null) });
const chunkSchema = z.object({
  model: words,
  system_fingerprint: words,
  choices: z.array(z.object({ index: z.number().nullish(), delta: deltaSchema.nullish(), message: deltaSchema.nullish(), finish_reason: z.string().nullish() })).nullish(),
  usage: chatUsageSchema.nullish().catch(null),
  error: z.unknown().optional(),
});

/** One chunk of a stream, or a whole completion. @returns null: it is neither. */
export function readChatEvent(event: unknown): StreamStep[] | null {
  const parsed = chunkSchema.safeParse(event);
  if (!parsed.success) return null;
  const { model, system_fingerprint: fingerprint, choices, usage, error } = parsed.data;
  if (error !== undefined && error !== null) return [{ kind: 'error', error: readErrorBody(error, 'event', null) }];
  if (!choices && !usage) return null;
  const steps: StreamStep[] = [{ kind: 'about', model: model ?? null, fingerprint: fingerprint ?? null }];
  for (const { index, delta, message, finish_reason: reason } of choices ?? []) {
    if ((index ?? 0) !== 0) continue;
    const said = delta ?? message;
    const thought = (said?.reasoning_content ?? said?.reasoning ?? '').length;
    if (thought > 0) steps.push({ kind: 'thought', length: thought });
    const text = typeof said?.content === 'string' ? said.content : (said?.content ?? []).map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('');
    if (text !== '') steps.push({ kind: 'text', text });
    if (said?.refusal) steps.push({ kind: 'end', reason: 'content_filter' });
    if (reason) steps.push({ kind: 'end', reason: endOf(reason) });
  }
  if (usage) steps.push({ kind: 'usage', usage: toUsage(usage) });
  return steps;
}

const endOf = (reason: string): Extract<StreamStep, { kind: 'end' }>['reason'] =>
  reason === 'stop' ? 'stop' : reason === 'length' ? 'truncated' : reason === 'content_filter' ? 'content_filter' : 'other';

const toUsage = ({ prompt_tokens: input, completion_tokens: output, prompt_tokens_details: of, completion_tokens_details: made }: z.infer<typeof chatUsageSchema>): Usage => ({
  input,
  output,
  cached: Math.min(input, of?.cached_tokens ?? 0),
  reasoning: Math.min(output, made?.reasoning_tokens ?? 0),
  isEstimate: false,
});
