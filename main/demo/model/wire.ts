/** The events of an answer as the two APIs write them (OpenAI API reference, "Chat completion chunk object" and "Streaming events" of Responses). */
import type { ModelFault } from './faults.ts';

export type Usage = { input: number; output: number; cached: number; reasoning: number };
export type Answer = { model: string; pieces: string[]; thoughts: string[]; finish: 'stop' | 'length' | 'content_filter'; usage: Usage | null };
export type Events = { begin: unknown[]; pieces: unknown[]; end: unknown[]; usage: unknown[]; whole: unknown };

const ID = 'stand-in-1';

export function chatEvents({ model, pieces, thoughts, finish, usage }: Answer, fault: ModelFault | null): Events {
  const frame = fault === 'no_role' ? {} : { id: ID, object: 'chat.completion.chunk', created: 1_760_000_000, model, system_fingerprint: 'fp_stand_in' };
  const chunk = (delta: Record<string, unknown>, finishReason: string | null = null): unknown => ({ ...frame, choices: [{ index: 0, delta, finish_reason: finishReason }] });
  const counted = usage && {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
  return {
    begin: fault === 'no_role' ? [] : [chunk({ role: 'assistant', content: '' })],
    pieces: [...thoughts.map((thought) => chunk({ reasoning_content: thought })), ...pieces.map((content) => chunk({ content }))],
    end: [chunk({}, finish)],
    usage: counted ? [{ ...frame, choices: [], usage: counted }] : [],
    whole: {
      id: ID,
      object: 'chat.completion',
      model,
      system_fingerprint: 'fp_stand_in',
      choices: [{ index: 0, message: { role: 'assistant', content: pieces.join('') }, finish_reason: finish }],
      ...(counted ? { usage: counted } : {}),
    },
  };
}

export function responsesEvents({ model, pieces, thoughts, finish, usage }: Answer): Events {
  const text = pieces.join('');
  const counted = usage && {
    input_tokens: usage.input,
    output_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    input_tokens_details: { cached_tokens: usage.cached },
    output_tokens_details: { reasoning_tokens: usage.reasoning },
  };
  const response = (status: string): Record<string, unknown> => ({
    id: ID,
    object: 'response',
    model,
    status,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: finish === 'length' ? 'max_output_tokens' : 'content_filter' } : null,
    output: status === 'in_progress' ? [] : [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }],
    ...(counted && status !== 'in_progress' ? { usage: counted } : {}),
  });
  const status = finish === 'stop' ? 'completed' : 'incomplete';
  return {
    begin: [{ type: 'response.created', response: response('in_progress') }],
    pieces: [
      ...thoughts.map((delta) => ({ type: 'response.reasoning_text.delta', delta })),
      ...pieces.map((delta) => ({ type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta })),
    ],
    end: [{ type: `response.${status}`, response: response(status) }],
    usage: [],
    whole: response(status),
  };
}
