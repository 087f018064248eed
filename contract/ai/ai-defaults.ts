/** What a workspace starts with: drafts from the knowledge base alone, nothing leaves the machine, nothing is sent by itself. */
import type { AiSettings } from './ai-entities.ts';

export const DEFAULT_AI_SETTINGS: AiSettings = {
  mode: 'draft',
  numberModes: {},
  provider: { profile: 'builtin', baseUrl: '', model: '', api: 'chat', isLocalOnly: false, embeddingModel: null, prices: null },
  profile: '',
  tone: '',
  masking: { cards: true, ids: true, email: false, phones: false, names: false, addresses: false },
  budget: { inputTokens: 6_000, outputTokens: 350 },
  caps: { draft: null, desktopDay: null, conversation: null, team: null },
  journalDays: 7,
  auto: {
    state: 'shadow',
    confirmedFor: '',
    countdownSeconds: 30,
    perConversationInRow: 3,
    perConversationDay: 6,
    perNumberHour: 60,
    intents: ['knowledge_question', 'request_status'],
    languages: ['es', 'en'],
    hours: 'always',
    reviewSample: 10,
  },
};
