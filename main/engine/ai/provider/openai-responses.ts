/** The Responses API, for who wants it: the same port. Nothing is kept by the server (`store: false`), and nothing of an earlier answer is referred to. */
import { z } from 'zod';
import type { Prompt } from '../prompt/prompt.ts';
import type { ServerError } from './failures.ts';
import { adaptTraits, TEMPERATURE } from './openai-chat.ts';
import { readErrorBody } from './openai-client.ts';
import { TOKENS_MAX, type ServerTraits } from './profiles.ts';
import type { StreamStep } from './run-stream.ts';

type Asked = Pick<Prompt, 'messages' | 'maxOutputTokens'>;
/** The API refuses less. */
const OUTPUT_TOKENS_MIN = 16;

export const responsesBody = (model: string, { messages, maxOutputTokens }: Asked, traits: ServerTraits): Record<string, unknown> => ({
  model,
  input: messages.map(({ role, content }) => ({ role, content })),
  max_output_tokens: Math.max(OUTPUT_TOKENS_MIN, maxOutputTokens),
  ...(traits.temperature ? { temperature: TEMPERATURE } : {}),
  store: false,
});

/** Here only the temperature can be left out. */
export const adaptResponsesTraits = (traits: ServerTraits, error: ServerError): ServerTraits | null => {
  const adapted = adaptTraits(traits, error);
  return adapted !== null && adapted.temperature !== traits.temperature ? adapted : null;
};

const count = z.number().int().nonnegative().nullish().catch(null);
const usageSchema = z.object({
  input_tokens: z.number().int().nonnegative().max(TOKENS_MAX),
  output_tokens: z.number().int().nonnegative().max(TOKENS_MAX),
  input_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
  output_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(null),
});
const responseSchema = z.object({
  status: z.string().nullish(),
  model: z.string().max(200).nullish().catch(null),
  usage: usageSchema.nullish().catch(null),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish().catch(null),
  error: z.unknown().optional(),
  output: z
    .array(
      z.object({
        type: z.string(),
        content: z
          .array(z.object({ type: z.string(), text: z.string().optional() }))
          .nullish()
          .catch(null),
      }),
    )
    .nullish()
    .catch(null),
});
const eventSchema = z.object({ type: z.string(), delta: z.string().optional().catch(undefined), response: responseSchema.optional().catch(undefined), error: z.unknown().optional() });
const wholeSchema = responseSchema.extend({ object: z.literal('response') });

/** One event of a stream, or a whole response. @returns null: it is neither. */
export function readResponsesEvent(event: unknown): StreamStep[] | null {
  const whole = wholeSchema.safeParse(event);
  if (whole.success) {
    const text = (whole.data.output ?? []).flatMap(({ type, content }) => (type === 'message' ? (content ?? []).map((part) => (part.type === 'output_text' ? (part.text ?? '') : '')) : []));
    return [{ kind: 'text', text: text.join('') }, ...readEnd(whole.data)];
  }
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    const error = z.object({ error: z.unknown().optional() }).safeParse(event);
    return error.success && error.data.error ? [{ kind: 'error', error: readErrorBody(error.data.error, 'event', null) }] : null;
  }
  const { type, delta, response, error } = parsed.data;
  switch (type) {
    case 'response.output_text.delta':
      return [{ kind: 'text', text: delta ?? '' }];
    case 'response.reasoning_text.delta':
    case 'response.reasoning_summary_text.delta':
      return [{ kind: 'thought', length: (delta ?? '').length }];
    case 'response.refusal.delta':
      return [{ kind: 'end', reason: 'content_filter' }];
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
      return response ? readEnd(response) : null;
    case 'error':
      return [{ kind: 'error', error: readErrorBody(error ?? event, 'event', null) }];
    default:
      // Items that begin and end say nothing of the text.
      return type.startsWith('response.') ? [{ kind: 'about', model: response?.model ?? null, fingerprint: null }] : null;
  }
}

function readEnd({ status, model, usage, incomplete_details: incomplete, error }: z.infer<typeof responseSchema>): StreamStep[] {
  const about: StreamStep = { kind: 'about', model: model ?? null, fingerprint: null };
  const used: StreamStep[] = usage
    ? [
        {
          kind: 'usage',
          usage: {
            input: usage.input_tokens,
            output: usage.output_tokens,
            cached: Math.min(usage.input_tokens, usage.input_tokens_details?.cached_tokens ?? 0),
            reasoning: Math.min(usage.output_tokens, usage.output_tokens_details?.reasoning_tokens ?? 0),
            isEstimate: false,
          },
        },
      ]
    : [];
  if (status === 'failed') return [about, ...used, { kind: 'error', error: readErrorBody(error, 'event', null) }];
  const reason = status === 'completed' ? 'stop' : incomplete?.reason === 'max_output_tokens' ? 'truncated' : incomplete?.reason === 'content_filter' ? 'content_filter' : 'other';
  return [about, ...used, { kind: 'end', reason }];
}
