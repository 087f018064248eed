/** Each rule of templates: a design that breaks it is told so at its place, and the same design mended is not. */
import { describe, expect, it } from 'vitest';
import { BUILTIN_TEMPLATES } from '../../../contract/requests/builtin-templates.ts';
import type { TemplateButton, TemplateDesign } from '../../../contract/whatsapp/template-definition.ts';
import { canSubmitTemplate, lintTemplate, TEMPLATE_RULES, type TemplateRule } from '../../../contract/whatsapp/template-lint.ts';

const good: TemplateDesign = {
  name: 'visita_confirmada',
  language: 'es',
  category: 'UTILITY',
  parameterFormat: 'POSITIONAL',
  header: null,
  body: 'Estimada {{1}}, la visita de nuestro técnico está confirmada para el {{2}} por la mañana.',
  footer: null,
  buttons: [],
  samples: { '1': 'María', '2': '4 de diciembre' },
};
const quick = (text: string): TemplateButton => ({ type: 'QUICK_REPLY', text });
const link = (url: string, sample: string | null = null, text = 'Ver'): TemplateButton => ({ type: 'URL', text, url, sample });
const header = (text: string, sample: string | null = 'algo'): Partial<TemplateDesign> => ({ header: { format: 'TEXT', text, sample } });
const buttons = (...list: TemplateButton[]): Partial<TemplateDesign> => ({ buttons: list });
const body = (text: string, rest: Partial<TemplateDesign> = {}): Partial<TemplateDesign> => ({ body: text, ...rest });
const english = (text: string): Partial<TemplateDesign> => ({ body: text, language: 'en' });

/** What breaks it; where; the text that is underlined (null: none); what mends it. */
type Case = { bad: Partial<TemplateDesign>; field: string; marked?: string | null; mended: Partial<TemplateDesign>; others?: TemplateDesign[] };
const CASES: Record<TemplateRule, Case[]> = {
  name_missing: [{ bad: { name: '' }, field: 'name', mended: { name: 'a' } }],
  name_characters: [
    { bad: { name: 'Visita' }, field: 'name', marked: 'V', mended: { name: 'visita' } },
    { bad: { name: 'visita lista' }, field: 'name', marked: ' ', mended: { name: 'visita_lista' } },
    { bad: { name: 'envío' }, field: 'name', marked: 'í', mended: { name: 'envio' } },
  ],
  name_long: [{ bad: { name: 'a'.repeat(513) }, field: 'name', marked: 'a', mended: { name: 'a'.repeat(512) } }],
  name_taken: [
    { bad: {}, field: 'name', others: [{ ...good, body: 'Otro texto' }], mended: { language: 'es_MX' } },
    { bad: { language: 'en_US' }, field: 'name', others: [{ ...good, language: 'en-US', body: 'Otro texto' }], mended: { name: 'otra' } },
  ],
  category_unknown: [{ bad: { category: 'OTP' }, field: 'category', mended: {} }],
  category_authentication: [
    { bad: { category: 'AUTHENTICATION' }, field: 'category', mended: { category: 'MARKETING' } },
    { bad: { category: 'AUTHENTICATION', header: { format: 'LOCATION' } }, field: 'category', mended: { header: { format: 'LOCATION' } } },
  ],
  language_unknown: [{ bad: { language: 'es_GT' }, field: 'language', mended: { language: 'es' } }],
  language_mismatch: [
    { bad: english(good.body), field: 'language', mended: good },
    { bad: body('Dear customer, your visit has been confirmed and we will call you.'), field: 'language', mended: english('Dear customer, your visit has been confirmed and we will call you.') },
  ],
  header_missing: [{ bad: header(' '), field: 'header.text', mended: { header: null } }],
  header_long: [{ bad: header('a'.repeat(61)), field: 'header.text', marked: 'a', mended: header('a'.repeat(60)) }],
  header_variables: [{ bad: header('Su {{1}} y su {{2}} llegaron'), field: 'header.text', marked: '{{2}} llegaron', mended: header('Su {{1}} llegó') }],
  header_line_break: [{ bad: header('Visita\nconfirmada'), field: 'header.text', marked: '\n', mended: header('Visita confirmada') }],
  header_emoji: [
    { bad: header('Listo ✅'), field: 'header.text', marked: '✅', mended: header('Listo') },
    { bad: header('Guatemala 🇬🇹'), field: 'header.text', marked: '🇬', mended: header('Guatemala') },
    { bad: header('Paso 1\ufe0f\u20e3'), field: 'header.text', marked: '\ufe0f', mended: header('Paso 1') },
  ],
  header_formatting: [{ bad: header('Visita *lista*'), field: 'header.text', marked: '*', mended: { ...header('Su {{fecha_nueva}} está lista'), parameterFormat: 'NAMED', body: good.body } }],
  header_media_sample: [{ bad: { header: { format: 'IMAGE', sample: null } }, field: 'header.sample', mended: { header: { format: 'IMAGE', sample: '4::aW' } } }],
  body_missing: [{ bad: body(' \n'), field: 'body', mended: body('Hola.') }],
  body_long: [{ bad: body('a'.repeat(1025)), field: 'body', marked: 'a', mended: body('a'.repeat(1024)) }],
  footer_blank: [{ bad: { footer: '  ' }, field: 'footer', mended: { footer: null } }],
  footer_long: [{ bad: { footer: 'a'.repeat(61) }, field: 'footer', marked: 'a', mended: { footer: 'a'.repeat(60) } }],
  footer_variable: [{ bad: { footer: 'De {{1}} aquí' }, field: 'footer', marked: '{{', mended: { footer: 'De aquí' } }],
  footer_line_break: [{ bad: { footer: 'Uno\ndos' }, field: 'footer', marked: '\n', mended: { footer: 'Uno dos' } }],
  variable_first: [
    { bad: body('{{1}}, su visita del {{2}} está confirmada para la mañana.'), field: 'body', marked: '{{1}}', mended: body('Hola {{1}}, su visita del {{2}} está confirmada para hoy.') },
    { bad: body(' \n*{{1}}*, su visita está confirmada para hoy'), field: 'body', marked: '{{1}}', mended: body('Hola *{{1}}*, su visita está confirmada') },
  ],
  variable_last: [
    { bad: body('Su visita queda para el día {{1}}'), field: 'body', marked: '{{1}}', mended: body('Su visita queda para el día {{1}}.') },
    { bad: body('Su visita queda para el día {{1}} \n'), field: 'body', marked: '{{1}}', mended: body('Su visita queda para el {{1}} en punto') },
  ],
  variables_adjacent: [
    { bad: body('Su visita con {{1}} {{2}} queda confirmada para hoy.'), field: 'body', marked: '{{1}} {{2}}', mended: body('Su visita con {{1}} a las {{2}} queda confirmada.') },
    { bad: body('Su visita con {{1}}{{2}} queda confirmada para hoy.'), field: 'body', marked: '{{1}}{{2}}', mended: body('Su visita con {{1}}, a las {{2}}, queda confirmada.') },
  ],
  variables_dense: [
    { bad: body('Hola {{1}}, adiós.'), field: 'body', mended: body('Hola {{1}}, hasta mañana.') },
    { bad: body('La visita {{1}} es el {{2}}.'), field: 'body', mended: body('La visita {{1}} es el {{2}} sin falta.') },
  ],
  variables_order: [
    { bad: body('Su visita con {{1}} queda para el día {{3}}.'), field: 'body', marked: '{{3}}', mended: good },
    { bad: body('Su visita con {{2}} queda para el día {{1}}.'), field: 'body', marked: '{{2}}', mended: body('Su visita con {{1}} queda para {{2}} y ella, {{1}}, lo sabe.') },
  ],
  variable_name: [
    {
      bad: body('Hola {{nombre}}, su visita está confirmada.'),
      field: 'body',
      marked: '{{nombre}}',
      mended: body('Hola {{nombre}}, su visita está confirmada.', { parameterFormat: 'NAMED', samples: { nombre: 'Ana' } }),
    },
    { bad: body('Hola {{ 1 }}, su visita está confirmada.'), field: 'body', marked: '{{ 1 }}', mended: good },
    { bad: body('Hola {{Nombre}}, su visita está lista.', { parameterFormat: 'NAMED' }), field: 'body', marked: '{{Nombre}}', mended: good },
    { bad: body('Hola {{a$b}}, su visita está lista.', { parameterFormat: 'NAMED' }), field: 'body', marked: '{{a$b}}', mended: good },
    { bad: body('Hola {{#1}}, su visita está lista.'), field: 'body', marked: '{{#1}}', mended: good },
    { bad: body('Hola {{}}, su visita está lista.'), field: 'body', marked: '{{}}', mended: good },
  ],
  variable_braces: [
    { bad: body('Hola {1}, su visita está confirmada.'), field: 'body', marked: '{', mended: good },
    { bad: body('Hola {{1}, su visita está confirmada.'), field: 'body', marked: '{{', mended: good },
    { bad: body('Hola {{1}}}, su visita está confirmada.'), field: 'body', marked: '}', mended: good },
  ],
  variable_sample: [
    { bad: { samples: { '1': 'María' } }, field: 'samples.2', mended: good },
    { bad: { samples: { '1': ' ', '2': 'x' } }, field: 'samples.1', mended: good },
    { bad: header('Su {{1}} llegó', null), field: 'header.sample', mended: header('Su {{1}} llegó', 'bomba') },
    { bad: body('Hola {{constructor}}, su visita está lista.', { parameterFormat: 'NAMED', samples: {} }), field: 'samples.constructor', mended: good },
  ],
  spacing: [
    { bad: body('Hola.\n\n\nSu visita.'), field: 'body', marked: '\n\n\n', mended: body('Hola.\n\nSu visita.') },
    { bad: body('Hola.     Su visita.'), field: 'body', marked: '     ', mended: body('Hola.    Su visita.') },
    { bad: body('Hola.\tSu visita.'), field: 'body', marked: '\t', mended: body('Hola. Su visita.') },
  ],
  invisible_characters: [
    { bad: body('Ho\u200bla.'), field: 'body', marked: '\u200b', mended: body('Familia 👨\u200d👩\u200d👧.') },
    { bad: { footer: 'a\u0007b' }, field: 'footer', marked: '\u0007', mended: { footer: 'ab' } },
    { bad: header('Hola \ud83d'), field: 'header.text', marked: '\ud83d', mended: header('Hola') },
  ],
  decorated_characters: [
    { bad: body('𝗛𝗼𝗹𝗮, su visita está lista.'), field: 'body', marked: '𝗛', mended: body('*Hola*, su visita está lista.') },
    { bad: body('Su visita está lista!!!'), field: 'body', marked: '!!!', mended: body('¡Su visita está lista…!') },
  ],
  promotional: [
    { bad: body('Su visita está lista. Aproveche la OFERTA.'), field: 'body', marked: 'Aproveche', mended: body('Su visita está lista. Aproveche la OFERTA.', { category: 'MARKETING' }) },
    { bad: body('Tenemos una promoción para su equipo.'), field: 'body', marked: 'promoción', mended: body('Le promocionaron a jefe de equipo.') },
    { bad: body('Su visita está lista, con mantenimiento 2x1.'), field: 'body', marked: '2x1', mended: body('Su pieza mide 2 x 1 metros.') },
    { bad: english('Your order is ready. Save 20% on the next.'), field: 'body', marked: 'Save 20', mended: english('Your order is ready. We saved a copy.') },
    { bad: english('Your visit is confirmed. Check our special offers!'), field: 'body', marked: 'special offers', mended: english('Your visit is confirmed. We offer help by phone.') },
    { bad: header('Gran descuento'), field: 'header.text', marked: 'descuento', mended: header('Su descuadre') },
    { bad: { footer: 'Solo hoy' }, field: 'footer', marked: 'Solo hoy', mended: { footer: 'Solo informativo, hoy' } },
    { bad: buttons(quick('Quiero el cupón')), field: 'buttons.0.text', marked: 'cupón', mended: buttons(quick('Confirmo')) },
  ],
  asks_for_secrets: [
    { bad: body('Para pagar, envíenos el número de su tarjeta por aquí.'), field: 'body', marked: 'número de su tarjeta', mended: body('Recibimos el pago con su tarjeta. Responda si tiene dudas.') },
    { bad: body('Por favor indique su DPI.'), field: 'body', marked: 'DPI', mended: body('Presente su DPI al técnico.') },
    {
      bad: body('Confirme los últimos 4 dígitos y el número de cuenta. Envíe el número de cuenta.'),
      field: 'body',
      marked: 'número de cuenta',
      mended: body('Confirme los últimos 4 dígitos del número de cuenta.'),
    },
    { bad: english('Please reply with your account number.'), field: 'body', marked: 'account number', mended: english('Please reply with the last four digits of your account number.') },
  ],
  same_text: [{ bad: { name: 'otra' }, field: 'body', others: [{ ...good, footer: ' ' }], mended: { name: 'otra', footer: 'Gracias' } }],
  buttons_total: [
    { bad: buttons(...Array.from({ length: 11 }, (_, at) => quick(`Opción ${at}`))), field: 'buttons', mended: buttons(...Array.from({ length: 10 }, (_, at) => quick(`Opción ${at}`))) },
  ],
  buttons_of_kind: [
    {
      bad: buttons(...[1, 2, 3].map((at) => link('https://example.com/a', null, `Ver ${at}`))),
      field: 'buttons.2',
      mended: buttons(...[1, 2].map((at) => link('https://example.com/a', null, `Ver ${at}`))),
    },
    {
      bad: buttons({ type: 'PHONE_NUMBER', text: 'Llamar', phone: '+50255551234' }, { type: 'PHONE_NUMBER', text: 'Llame', phone: '+50255551234' }),
      field: 'buttons.1',
      mended: buttons({ type: 'PHONE_NUMBER', text: 'Llamar', phone: '+50255551234' }),
    },
  ],
  buttons_order: [
    { bad: buttons(quick('Sí'), link('https://example.com/a'), quick('No')), field: 'buttons.2', mended: buttons(link('https://example.com/a'), quick('Sí'), quick('No')) },
    {
      bad: buttons(link('https://example.com/a'), quick('No'), link('https://example.com/b', null, 'Otro')),
      field: 'buttons.2',
      mended: buttons(quick('Sí'), quick('No'), link('https://example.com/a')),
    },
  ],
  buttons_desktop: [
    { bad: buttons(quick('Sí'), link('https://example.com/a')), field: 'buttons', mended: buttons(quick('Sí'), quick('No')) },
    { bad: buttons(...['a', 'b', 'c', 'd'].map(quick)), field: 'buttons', mended: buttons(...['a', 'b', 'c'].map(quick)) },
  ],
  button_unsupported: [{ bad: buttons({ type: 'OTHER', text: 'Ver', metaType: 'CATALOG' }), field: 'buttons.0', mended: buttons(quick('Ver')) }],
  button_label_missing: [{ bad: buttons(quick(' ')), field: 'buttons.0.text', mended: buttons(quick('Sí')) }],
  button_label_long: [{ bad: buttons(quick('a'.repeat(26))), field: 'buttons.0.text', marked: 'a', mended: buttons(quick('a'.repeat(25))) }],
  button_label_plain: [
    { bad: buttons(quick('Sí 👍')), field: 'buttons.0.text', marked: '👍', mended: buttons(quick('Sí')) },
    { bad: buttons(quick('Ver {{1}}')), field: 'buttons.0.text', marked: '{{', mended: buttons(quick('Ver')) },
    { bad: buttons(quick('*Sí*')), field: 'buttons.0.text', marked: '*', mended: buttons(quick('¡Sí!')) },
    { bad: buttons(quick('a\nb')), field: 'buttons.0.text', marked: '\n', mended: buttons(quick('a b')) },
  ],
  button_label_twice: [{ bad: buttons(quick('Sí'), quick('sí ')), field: 'buttons.1.text', mended: buttons(quick('Sí'), quick('No')) }],
  url_missing: [{ bad: buttons(link('')), field: 'buttons.0.url', mended: buttons(link('https://example.com')) }],
  url_invalid: [
    { bad: buttons(link('example.com')), field: 'buttons.0.url', mended: buttons(link('http://example.com')) },
    { bad: buttons(link('https://exa mple.com')), field: 'buttons.0.url', mended: buttons(link('https://example.com/a?b=c#d')) },
    { bad: buttons(link('javascript:alert(1)')), field: 'buttons.0.url', mended: buttons(link('https://example.com/')) },
  ],
  url_long: [{ bad: buttons(link(`https://example.com/${'a'.repeat(2000)}`)), field: 'buttons.0.url', marked: 'a'.repeat(20), mended: buttons(link(`https://example.com/${'a'.repeat(1980)}`)) }],
  url_variable: [
    { bad: buttons(link('https://example.com/{{1}}/a', 'x')), field: 'buttons.0.url', marked: '{{1}}', mended: buttons(link('https://example.com/a/{{1}}', 'x')) },
    { bad: buttons(link('https://example.com/{{1}}{{2}}', 'x')), field: 'buttons.0.url', marked: '{{1}}{{2}}', mended: buttons(link('https://example.com/?q={{1}}', 'x')) },
    { bad: buttons(link('https://example.com{{1}}', 'x')), field: 'buttons.0.url', marked: '{{1}}', mended: buttons(link('https://example.com/{{1}}', 'x')) },
  ],
  url_sample: [{ bad: buttons(link('https://example.com/{{1}}')), field: 'buttons.0.sample', mended: buttons(link('https://example.com/{{1}}', 'x')) }],
  url_hidden: [{ bad: buttons(link('https://wa.me/50255551234')), field: 'buttons.0.url', mended: buttons(link('https://example.com/wa.me')) }],
  phone_missing: [{ bad: buttons({ type: 'PHONE_NUMBER', text: 'Llamar', phone: ' ' }), field: 'buttons.0.phone', mended: buttons({ type: 'PHONE_NUMBER', text: 'Llamar', phone: '50255551234' }) }],
  phone_invalid: ['+502', '5555-1234', '+502 5555 1234', '0050255551234', '+502555512345678901'].map((phone) => ({
    bad: buttons({ type: 'PHONE_NUMBER', text: 'Llamar', phone }),
    field: 'buttons.0.phone',
    mended: buttons({ type: 'PHONE_NUMBER', text: 'Llamar', phone: '+50255551234' }),
  })),
  copy_code_missing: [{ bad: buttons({ type: 'COPY_CODE', text: '', sample: null }), field: 'buttons.0.sample', mended: buttons({ type: 'COPY_CODE', text: '', sample: 'PASE-10' }) }],
  copy_code_long: [
    { bad: buttons({ type: 'COPY_CODE', text: '', sample: 'A'.repeat(16) }), field: 'buttons.0.sample', marked: 'A', mended: buttons({ type: 'COPY_CODE', text: '', sample: 'A'.repeat(15) }) },
  ],
  flow_missing: [{ bad: buttons({ type: 'FLOW', text: 'Llenar', flowId: null }), field: 'buttons.0.flowId', mended: buttons({ type: 'FLOW', text: 'Llenar', flowId: '123' }) }],
};

/** The text of a field of a design, as the designer shows it. */
function textAt(design: TemplateDesign, field: string): string {
  const found = field.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], design);
  return typeof found === 'string' ? found : '';
}

describe('each rule', () => {
  it('has cases', () => {
    expect(Object.keys(CASES).toSorted()).toEqual([...TEMPLATE_RULES].toSorted());
    for (const [rule, cases] of Object.entries(CASES)) expect(cases, rule).not.toHaveLength(0);
  });

  const cases = TEMPLATE_RULES.flatMap((rule) => CASES[rule].map((one, index) => ({ rule, index, ...one })));
  it.each(cases)('$rule ($index)', ({ rule, bad, field, marked = null, mended, others = [] }) => {
    const design = { ...good, ...bad };
    const found = lintTemplate(design, others).filter((issue) => issue.rule === rule && issue.field === field);
    expect(found, JSON.stringify(lintTemplate(design, others))).not.toHaveLength(0);
    const range = found[0]?.range ?? null;
    expect(range && textAt(design, field).slice(...range)).toBe(marked);
    expect(lintTemplate({ ...good, ...mended }, others).filter((issue) => issue.rule === rule)).toEqual([]);
  });
});

it('finds nothing in the built-in templates, and nothing in the one that all cases start from', () => {
  for (const design of [good, ...Object.values(BUILTIN_TEMPLATES)]) {
    const others = Object.values(BUILTIN_TEMPLATES).filter((other) => other !== design);
    expect(lintTemplate(design, others), design.name).toEqual([]);
  }
});

it('lets a warning be submitted, an error not', () => {
  expect(canSubmitTemplate(lintTemplate({ ...good, buttons: [quick('Sí'), link('https://example.com/a')] }, []))).toBe(true);
  expect(canSubmitTemplate(lintTemplate({ ...good, body: '' }, []))).toBe(false);
});

// Milliseconds; an expression that goes astray on one of them does not end within the test's time.
it('is done with hostile texts at once', () => {
  const LENGTH = 100_000;
  for (const piece of ['{{', '{{1}}', '{{ ', ' ', '\n', '*', 'a', '{{1}} ', 'a ', '\u0301', 'numero ', 'envie dpi ', '#', '\ud83d', '&#', '١']) {
    const text = piece.repeat(LENGTH / piece.length);
    const design: TemplateDesign = {
      ...good,
      name: text,
      language: text,
      category: 'UTILITY',
      header: { format: 'TEXT', text, sample: text },
      body: text,
      footer: text,
      buttons: Array.from({ length: 1_000 }, () => link(`https://example.com/${text}`, text, text)),
      samples: { '1': text },
    };
    expect(canSubmitTemplate(lintTemplate(design, []))).toBe(false);
  }
});
