/** What the lint lets through, Meta takes: judged by the stand-in, whose checks were written apart from the lint, over HTTP, and by how it reviews. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toMetaTemplate, type TemplateButton, type TemplateDesign, type TemplateHeader } from '../../contract/whatsapp/template-definition.ts';
import { TEMPLATE_LANGUAGES } from '../../contract/whatsapp/template-languages.ts';
import { canSubmitTemplate, lintTemplate } from '../../contract/whatsapp/template-lint.ts';
import { DEFAULT_WABA_ID } from '../../main/demo/meta/stand-in.ts';
import { componentsSchema } from '../../main/demo/meta/templates/components.ts';
import { review } from '../../main/demo/meta/templates/review.ts';
import { startBench, type Bench, type GraphReply } from '../integration/meta/support.ts';

const SEED = 20_261_122;
const RUNS = 2_000;

let bench: Bench;
/** The stand-in's; an hour on for each call, so that it never says that there were too many. */
let clock = Date.now();
beforeAll(async () => {
  bench = await startBench({ now: () => clock, templateReviewMs: 0 });
});
afterAll(() => bench.stop());

/** Words of many scripts, emoji with and without joiners, signs, and what Meta does not like in a text. */
const word = fc.oneof(
  { weight: 100, arbitrary: fc.constantFrom('visita', 'técnico', 'mañana', 'solicitud', 'está', 'your', 'request', 'ñandú', 'заказ', '訂單', 'طلب', '3,5', 'e\u0301l', 'SOL-1') },
  { weight: 4, arbitrary: fc.constantFrom('👍', '👨\u200d👩\u200d👧', '🇬🇹', '©', '*lista*', '_hoy_', '$5', '100%', '#7', '—', '¡sí!') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'oferta',
      'aproveche',
      'descuentos',
      'gratis',
      'special offers',
      '2x1',
      '{',
      '}}',
      '{{',
      '\u200b',
      '\ud83d',
      '\t',
      '\u0007',
      '!!!',
      '{{ 1 }}',
      '{{x-y}}',
      '{{$1}}',
      '{{}}',
      '{{0}}',
      '{{01}}',
      '{{NOMBRE}}',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
);
const words = (min: number, max: number) => fc.array(word, { minLength: min, maxLength: max }).map((list) => list.join(' '));
const glue = fc.oneof({ weight: 8, arbitrary: fc.constant(' ') }, { weight: 1, arbitrary: fc.constantFrom('', ', ', '\n', '\n\n', ': ', '. ') });
const nameOf = (format: TemplateDesign['parameterFormat'], at: number): string => (format === 'NAMED' ? ['cliente', 'fecha_2', '_', '9', 'x'.repeat(30)][at % 5]! : String(at + 1));

/** Words with variables between them, nearly always as they should be: now and then one is missing, twice there, out of order or at the edge. */
const body = (format: TemplateDesign['parameterFormat']) =>
  fc
    .tuple(
      words(1, 6),
      fc.array(fc.record({ glue, slip: fc.oneof({ weight: 25, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1, 2) }), before: glue, words: words(1, 6) }), { maxLength: 5 }),
      fc.constantFrom('', '.', ' gracias'),
    )
    .map(([first, rest, end]) => first + rest.map((part, at) => `${part.glue}{{${nameOf(format, Math.max(0, at + part.slip))}}}${part.before}${part.words}`).join('') + end);

const some = fc.oneof({ weight: 25, arbitrary: fc.constantFrom('Ana', '4 de diciembre', 'https://example.com/1') }, { weight: 1, arbitrary: fc.constantFrom('', ' ') });
const header = (format: TemplateDesign['parameterFormat']): fc.Arbitrary<TemplateHeader | null> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 3,
      arbitrary: fc.record({
        format: fc.constant('TEXT' as const),
        text: fc.oneof(
          words(0, 5),
          words(1, 3).map((text) => `${text} {{${nameOf(format, 0)}}} hoy`),
        ),
        sample: some,
      }),
    },
    { weight: 1, arbitrary: fc.constant({ format: 'LOCATION' as const }) },
    { weight: 1, arbitrary: fc.constant({ format: 'IMAGE' as const, sample: null }) },
  );
const label = fc.oneof({ weight: 25, arbitrary: fc.constantFrom('Sí', 'No', 'Ver', 'Llamar', 'Más tarde', 'Abrir') }, { weight: 1, arbitrary: words(0, 3) });
const button: fc.Arbitrary<TemplateButton> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('QUICK_REPLY' as const), text: label }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('URL' as const),
      text: label,
      url: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom('https://example.com/', 'https://example.com/a/{{1}}', 'http://ejemplo.com.gt/?q={{1}}', 'https://ñandú.example/á') },
        { weight: 1, arbitrary: fc.constantFrom('', 'example.com', 'https://', 'https://{{1}}', 'https://example.com/{{2}}', 'https://example.com/{{1}}/a', 'ftp://example.com/', 'https://a b.com') },
      ),
      sample: fc.option(some),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('PHONE_NUMBER' as const), text: label, phone: fc.constantFrom('+50255551234', '50255551234', '5555-1234', '+1', '', '+502 5555 1234') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('COPY_CODE' as const), text: fc.constant(''), sample: fc.option(fc.constantFrom('PASE10', '', 'A'.repeat(15), 'A'.repeat(16))) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('FLOW' as const), text: label, flowId: fc.option(fc.constantFrom('123', '')) }) },
);

const design: fc.Arbitrary<TemplateDesign> = fc.constantFrom('POSITIONAL' as const, 'NAMED' as const).chain((parameterFormat) =>
  fc.record({
    name: fc.oneof({ weight: 25, arbitrary: fc.constant('aviso') }, { weight: 1, arbitrary: fc.constantFrom('', 'Aviso', 'aviso de', 'ñ', 'a'.repeat(512), 'a'.repeat(513), '_') }),
    language: fc.oneof({ weight: 25, arbitrary: fc.constantFrom(...TEMPLATE_LANGUAGES) }, { weight: 1, arbitrary: fc.constantFrom('es_GT', '', 'es-MX', 'xx') }),
    category: fc.oneof({ weight: 25, arbitrary: fc.constantFrom('UTILITY', 'MARKETING') }, { weight: 1, arbitrary: fc.constantFrom('AUTHENTICATION', 'SERVICE', '') }),
    parameterFormat: fc.constant(parameterFormat),
    header: header(parameterFormat),
    body: fc.oneof({ weight: 12, arbitrary: body(parameterFormat) }, { weight: 1, arbitrary: fc.integer({ min: 1015, max: 1030 }).map((length) => 'a '.repeat(length).slice(0, length - 1) + 'z') }),
    footer: fc.option(words(0, 6)),
    buttons: fc.oneof({ weight: 3, arbitrary: fc.array(button, { maxLength: 3 }) }, { weight: 1, arbitrary: fc.array(button, { maxLength: 12 }) }),
    samples: fc.tuple(some, some, some).map((values) => Object.fromEntries(Array.from({ length: 9 }, (_, at) => [nameOf(parameterFormat, at), values[at % 3]!] as const))),
  }),
);

it(`a template that the lint passes is neither refused nor rejected (seed ${SEED})`, { timeout: 120_000 }, async () => {
  let passed = 0;
  const features = { named: 0, variables: 0, header: 0, buttons: 0, footer: 0 };
  await fc.assert(
    fc.asyncProperty(design, async (one) => {
      if (!canSubmitTemplate(lintTemplate(one, []))) return;
      passed += 1;
      features.named += Number(one.parameterFormat === 'NAMED');
      features.variables += Number(one.body.includes('{{'));
      features.header += Number(one.header?.format === 'TEXT');
      features.buttons += Number(one.buttons.length > 1);
      features.footer += Number(one.footer !== null);
      clock += 3_600_000;
      expect(review({ ...one, components: componentsSchema.parse(toMetaTemplate(one)['components']) } as Parameters<typeof review>[0])).toEqual({ status: 'APPROVED', reason: 'NONE' });
      // Another name each time: Meta blocks those of deleted ones.
      const name = `${one.name.slice(0, 500)}_${passed}`;
      const response = await bench.graph('POST', `/${DEFAULT_WABA_ID}/message_templates`, { body: JSON.stringify(toMetaTemplate({ ...one, name })), headers: { 'content-type': 'application/json' } });
      expect((await response.json()) as GraphReply).not.toHaveProperty('error');
      const removed = await bench.graph('DELETE', `/${DEFAULT_WABA_ID}/message_templates?name=${name}`);
      expect(await removed.json()).toEqual({ success: true });
    }),
    { seed: SEED, numRuns: RUNS },
  );
  // Otherwise the generator makes only what the lint stops, and the above says nothing.
  expect(passed).toBeGreaterThan(RUNS / 10);
  for (const [feature, count] of Object.entries(features)) expect(count, feature).toBeGreaterThan(passed / 10);
});
