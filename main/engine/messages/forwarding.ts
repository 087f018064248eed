/**
 * Forwarding: what a message says, sent to other conversations. Invariants: each copy is a message like any other (`sending.ts` judges window, blocks and
 * content anew for whoever gets it, and repeats of a call find the first one by its id); nothing leaves of a message that was revoked.
 */
import type { ComposedContent } from '../../../contract/api.ts';
import { AppError, assertNever } from '../../../contract/app-error.ts';
import type { ForwardResult } from '../../../contract/entities.ts';
import type { Media, MessageContent } from '../../../contract/whatsapp/message-content.ts';
import { readContent } from '../conversations/views.ts';
import type { Messages } from './messages.ts';
import type { Sending } from './sending.ts';

type Target = { conversationId: string; messages: { sourceId: string; messageId: string }[] };
type Deps = { messages: Pick<Messages, 'find' | 'has'>; sending: Pick<Sending, 'send'> };
export type Forwarding = ReturnType<typeof createForwarding>;

export function createForwarding({ messages, sending }: Deps) {
  async function forwardOne(conversationId: string, sourceId: string, messageId: string): Promise<Pick<ForwardResult, 'code' | 'field'>> {
    try {
      // Also where its file has gone since.
      if (!messages.has(messageId)) await sending.send({ conversationId, messageId, content: toComposed(readContent(messages.find(sourceId).content)), isGuarded: false });
      return { code: null, field: null };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { code: error.code, field: error.refused?.field ?? null };
    }
  }

  return {
    /** One after the other, in the order given: what somebody gets stands there as it was chosen. */
    forward: async ({ targets }: { targets: Target[] }): Promise<{ results: ForwardResult[] }> => {
      const results: ForwardResult[] = [];
      for (const { conversationId, messages: copies } of targets)
        for (const { sourceId, messageId } of copies) results.push({ conversationId, sourceId, messageId, ...(await forwardOne(conversationId, sourceId, messageId)) });
      return { results };
    },
  };
}

/** As an agent would have composed it. @throws AppError CANNOT_FORWARD, FILE_GONE */
function toComposed(content: MessageContent): ComposedContent {
  switch (content.kind) {
    case 'text':
      return { kind: 'text', text: content.text, ...(content.hasPreview === true ? { hasPreview: true } : {}) };
    case 'image':
    case 'video':
      return { kind: content.kind, sha256: hashOf(content.media), caption: content.caption };
    case 'audio':
      return { kind: 'audio', sha256: hashOf(content.media), isVoice: content.isVoice };
    case 'document':
      return { kind: 'document', sha256: hashOf(content.media), filename: content.filename ?? '', caption: content.caption };
    case 'sticker':
      return { kind: 'sticker', sha256: hashOf(content.media) };
    case 'location':
      return { kind: 'location', latitude: content.latitude, longitude: content.longitude, name: content.name, address: content.address };
    case 'contacts':
      return { kind: 'contacts', contacts: content.contacts };
    // Buttons, templates and answers to them mean something only to whoever they were made for.
    case 'interactive':
    case 'template':
    case 'choice':
    case 'flow_reply':
    case 'order':
    case 'system':
    case 'other':
    case 'reaction':
    case 'edit':
    case 'revoke':
      throw new AppError('CANNOT_FORWARD', content.kind);
    default:
      return assertNever(content);
  }
}

function hashOf({ sha256 }: Media): string {
  if (sha256 === null) throw new AppError('FILE_GONE', 'the file of this message was never here');
  return sha256;
}
