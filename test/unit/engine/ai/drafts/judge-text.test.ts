import { expect, it } from 'vitest';
import { openZone } from '../../../../../main/engine/hours/zone.ts';
import { createTextJudge } from '../../../../../main/engine/ai/drafts/judge-text.ts';

const judge = createTextJudge({
  state: { get: () => undefined, list: () => [] },
  detectLanguage: () => ({ code: 'es', isSure: true }),
  zone: () => openZone('America/Guatemala'),
  now: () => 0,
});
const reasonsFor = (burst: readonly string[]) =>
  judge({
    conversationId: 'c_1',
    text: 'Claro que sí.',
    sentences: [{ start: 0, end: 13, factIds: ['K1'] }],
    unknownMarkers: [],
    facts: [],
    inbound: burst,
    question: burst.join('\n'),
    language: { code: 'es', isSure: true },
    retrieved: [],
    systemText: '',
    nonce: '',
    isCutOff: false,
  });

it.each([
  ['in one of several messages', ['¿A qué hora abren?', 'Quiero hablar con una persona', 'Gracias']],
  ['over two messages', ['Quiero hablar', 'con una persona']],
])('a wish for a person %s keeps a draft from being solid', (_, burst) => {
  const { confidence, confidenceReasons } = reasonsFor(burst);
  expect(confidenceReasons).toContain('asks_for_person');
  expect(confidence).not.toBe('solid');
});

it('who asks for something else asks for no person', () => expect(reasonsFor(['Buenos días', '¿A qué hora abren?']).confidenceReasons).not.toContain('asks_for_person'));
