/** Templates from the account to the customer and back: real programs, real HTTP, real SQLite, and the stand-in's own rules. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUILTIN_TEMPLATES } from '../../../contract/requests/builtin-templates.ts';
import type { Message } from '../../../contract/entities.ts';
import { REQUEST_TEXT_MAX } from '../../../contract/limits.ts';
import { OWN_ERROR } from '../../../contract/whatsapp/error-codes.ts';
import type { TemplateDesign } from '../../../contract/whatsapp/template-definition.ts';
import type { TemplateInput } from '../../../contract/work-api.ts';
import type { TemplateView } from '../../../contract/work-entities.ts';
import { DEMO_TEMPLATES } from '../../../main/demo/meta/templates/demo-templates.ts';
import { SAMPLE_MEDIA, type SampleKind } from '../../../main/demo/meta/sample-media.ts';
import { stageFile } from '../../support/stage-file.ts';
import { startTeam, type Desktop, type Team } from '../../support/team.ts';
import { waitUntil } from '../../support/wait-until.ts';

const MARTA = { from: '50255551234', name: 'Marta' };

let team: Team;
let ana: Desktop;
beforeEach(async () => {
  team = await startTeam();
});
afterEach(() => team.stop());

const seed = (...templates: typeof DEMO_TEMPLATES) => team.meta.setTemplates({ seed: templates.map(({ body, seed: given }) => ({ body, ...given })) });
/** Nothing waits for jitter. */
const open = async (role: 'admin' | 'agent' = 'admin'): Promise<void> => {
  ana = await team.addDesktop({ role, ports: { random: () => 0 } });
  await waitUntil('the log says who she is', async () => (await ana.client.team.directory()).members.some(({ isMe }) => isMe));
};
const list = () => ana.client.templates.list();
const synced = () => waitUntil('the account was read', async () => ((await list()).syncedAt === null ? null : list()));
const find = async (name: string): Promise<TemplateView | undefined> => (await list()).items.find((template) => template.name === name);
const texts = (count: number, from = 0) => Array.from({ length: count }, (_, index) => ({ body: plain(`aviso_${from + index}`, `Le escribimos por el caso ${from + index} de {{1}} como quedamos.`) }));
const plain = (name: string, text: string) => ({ name, language: 'es', category: 'UTILITY', components: [{ type: 'BODY', text, example: { body_text: [['Ana']] } }] });
const pages = () => team.meta.journal().filter(({ method, path }) => method === 'GET' && path.endsWith('/message_templates'));

describe('the list', () => {
  it('has everything of the account, page by page, with ids that a number cannot hold', async () => {
    seed(...DEMO_TEMPLATES, ...texts(110));
    await open();
    const { items, builtins, problem } = await synced();
    expect(problem).toBeNull();
    expect(pages().length).toBe(2);
    const expected = team.meta.templates();
    expect(items.map(({ metaId }) => metaId).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
    expect(items.some(({ metaId }) => Number(metaId) > Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(builtins).toEqual([
      { name: 'nueva_solicitud_de_servicio', state: 'ok', key: 'nueva_solicitud_de_servicio/es' },
      { name: 'solicitud_recibida_cliente', state: 'ok', key: 'solicitud_recibida_cliente/es' },
      { name: 'ptar_formulario_enviado', state: 'missing', key: null },
      { name: 'solicitud_aprobada_operaciones', state: 'ok', key: 'solicitud_aprobada_operaciones/es' },
      { name: 'reasignacion_removida', state: 'ok', key: 'reasignacion_removida/es' },
    ]);
    expect(await find('aviso_de_temporada')).toMatchObject({ status: 'REJECTED', rejectedReason: 'PROMOTIONAL', isSendable: false });
    expect(await find('mantenimiento_anual')).toMatchObject({ category: 'MARKETING', quality: 'YELLOW', isSendable: true, header: { format: 'IMAGE' } });

    await ana.client.templates.setFavourite({ key: 'tecnico_en_camino/es', isOn: true });
    expect((await list()).items[0]).toMatchObject({ key: 'tecnico_en_camino/es', isFavourite: true });
  });

  it('tells how a built-in template differs', async () => {
    const { nueva_solicitud_de_servicio: first, reasignacion_removida: other } = BUILTIN_TEMPLATES;
    seed(
      { body: { ...plain(first.name, 'Se le asignó la solicitud {{1}} para esta semana, por favor confirme.') } },
      { body: { name: other.name, language: 'en_US', category: 'UTILITY', components: [{ type: 'BODY', text: 'Dear vendor, this request was given to somebody else today.' }] } },
    );
    await open();
    const { builtins, items } = await synced();
    expect(builtins.map(({ state }) => state)).toEqual(['other_parameters', 'missing', 'missing', 'missing', 'other_language']);
    expect(items.find(({ name }) => name === first.name)?.builtin).toBe('other_parameters');
  });

  it('shows at once what Meta tells, and reads what it does not know yet', async () => {
    seed(...texts(1));
    await open();
    await synced();
    team.meta.setTemplates({ change: { name: 'aviso_0', status: 'PAUSED' } });
    await waitUntil('the pause is seen', async () => (await find('aviso_0'))?.status === 'PAUSED');
    team.meta.setTemplates({ change: { name: 'aviso_0', status: 'REJECTED', reason: 'TAG_CONTENT_MISMATCH', quality: 'RED', category: 'MARKETING' } });
    await waitUntil('all of it is seen', async () => {
      const { status, rejectedReason, quality, category } = (await find('aviso_0'))!;
      return status === 'REJECTED' && rejectedReason === 'TAG_CONTENT_MISMATCH' && quality === 'RED' && category === 'MARKETING';
    });
    // Somebody makes one in Meta's own pages: only its review is told.
    seed(...texts(1, 1));
    team.meta.setTemplates({ change: { name: 'aviso_1', status: 'PAUSED' } });
    await waitUntil('the new one is read', async () => (await find('aviso_1'))?.status === 'PAUSED');
  });

  it('stays as it was when Meta cannot be reached or refuses, and says why', async () => {
    seed(...texts(1));
    await open();
    const { syncedAt } = await synced();
    team.meta.setFaults({ refuse: 'reset' });
    const away = await ana.client.templates.sync();
    expect(away).toMatchObject({ syncedAt, problem: { kind: 'unreachable' } });
    expect(away.items).toHaveLength(1);
    team.meta.setFaults({ reset: true });
    expect(await ana.client.templates.sync()).toMatchObject({ problem: null });
    await ana.engine.setNumber({ phoneNumberId: '1', wabaId: '999' }, 'graph-token');
    expect(await ana.client.templates.sync()).toMatchObject({ items: [], problem: { kind: 'refused', code: 100 } });
  });
});

const design = (change: Partial<TemplateDesign> = {}): TemplateDesign => ({
  name: 'visita_programada',
  language: 'es',
  category: 'UTILITY',
  parameterFormat: 'POSITIONAL',
  header: null,
  body: 'Hola {{1}}, su visita quedó para el {{2}} por la mañana.',
  footer: null,
  buttons: [],
  samples: { '1': 'Rosa', '2': '4 de diciembre' },
  ...change,
});

describe('making templates', () => {
  it('a design goes to Meta, is followed, edited and deleted', async () => {
    await open();
    await synced();
    expect(await ana.client.templates.submit({ design: design(), editedId: null })).toEqual({ status: 'submitted', key: 'visita_programada/es', templateStatus: 'PENDING', category: 'UTILITY' });
    const made = (await find('visita_programada'))!;
    expect(made).toMatchObject({ ...design(), status: 'PENDING', isSendable: false });
    expect(made.metaId).toBe(team.meta.templates()[0]?.id);
    team.meta.setTemplates({ change: { name: 'visita_programada', status: 'APPROVED' } });
    await waitUntil('it is approved', async () => (await find('visita_programada'))?.isSendable);

    const edited = design({ body: 'Hola {{1}}, su visita cambió al {{2}} por la mañana.', footer: 'Taller' });
    expect(await ana.client.templates.submit({ design: edited, editedId: made.metaId })).toMatchObject({ status: 'submitted', templateStatus: 'PENDING' });
    expect(team.meta.templates()[0]).toMatchObject({
      id: made.metaId,
      status: 'PENDING',
      components: [
        { type: 'BODY', text: edited.body },
        { type: 'FOOTER', text: 'Taller' },
      ],
    });
    await expect(ana.client.templates.submit({ design: edited, editedId: made.metaId })).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });

    expect(await ana.client.templates.remove({ name: 'visita_programada', metaId: null })).toMatchObject({ status: 'submitted', templateStatus: 'DELETED' });
    expect(await find('visita_programada')).toBeUndefined();
    expect(await ana.client.templates.submit({ design: design(), editedId: null })).toMatchObject({ status: 'refused', refusal: { field: 'name', code: 100, subcode: 2_388_023 } });
  });

  it('a built-in one is there in one step', async () => {
    await open();
    await synced();
    expect(await ana.client.templates.submitBuiltin({ name: 'ptar_formulario_enviado' })).toMatchObject({ status: 'submitted', key: 'ptar_formulario_enviado/es' });
    expect((await list()).builtins.find(({ name }) => name === 'ptar_formulario_enviado')?.state).toBe('not_approved');
    for (const name of Object.keys(BUILTIN_TEMPLATES).filter((other) => other !== 'ptar_formulario_enviado')) await ana.client.templates.submitBuiltin({ name });
    for (const { name } of team.meta.templates()) team.meta.setTemplates({ change: { name, status: 'APPROVED' } });
    await waitUntil('all five are approved', async () => (await list()).builtins.every(({ state }) => state === 'ok'));
    await expect(ana.client.templates.submitBuiltin({ name: 'otra' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('a sample for a media header goes up in pieces where it must, and its handle is taken', async () => {
    await open();
    const { sha256 } = await stageFile(ana.client, SAMPLE_MEDIA.photo.bytes(), 'foto.jpg');
    team.meta.setFaults({ cutSampleAfterBytes: 100 });
    const sample = await ana.client.templates.uploadSample({ sha256 });
    expect(sample.status).toBe('ok');
    const handle = sample.status === 'ok' ? sample.handle : '';
    expect(await ana.client.templates.submit({ design: design({ header: { format: 'IMAGE', sample: handle } }), editedId: null })).toMatchObject({ status: 'submitted' });
    const { sha256: voice } = await stageFile(ana.client, SAMPLE_MEDIA.voice.bytes(), 'nota.ogg');
    await expect(ana.client.templates.uploadSample({ sha256: voice })).rejects.toMatchObject({ code: 'FILE_REFUSED' });
  });

  it('the rules are asked again here, and what Meta refuses comes back at its field', async () => {
    await open();
    await synced();
    await expect(ana.client.templates.submit({ design: design({ body: '{{1}}, su visita es el {{2}} por la mañana.' }), editedId: null })).rejects.toMatchObject({
      code: 'CONTENT_REFUSED',
      data: { field: 'body' },
    });
    expect(team.meta.journal().filter(({ method }) => method === 'POST')).toEqual([]);
    // A handle that Meta does not know cannot be seen from here.
    const header = { format: 'IMAGE', sample: '4::nothing' } as const;
    expect(await ana.client.templates.submit({ design: design({ header }), editedId: null })).toMatchObject({ status: 'refused', refusal: { field: 'header.sample' } });
    team.meta.setFaults({ refuse: 'reset' });
    expect(await ana.client.templates.submit({ design: design(), editedId: null })).toMatchObject({ status: 'unreachable' });
  });

  it('agents make none', async () => {
    await open('agent');
    for (const attempt of [
      () => ana.client.templates.submit({ design: design(), editedId: null }),
      () => ana.client.templates.submitBuiltin({ name: 'reasignacion_removida' }),
      () => ana.client.templates.remove({ name: 'x', metaId: null }),
      () => ana.client.templates.uploadSample({ sha256: 'a'.repeat(64) }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('sending in a closed window', () => {
  let conversationId: string;
  beforeEach(async () => {
    seed(...DEMO_TEMPLATES, {
      body: {
        name: 'llenar_formulario',
        language: 'es',
        category: 'UTILITY',
        components: [
          { type: 'BODY', text: 'Por favor llene el formulario de la visita antes del lunes, gracias.' },
          { type: 'BUTTONS', buttons: [{ type: 'FLOW', text: 'Llenar', flow_id: '12345' }] },
        ],
      },
    });
    await open();
    team.meta.customerWrites({ ...MARTA, text: 'hola', timestamp: Math.floor(Date.now() / 1000) - 48 * 3600 });
    conversationId = (await waitUntil('the conversation arrives', async () => (await ana.client.conversations.list({})).items[0])).id;
    await waitUntil('everybody can read what this program writes', async () => (await ana.client.session.sync()).writeLevel >= 4);
    await synced();
  });

  type Sent = { type: string; template?: { name: string; components?: unknown[] } };
  const sent = (): Sent[] =>
    team.meta
      .journal()
      .filter((call) => call.method === 'POST' && call.path.endsWith('/messages') && call.accepted)
      .map((call) => call.body as Sent)
      .filter((body) => 'type' in body);
  const deliveryOf = async (id: string) => (await ana.client.messages.page({ conversationId })).items.find((message) => message.id === id);
  const input = (name: string, values: Record<string, string> = {}, more: Partial<TemplateInput> = {}): TemplateInput => ({ key: `${name}/es`, texts: values, place: null, file: null, ...more });
  const send = (template: TemplateInput, more: { messageId?: string; requestId?: string } = {}) => ana.client.templates.send({ conversationId, template, ...more });
  const stage = async (kind: SampleKind, filename: string) => ({ sha256: (await stageFile(ana.client, SAMPLE_MEDIA[kind].bytes(), filename)).sha256, filename });
  const body = (...values: string[]) => Object.fromEntries(values.map((value, index) => [`body.${index + 1}`, value]));

  it('every component leaves as it was filled in, and is read', async () => {
    await expect(ana.client.messages.sendText({ conversationId, text: 'hola' })).rejects.toMatchObject({ code: 'WINDOW_CLOSED' });
    const photo = await stage('photo', 'foto.jpg');
    const pdf = await stage('document', '../../Cotización: mayo.pdf');
    const place = { latitude: 14.6, longitude: -90.5, name: 'Planta', address: 'Zona 12' };
    const inputs = [
      input('nueva_solicitud_de_servicio', body('SOL-1', ' PTAR\n  nueva ', 'Ana', '+502 5555 1234', 'Zona 10', '4 de diciembre de 2026')),
      input('tecnico_en_camino', { header: 'SOL-1', 'body.nombre_cliente': 'Ana', 'body.nombre_tecnico': 'Luis', 'body.fecha': 'lunes', 'body.hora': '9:00' }),
      input('mantenimiento_anual', { ...body('Ana', 'mayo'), 'button.0': 'quiere' }, { file: photo }),
      input('seguimiento_de_solicitud', { ...body('SOL-1', 'lunes'), 'button.0': 'SOL-1' }),
      input('cotizacion_de_servicio', body('Ana', 'SOL-1'), { file: pdf }),
      input('punto_de_encuentro', body('SOL-1', 'lunes'), { place }),
      input('codigo_de_temporada', { 'button.0': 'LLUVIA2026' }),
      input('llenar_formulario'),
    ];
    const messages: Message[] = [];
    for (const one of inputs) messages.push(await send(one));
    expect(messages[0]?.content).toMatchObject({ kind: 'template', body: expect.stringContaining('Servicio solicitado: PTAR   nueva\n') as string, request: null });
    expect(messages[2]?.content).toMatchObject({ header: { format: 'IMAGE' }, media: { sha256: photo.sha256 }, category: 'MARKETING' });
    expect(messages[4]?.content).toMatchObject({ header: { format: 'DOCUMENT', filename: 'Cotización_ mayo.pdf' } });
    await waitUntil('all are read', async () => (await Promise.all(messages.map(({ id }) => deliveryOf(id)))).every((message) => message?.delivery === 'read'), 30_000);

    const text = (...values: string[]) => values.map((value) => ({ type: 'text', text: value }));
    const components = new Map(sent().map(({ template }) => [template?.name, template?.components]));
    expect([...components.keys()]).toEqual(inputs.map(({ key }) => key.split('/')[0]));
    expect(components.get('nueva_solicitud_de_servicio')).toEqual([{ type: 'body', parameters: text('SOL-1', 'PTAR   nueva', 'Ana', '+502 5555 1234', 'Zona 10', '4 de diciembre de 2026') }]);
    expect(components.get('tecnico_en_camino')).toMatchObject([
      { type: 'header', parameters: [{ parameter_name: 'solicitud', text: 'SOL-1' }] },
      { type: 'body', parameters: [{ parameter_name: 'nombre_cliente' }, { parameter_name: 'nombre_tecnico', text: 'Luis' }, { parameter_name: 'fecha' }, { parameter_name: 'hora' }] },
    ]);
    expect(components.get('mantenimiento_anual')).toMatchObject([
      { type: 'header', parameters: [{ type: 'image' }] },
      { type: 'body', parameters: text('Ana', 'mayo') },
      { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'quiere' }] },
    ]);
    expect(components.get('seguimiento_de_solicitud')?.[1]).toEqual({ type: 'button', sub_type: 'url', index: '0', parameters: text('SOL-1') });
    expect(components.get('cotizacion_de_servicio')?.[0]).toMatchObject({ parameters: [{ type: 'document', document: { filename: 'Cotización_ mayo.pdf' } }] });
    expect(components.get('punto_de_encuentro')?.[0]).toMatchObject({ parameters: [{ type: 'location', location: place }] });
    expect(components.get('codigo_de_temporada')).toEqual([{ type: 'button', sub_type: 'copy_code', index: '0', parameters: [{ type: 'coupon_code', coupon_code: 'LLUVIA2026' }] }]);
    expect(components.get('llenar_formulario')).toEqual([{ type: 'button', sub_type: 'flow', index: '0', parameters: [{ type: 'action', action: {} }] }]);

    const { items } = await list();
    expect(items[0]).toMatchObject({ name: 'llenar_formulario', lastUsedAt: expect.any(Number) as number });
    expect((await ana.client.templates.propose({ key: 'nueva_solicitud_de_servicio/es', conversationId }))[0]?.candidates).toEqual([
      { value: 'SOL-1', origin: 'last_used', source: null, label: null },
    ]);
  });

  it('is refused with the slot that is wrong, and nothing is queued', async () => {
    const right = body('SOL-1', 'PTAR', 'Ana', '1', 'Zona 10', 'lunes');
    const refusals: [TemplateInput, string, string][] = [
      [input('nueva_solicitud_de_servicio', { ...right, 'body.4': ' \n\t ' }), 'body.4', 'missing'],
      [input('nueva_solicitud_de_servicio', { ...right, 'body.5': 'x'.repeat(REQUEST_TEXT_MAX) }), 'body.5', 'too_long'],
      [input('cotizacion_de_servicio', body('Ana', 'SOL-1')), 'header', 'missing'],
      [input('punto_de_encuentro', body('SOL-1', 'lunes')), 'header', 'missing'],
      [input('punto_de_encuentro', body('SOL-1', 'lunes'), { place: { latitude: 91, longitude: 0, name: null, address: null } }), 'header', 'invalid'],
      [input('seguimiento_de_solicitud', body('SOL-1', 'lunes')), 'button.0', 'missing'],
    ];
    for (const [template, field, reason] of refusals) await expect(send(template)).rejects.toMatchObject({ code: 'CONTENT_REFUSED', data: { field, reason } });
    await expect(send(input('cotizacion_de_servicio', body('Ana', 'SOL-1'), { file: await stage('photo', 'foto.jpg') }))).rejects.toMatchObject({ code: 'FILE_REFUSED' });
    await expect(send(input('aviso_de_temporada', body('Ana')))).rejects.toMatchObject({ code: 'TEMPLATE_UNAVAILABLE' });
    await expect(send(input('no_hay'))).rejects.toMatchObject({ code: 'TEMPLATE_UNAVAILABLE' });
    await expect(send(input('codigo_de_temporada', { 'button.0': 'A' }), { requestId: 'r-0' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await ana.client.conversations.setStatus({ conversationId, from: 'active', to: 'closed', seenThrough: Number.MAX_SAFE_INTEGER });
    await expect(send(input('codigo_de_temporada', { 'button.0': 'A' }))).rejects.toMatchObject({ code: 'CONVERSATION_CLOSED' });
    expect((await ana.client.messages.page({ conversationId })).items.filter(({ direction }) => direction === 'out')).toEqual([]);
  });

  it('the same message id twice is one message', async () => {
    const messageId = '0190a4b0-0000-7000-8000-000000000001';
    const first = await send(input('codigo_de_temporada', { 'button.0': 'A' }), { messageId });
    expect(await send(input('codigo_de_temporada', { 'button.0': 'A' }), { messageId })).toMatchObject({ id: first.id });
    await waitUntil('it is read', async () => (await deliveryOf(messageId))?.delivery === 'read');
    expect(sent()).toHaveLength(1);
  });

  it('one that the account has no longer fails with what to do, the list is read again, and a retry goes through', async () => {
    // Meta's webhook about it is late.
    team.meta.setFaults({ holdWebhooks: true });
    team.meta.setTemplates({ change: { name: 'codigo_de_temporada', status: 'PAUSED' } });
    const { id } = await send(input('codigo_de_temporada', { 'button.0': 'A' }));
    await waitUntil('it fails', async () => (await deliveryOf(id))?.delivery === 'failed');
    expect((await deliveryOf(id))?.error?.code).toBe(132_015);
    await waitUntil('the list is behind no more', async () => (await find('codigo_de_temporada'))?.status === 'PAUSED');

    team.meta.setTemplates({ change: { name: 'codigo_de_temporada', status: 'APPROVED' } });
    team.meta.setFaults({ holdWebhooks: false });
    const again = await ana.client.messages.retry({ messageId: id });
    await waitUntil('the retry is read', async () => (await deliveryOf(again.id))?.delivery === 'read');
    expect(sent()).toHaveLength(1);
  });

  it('who wants no advertising gets none, also what was written before they said so', async () => {
    await team.postWebhook(
      {
        contacts: [{ wa_id: MARTA.from, profile: { name: 'Marta' } }],
        user_preferences: [{ wa_id: MARTA.from, detail: 'x', category: 'marketing_messages', value: 'stop', timestamp: String(Math.floor(Date.now() / 1000)) }],
      },
      'user_preferences',
    );
    await waitUntil('the wish is known', async () => (await ana.client.conversations.list({})).items[0]?.contact.hasOptedOut);
    await expect(send(input('codigo_de_temporada', { 'button.0': 'A' }))).rejects.toMatchObject({ code: 'OPTED_OUT' });
    const other = await send(input('seguimiento_de_solicitud', { ...body('SOL-1', 'lunes'), 'button.0': 'SOL-1' }));
    await waitUntil('what is no advertising is read', async () => (await deliveryOf(other.id))?.delivery === 'read');
    expect(await ana.client.templates.suggest({ conversationId, text: 'código de temporada' })).not.toContain('codigo_de_temporada/es');
    expect(OWN_ERROR.optedOut).toBeLessThan(0);
  });

  it('what a text wanted to say is found among the templates', async () => {
    const keys = await ana.client.templates.suggest({ conversationId, text: 'Buenas, le mando la cotización para que la revise' });
    expect(keys[0]).toBe('cotizacion_de_servicio/es');
    expect(keys).not.toContain('aviso_de_temporada/es');
  });
});
