import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APP_ID } from '../../../main/demo/meta/app-id.ts';
import { SAMPLE_MEDIA } from '../../../main/demo/meta/sample-media.ts';
import { DEFAULT_WABA_ID } from '../../../main/demo/meta/stand-in.ts';
import { DEMO_TEMPLATES } from '../../../main/demo/meta/templates/demo-templates.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startBench, type Bench, type GraphReply } from './support.ts';

const HOUR_MS = 3_600_000;
const TEMPLATES = `/${DEFAULT_WABA_ID}/message_templates`;
type Fields = Record<string, unknown>;
type Listed = { data: Fields[]; paging?: { cursors: { after: string }; next?: string } };

let bench: Bench;
let clock: number;
beforeEach(() => {
  clock = Date.now();
});
afterEach(() => bench.stop());
const start = async (options: Parameters<typeof startBench>[0] = {}): Promise<void> => {
  bench = await startBench({ now: () => clock, ...options });
};

const post = async (path: string, body: unknown): Promise<{ status: number; body: GraphReply & Fields }> => {
  const response = await bench.graph('POST', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  return { status: response.status, body: (await response.json()) as GraphReply & Fields };
};
const create = (change: Fields = {}) => post(TEMPLATES, { ...draft(), ...change });
const get = async <T = Fields>(path: string): Promise<T> => (await (await bench.graph('GET', path)).json()) as T;
const remove = async (query: string): Promise<GraphReply> => (await (await bench.graph('DELETE', `${TEMPLATES}?${query}`)).json()) as GraphReply;
/** Webhooks of a field, as text: ids can be larger than a parser keeps. */
const changesOf = (field: string): { raw: string; value: Fields }[] =>
  bench.receiver.received.filter(({ body }) => body.entry[0]?.changes[0]?.field === field).map(({ raw, body }) => ({ raw: raw.toString('utf8'), value: body.entry[0]?.changes[0]?.value as Fields }));

const body = (text: string, ...samples: string[]): Fields => ({ type: 'BODY', text, ...(samples.length > 0 && { example: { body_text: [samples] } }) });
const draft = (): Fields => ({ name: 'aviso_de_visita', language: 'es', category: 'UTILITY', components: [body('El técnico llega el {{1}} por la mañana.', 'lunes')] });
const withBody = (text: string, ...samples: string[]): Fields => ({ components: [body(text, ...samples)] });
const withHeader = (text: string, ...samples: string[]): Fields => ({
  components: [{ type: 'HEADER', format: 'TEXT', text, ...(samples.length > 0 && { example: { header_text: samples } }) }, body('El técnico ya va en camino.')],
});
const withButtons = (...buttons: Fields[]): Fields => ({ components: [body('El técnico ya va en camino.'), { type: 'BUTTONS', buttons }] });
const withFooter = (text: string): Fields => ({ components: [body('El técnico ya va en camino.'), { type: 'FOOTER', text }] });
const quick = (text: string): Fields => ({ type: 'QUICK_REPLY', text });
const url = (address: string, ...example: string[]): Fields => ({ type: 'URL', text: 'Ver', url: address, ...(example.length > 0 && { example }) });
const call = { type: 'PHONE_NUMBER', text: 'Llamar', phone_number: '+50223344550' };
const named = (text: string, ...samples: [string, string][]): Fields => ({
  parameter_format: 'named',
  components: [{ type: 'body', text, example: { body_text_named_params: samples.map(([param_name, example]) => ({ param_name, example })) } }],
});
const many = (count: number): string => Array.from({ length: count }, (_, index) => `palabra {{${index + 1}}}`).join(' ');

/** What is refused, why, and the field that the answer names. */
const REFUSED: [string, Fields, number | undefined, string][] = [
  ['a name with capitals', { name: 'Aviso' }, undefined, 'name'],
  ['a name that is too long', { name: 'a'.repeat(513) }, 2388040, 'name'],
  ['no name', { name: undefined }, 2388043, 'name'],
  ['Spanish of Guatemala, which Meta does not have', { language: 'es_GT' }, undefined, 'language'],
  ['another category', { category: 'SERVICE' }, undefined, 'category'],
  ['another parameter format', { parameter_format: 'MIXED' }, undefined, 'parameter_format'],
  ['no body', { components: [{ type: 'FOOTER', text: 'Gracias' }] }, 2388043, 'components'],
  ['two bodies', { components: [body('uno dos tres'), body('cuatro cinco seis')] }, undefined, 'components[1]'],
  ['a part that is not known', { components: [{ ...body('uno dos tres'), color: 'red' }] }, undefined, 'components[0].color'],
  ['an empty body', withBody('  '), 2388043, 'components[0].text'],
  ['a body of 1025 characters', withBody('a'.repeat(1025)), 2388040, 'components[0].text'],
  ['a variable at the start', withBody('{{1}}, su técnico llega por la mañana', 'Ana'), 2388299, 'components[0].text'],
  ['a variable at the end', withBody('Su técnico llega por la mañana, {{1}} ', 'Ana'), 2388299, 'components[0].text'],
  ['variables side by side', withBody('Hola {{1}} {{2}}, su técnico llega por la mañana', 'Ana', 'Paz'), 2388072, 'components[0].text'],
  ['a gap in the numbers', withBody('Hola {{1}}, su técnico {{3}} llega por la mañana', 'Ana', 'Paz'), 2388072, 'components[0].text'],
  ['too many variables', withBody(`Hola ${many(4)} fin`, '1', '2', '3', '4'), 2388293, 'components[0].text'],
  ['braces that do not close', withBody('Hola {{1}, su técnico llega por la mañana', 'Ana'), 2388072, 'components[0].text'],
  ['a single brace that does not close', withBody('Hola {Ana, su técnico llega por la mañana'), 2388072, 'components[0].text'],
  ['special characters in a variable', withBody('Hola {{$1}}, su técnico llega por la mañana', 'Ana'), 2388072, 'components[0].text'],
  ['a name in a positional template', withBody('Hola {{nombre}}, su técnico llega por la mañana', 'Ana'), 2388072, 'components[0].text'],
  ['no sample', withBody('Hola {{1}}, su técnico llega por la mañana'), 2388043, 'components[0].example.body_text'],
  ['a sample too few', withBody('Hola {{1}}, su técnico llega el {{2}} por la mañana', 'Ana'), 2388043, 'components[0].example.body_text[0]'],
  [
    'samples that are no array in an array',
    { components: [{ type: 'BODY', text: 'Hola {{1}}, su técnico llega por la mañana', example: { body_text: ['Ana'] } }] },
    undefined,
    'components[0].example.body_text[0]',
  ],
  ['a capital in a name', named('Hola {{Nombre}}, su técnico llega por la mañana', ['Nombre', 'Ana']), 2388072, 'components[0].text'],
  ['a named variable without sample', named('Hola {{nombre}}, su técnico llega por la mañana', ['otro', 'Ana']), 2388043, 'components[0].example.body_text_named_params'],
  ['a header of 61 characters', withHeader('a'.repeat(61)), 2388040, 'components[0].text'],
  ['a header with two variables', withHeader('Visita {{1}} del {{2}} mayo', 'a', 'b'), 2388047, 'components[0].text'],
  ['a header with an emoji', withHeader('Visita 🔧 hoy'), 2388047, 'components[0].text'],
  ['a header with bold letters', withHeader('Visita *hoy*'), 2388047, 'components[0].text'],
  ['a header with a line break', withHeader('Visita\nhoy'), 2388047, 'components[0].text'],
  ['a header without sample', withHeader('Visita del {{1}} mayo'), 2388043, 'components[0].example.header_text'],
  [
    'a picture that was not uploaded',
    { components: [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['1234'] } }, body('uno dos tres')] },
    2388047,
    'components[0].example.header_handle',
  ],
  [
    'a document where a picture is promised',
    { components: [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['sample:document'] } }, body('uno dos tres')] },
    2388047,
    'components[0].example.header_handle',
  ],
  ['a footer of 61 characters', withFooter('a'.repeat(61)), 2388040, 'components[1].text'],
  ['a footer with a variable', withFooter('Gracias {{1}}.'), 2388073, 'components[1].text'],
  ['11 buttons', withButtons(...Array.from({ length: 11 }, (_, index) => quick(`Opción ${index}`))), undefined, 'components[1].buttons'],
  ['3 addresses', withButtons(url('https://a.gt'), url('https://b.gt'), url('https://c.gt')), undefined, 'components[1].buttons'],
  ['2 phone numbers', withButtons(call, call), undefined, 'components[1].buttons'],
  ['quick replies that are not together', withButtons(quick('Sí'), call, quick('No')), undefined, 'components[1].buttons'],
  ['a label of 26 characters', withButtons(quick('a'.repeat(26))), 2388040, 'components[1].buttons[0].text'],
  ['a variable in the middle of an address', withButtons(url('https://a.gt/{{1}}/ver', 'x')), undefined, 'components[1].buttons[0].url'],
  ['an address with a variable and no sample', withButtons(url('https://a.gt/{{1}}')), 2388043, 'components[1].buttons[0].example'],
  ['an address that is none', withButtons(url('a.gt')), undefined, 'components[1].buttons[0].url'],
  ['a phone number of 21 characters', withButtons({ ...call, phone_number: `+${'5'.repeat(20)}` }), 2388040, 'components[1].buttons[0].phone_number'],
  ['a code of 16 characters', withButtons({ type: 'COPY_CODE', example: 'A'.repeat(16) }), 2388040, 'components[1].buttons[0].example'],
  ['an own text for a code', { category: 'AUTHENTICATION' }, 2388072, 'components[0].text'],
];

/** What stands just on the right side of a limit. */
const TAKEN: [string, Fields][] = [
  ['a full stop after the last variable', withBody('El técnico que llega hoy a las ocho es {{1}}.', 'Ana')],
  ['1024 characters', withBody('a'.repeat(1024))],
  ['as many variables as the words carry', withBody(`Hola ${many(4)} ya todo lo demás`, '1', '2', '3', '4')],
  ['a header of 60 characters', withHeader('a'.repeat(60))],
  ['a header with a variable', withHeader('Visita del {{1}} mayo', '4')],
  ['names', named('Hola {{nombre_1}}, su técnico llega por la mañana', ['nombre_1', 'Ana'])],
  ['a footer of 60 characters', withFooter('a'.repeat(60))],
  ['quick replies before the others', withButtons(quick('Sí'), quick('No'), call, url('https://a.gt/{{1}}', 'x'))],
  ['a place', { components: [{ type: 'header', format: 'location' }, body('uno dos tres')] }],
  [
    'a code',
    {
      category: 'AUTHENTICATION',
      components: [
        { type: 'BODY', add_security_recommendation: true },
        { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
      ],
    },
  ],
];

describe('a new template', () => {
  it.each(REFUSED)('is refused with %s, and the answer says where', async (_, change, subcode, field) => {
    await start();
    const reply = await create(change);
    expect(reply.status).toBe(400);
    expect(reply.body.error).toMatchObject({ code: 100, error_user_title: expect.any(String) as string });
    expect([reply.body.error?.error_subcode, reply.body.error?.error_data?.details.split(': ')[0]]).toEqual([subcode, field]);
    expect(reply.body.error?.error_user_msg).toContain(field);
    expect(bench.meta.templates()).toEqual([]);
  });

  it.each(TAKEN)('is taken with %s', async (_, change) => {
    await start();
    const reply = await create(change);
    expect(reply.body.error?.error_data?.details).toBeUndefined();
    expect(reply.body).toMatchObject({ id: expect.stringMatching(/^\d{16,18}$/) as string, status: 'PENDING', category: change['category'] ?? 'UTILITY' });
  });

  it('needs a language of its own, words of its own, and a name that is not blocked', async () => {
    await start();
    await create();
    expect((await create()).body.error?.error_subcode).toBe(2388024);
    expect((await create({ name: 'otro_aviso' })).body.error).toMatchObject({ error_subcode: 2388072, error_data: { details: expect.stringContaining('aviso_de_visita') as string } });
    expect((await create({ language: 'es_MX', ...withBody('Su técnico llega el {{1}} por la tarde.', 'lunes') })).status).toBe(200);
    expect(await remove('name=aviso_de_visita')).toEqual({ success: true });
    expect(bench.meta.templates()).toEqual([]);
    expect((await create()).body.error?.error_subcode).toBe(2388023);
    clock += 30 * 24 * HOUR_MS;
    expect((await create()).status).toBe(200);
  });

  it('is one too many after 100 in an hour, and after 250 in all', async () => {
    await start();
    const texts = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ ...draft(), name: `t_${from + index}`, ...withBody(`Aviso número ${from + index}`) }));
    for (const template of texts(0, 100)) expect((await post(TEMPLATES, template)).status).toBe(200);
    expect((await create()).body.error?.code).toBe(80007);
    clock += HOUR_MS;
    bench.meta.setTemplates({ seed: texts(100, 150).map((template) => ({ body: template })) });
    expect((await create()).body.error?.error_subcode).toBe(2388019);
  });

  it('belongs to this account', async () => {
    await start();
    expect((await post('/1/message_templates', draft())).body.error).toMatchObject({ code: 100, error_subcode: 33 });
  });
});

describe('the list', () => {
  it('comes in pages, filtered, with the fields that were asked for', async () => {
    await start({ templates: 'demo' });
    const names: unknown[] = [];
    let next: string | undefined = `${TEMPLATES}?fields=name,status&limit=4`;
    for (let page = 0; next !== undefined && page < 10; page += 1) {
      const listed: Listed = await get<Listed>(next);
      expect(listed.data.length).toBeLessThanOrEqual(4);
      expect(listed.data.every((template) => Object.keys(template).toSorted().join() === 'id,name,status')).toBe(true);
      names.push(...listed.data.map((template) => template['name']));
      next = listed.paging?.next?.replace(`${bench.meta.url()}/v26.0`, '');
    }
    expect(names).toHaveLength(DEMO_TEMPLATES.length);
    expect(new Set(names)).toEqual(new Set(DEMO_TEMPLATES.map((template) => template.body['name'])));
    const listed = async (query: string) => (await get<Listed>(`${TEMPLATES}?${query}`)).data.map((template) => template['name']);
    expect(await listed('status=REJECTED')).toEqual(['aviso_de_temporada']);
    expect(await listed('status=PAUSED')).toEqual(['encuesta_de_servicio']);
    expect(await listed('name=solicitud_recibida_cliente')).toEqual(['solicitud_recibida_cliente']);
    expect(await listed('language=en_US')).toEqual(['service_request_received']);
    expect(await get(`${TEMPLATES}?name=ptar`)).toEqual({ data: [] });
    for (const query of ['fields=colour', 'limit=0', 'after=x']) expect((await get<GraphReply>(`${TEMPLATES}?${query}`)).error?.code, query).toBe(100);
  });

  it('tells of one template what there is to tell', async () => {
    await start({ templates: 'demo' });
    const find = (name: string): string => bench.meta.templates().find((template) => template.name === name)?.id ?? '';
    expect(await get(`/${find('aviso_de_temporada')}?fields=name,rejected_reason,quality_score`)).toMatchObject({ rejected_reason: 'PROMOTIONAL', quality_score: { score: 'UNKNOWN' } });
    expect(await get(`/${find('encuesta_de_servicio')}?fields=rejected_reason,quality_score`)).toMatchObject({ rejected_reason: 'NONE', quality_score: { score: 'RED' } });
    const { components } = await get<{ components: { example?: { header_handle?: string[] } }[] }>(`/${find('mantenimiento_anual')}`);
    const sample = await fetch(components[0]?.example?.header_handle?.[0] ?? '', { headers: { authorization: 'Bearer t' } });
    expect([sample.status, Buffer.from(await sample.arrayBuffer()).equals(SAMPLE_MEDIA.photo.bytes())]).toEqual([200, true]);
    expect((await get<GraphReply>('/4711')).error?.error_subcode).toBe(33);
  });
});

describe('an edit', () => {
  const edited = withBody('El técnico llega el {{1}} por la tarde.', 'martes');

  it('takes all components, once a day and ten times a month while it is approved', async () => {
    await start();
    const { id } = (await create()).body as { id: string };
    const approve = () => bench.meta.setTemplates({ change: { name: 'aviso_de_visita', status: 'APPROVED' } });
    expect((await post(`/${id}`, edited)).body.error?.error_data?.details).toContain('PENDING');
    approve();
    expect((await post(`/${id}`, { category: 'MARKETING' })).body.error?.error_data?.details).toContain('category');
    expect((await post(`/${id}`, withBody('{{1}} llega por la tarde.', 'Ana'))).body.error?.error_subcode).toBe(2388299);
    for (let day = 0; day < 10; day += 1) {
      expect((await post(`/${id}`, edited)).body).toMatchObject({ success: true, id });
      expect(await get(`/${id}?fields=status,components`)).toMatchObject({ status: 'PENDING', components: edited['components'] });
      approve();
      expect((await post(`/${id}`, edited)).body.error?.error_data?.details).toMatch(day < 9 ? /once in 24 hours/ : /once in 24 hours|10 times/);
      clock += 24 * HOUR_MS;
    }
    expect((await post(`/${id}`, edited)).body.error?.error_data?.details).toContain('10 times');
  });

  it('is free for what was rejected, also in another category', async () => {
    await start();
    const { id } = (await create()).body as { id: string };
    for (let round = 0; round < 3; round += 1) {
      bench.meta.setTemplates({ change: { name: 'aviso_de_visita', status: 'REJECTED', reason: 'INCORRECT_CATEGORY' } });
      expect((await post(`/${id}`, { category: 'MARKETING', ...edited })).status).toBe(200);
    }
    await waitUntil('it was told', () => changesOf('message_template_components_update').length === 3);
    expect(changesOf('message_template_components_update')[0]?.value).toMatchObject({ message_template_element: 'El técnico llega el {{1}} por la tarde.', message_template_name: 'aviso_de_visita' });
  });
});

describe('deleting', () => {
  it('takes one language by its id, all by the name, and nothing that is disabled', async () => {
    await start();
    await create();
    const { id } = (await create({ language: 'en_US', ...withBody('The technician comes on {{1}} in the morning.', 'Monday') })).body as { id: string };
    expect((await remove('name=otro')).error?.code).toBe(100);
    expect((await remove(`name=otro&hsm_id=${id}`)).error?.code).toBe(100);
    expect(await remove(`name=aviso_de_visita&hsm_id=${id}`)).toEqual({ success: true });
    expect(bench.meta.templates().map((template) => template.language)).toEqual(['es']);
    expect((await create({ language: 'en_US', ...withBody('The technician comes on {{1}} in the evening.', 'Monday') })).body.error?.error_subcode).toBe(2388023);
    bench.meta.setTemplates({ change: { name: 'aviso_de_visita', status: 'DISABLED' } });
    expect((await remove('name=aviso_de_visita')).error?.error_data?.details).toContain('disabled');
    await waitUntil('both were told', () => changesOf('message_template_status_update').length === 2);
    expect(changesOf('message_template_status_update').map(({ value }) => value['event'])).toEqual(expect.arrayContaining(['PENDING_DELETION', 'DISABLED']));
  });

  it('a pause can be lifted, nothing else', async () => {
    await start({ templates: 'demo' });
    const find = (status: string): string => bench.meta.templates().find((template) => template.status === status)?.id ?? '';
    expect((await post(`/${find('REJECTED')}/unpause`, {})).body.error?.code).toBe(100);
    expect((await post(`/${find('PAUSED')}/unpause`, {})).body).toEqual({ success: true });
    expect(find('PAUSED')).toBe('');
  });
});

describe('the review', () => {
  it.each([
    ['APPROVED', 'NONE', {}],
    ['REJECTED', 'PROMOTIONAL', withBody('Aproveche nuestras ofertas de {{1}} hasta fin de mes.', 'mayo')],
    ['REJECTED', 'PROMOTIONAL', { language: 'en', ...withBody('Your visit has a special discount until the end of {{1}} this year.', 'May') }],
    ['APPROVED', 'NONE', { category: 'MARKETING', ...withBody('Aproveche nuestras ofertas de {{1}} hasta fin de mes.', 'mayo') }],
    ['REJECTED', 'SCAM', withBody('Para seguir, escriba el número completo de su tarjeta.')],
    ['REJECTED', 'INVALID_FORMAT', withBody('¡¡¡Su técnico llega hoy!!!')],
    ['REJECTED', 'TAG_CONTENT_MISMATCH', withBody('Dear customer, we have received your request and will write to you.')],
  ])('ends with %s, %s, which a signed webhook tells', async (event, reason, change) => {
    await start({ templateReviewMs: 1 });
    const { id } = (await create(change)).body as { id: string };
    await waitUntil('it was told', () => changesOf('message_template_status_update').length === 1);
    const [told] = changesOf('message_template_status_update');
    expect(told?.value).toMatchObject({ event, reason, message_template_name: 'aviso_de_visita', message_template_category: change['category'] ?? 'UTILITY' });
    expect(told?.raw).toContain(`"message_template_id":${id},`);
    expect(await get(`/${id}?fields=status,rejected_reason`)).toMatchObject({ status: event, rejected_reason: reason });
  });

  it('waits to be told where it does not run by itself, and comes after an edit again', async () => {
    await start();
    const { id } = (await create({ language: 'en_US', ...withBody('The technician comes on {{1}} in the morning.', 'Monday') })).body as { id: string };
    bench.meta.setTemplates({ change: { name: 'aviso_de_visita', status: 'REJECTED', reason: 'SCAM' }, reviewMs: 1 });
    expect((await post(`/${id}`, withBody('The technician comes on {{1}} in the evening.', 'Monday'))).status).toBe(200);
    await waitUntil('it was approved', () => changesOf('message_template_status_update').some(({ value }) => value['event'] === 'APPROVED'));
    expect(changesOf('message_template_status_update').map(({ value }) => [value['event'], value['message_template_language']])).toEqual([
      ['REJECTED', 'en-US'],
      ['APPROVED', 'en-US'],
    ]);
    expect(changesOf('message_template_status_update')[0]?.value).toMatchObject({ rejection_info: { reason: expect.any(String) as string } });
  });

  it('is told of ids beyond what a plain parser keeps', async () => {
    await start();
    const ids = [draft(), { ...draft(), name: 'otro', ...withBody('Otro aviso, sin nada más.') }].map(async (template) => ((await post(TEMPLATES, template)).body as { id: string }).id);
    expect((await Promise.all(ids)).filter((id) => BigInt(id) > BigInt(Number.MAX_SAFE_INTEGER) && String(Number(id)) !== id)).toHaveLength(1);
  });
});

describe('what Meta changes', () => {
  const tell = (change: Fields) => fetch(`${bench.meta.url()}/_templates`, { method: 'POST', body: JSON.stringify({ change }) });

  it('is told by the webhook of its kind: status, quality, category, and the category of tomorrow', async () => {
    await start({ templates: 'demo' });
    const name = 'tecnico_en_camino';
    for (const change of [{ status: 'PAUSED', quality: 'RED' }, { category: 'MARKETING' }, { correctCategory: 'UTILITY' }, { quality: 'RED' }])
      expect((await tell({ name, ...change })).status).toBe(200);
    await waitUntil('all came', () => bench.meta.state().webhooks.pending === 0 && bench.receiver.received.length === 4);
    expect(changesOf('message_template_status_update')[0]?.value).toMatchObject({ event: 'PAUSED', other_info: { title: 'FIRST_PAUSE' } });
    expect(changesOf('message_template_quality_update')[0]?.value).toMatchObject({ previous_quality_score: 'GREEN', new_quality_score: 'RED', message_template_name: name });
    const categories = changesOf('template_category_update').map(({ value }) => value);
    expect(categories).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ previous_category: 'UTILITY', new_category: 'MARKETING' }),
        expect.objectContaining({ correct_category: 'UTILITY', new_category: 'MARKETING', category_update_timestamp: expect.any(Number) as number }),
      ]),
    );
    expect(bench.meta.templates().find((template) => template.name === name)).toMatchObject({
      status: 'PAUSED',
      quality: 'RED',
      category: 'MARKETING',
      previousCategory: 'UTILITY',
      correctCategory: 'UTILITY',
    });
  });

  it('would be set wrong without a word if mistakes were taken', async () => {
    await start({ templates: 'demo' });
    for (const change of [
      { name: 'otro', status: 'PAUSED' },
      { name: 'tecnico_en_camino', status: 'GONE' },
      { name: 'tecnico_en_camino', colour: 'red' },
    ])
      expect((await tell(change)).status).toBe(400);
    const seed = await fetch(`${bench.meta.url()}/_templates`, { method: 'POST', body: JSON.stringify({ seed: [{ body: { ...draft(), ...withBody('{{1}} al inicio') } }] }) });
    expect([seed.status, await seed.text()]).toEqual([400, expect.stringContaining('aviso_de_visita') as string]);
    const listed = (await (await fetch(`${bench.meta.url()}/_templates`)).json()) as { templates: unknown[] };
    expect(listed.templates).toHaveLength(DEMO_TEMPLATES.length);
  });
});

describe('a sample for a header', () => {
  const photo = SAMPLE_MEDIA.photo.bytes();
  const begin = async (type = 'image/jpeg', length = photo.length) => post(`/${APP_ID}/uploads?file_name=foto.jpg&file_length=${length}&file_type=${type}`, {});
  const uploadAs = (id: string, offset: number, bytes: Buffer, authorization = 'OAuth t') =>
    fetch(`${bench.meta.url()}/v26.0/${id}`, { method: 'POST', headers: { authorization, file_offset: String(offset), 'content-type': 'application/octet-stream' }, body: new Uint8Array(bytes) });

  it('goes on where it was cut, and gives the handle that a template needs', async () => {
    await start();
    const { id } = (await begin()).body as unknown as { id: string };
    bench.meta.setFaults({ cutSampleAfterBytes: 100 });
    await expect(uploadAs(id, 0, photo)).rejects.toThrow();
    const asked = await fetch(`${bench.meta.url()}/v26.0/${id}`, { headers: { authorization: 'OAuth t' } });
    expect(await asked.json()).toMatchObject({ id, file_offset: 100 });
    expect((await uploadAs(id, 0, photo)).status).toBe(400);
    const { h } = (await (await uploadAs(id, 100, photo.subarray(100))).json()) as { h: string };
    const { id: template } = (await create({ components: [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: [h] } }, body('uno dos tres')] })).body as { id: string };
    const { components } = await get<{ components: { example?: { header_handle?: string[] } }[] }>(`/${template}`);
    const shown = await fetch(components[0]?.example?.header_handle?.[0] ?? '', { headers: { authorization: 'Bearer t' } });
    expect(Buffer.from(await shown.arrayBuffer()).equals(photo)).toBe(true);
  });

  it('is refused for another app, another kind, another token header and other bytes', async () => {
    await start();
    expect((await post('/1/uploads?file_name=a&file_length=1&file_type=image/jpeg', {})).body.error?.error_subcode).toBe(33);
    expect((await begin('image/webp')).body.error?.error_data?.details).toContain('file_type');
    expect((await begin('image/jpeg', 0)).body.error?.error_data?.details).toContain('file_length');
    const { id } = (await begin()).body as unknown as { id: string };
    expect((await uploadAs(id, 0, photo, 'Bearer t')).status).toBe(401);
    const { id: other } = (await begin('application/pdf')).body as unknown as { id: string };
    expect((await uploadAs(other, 0, photo)).status).toBe(400);
    expect((await uploadAs('upload:nothing', 0, photo)).status).toBe(400);
  });
});
