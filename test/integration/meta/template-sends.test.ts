import { afterEach, describe, expect, it } from 'vitest';
import { SAMPLE_MEDIA } from '../../../main/demo/meta/sample-media.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { CUSTOMER, startBench, type Bench, type Reply } from './support.ts';

let bench: Bench;
afterEach(() => bench.stop());

type Component = Record<string, unknown>;
const send = (name: string, components: Component[] = [], to: Record<string, string> = { to: `+${CUSTOMER}` }, code = 'es'): Promise<Reply> =>
  bench.send({ messaging_product: 'whatsapp', ...to, type: 'template', template: { name, language: { code }, ...(components.length > 0 && { components }) } });
const text = (...values: string[]): Component => ({ type: 'body', parameters: values.map((value) => ({ type: 'text', text: value })) });
const named = (type: 'header' | 'body', values: Record<string, string>): Component => ({
  type,
  parameters: Object.entries(values).map(([parameter_name, value]) => ({ type: 'text', parameter_name, text: value })),
});
const header = (parameter: Component): Component => ({ type: 'header', parameters: [parameter] });
const button = (sub_type: string, index: number, parameter: Component): Component => ({ type: 'button', sub_type, index: String(index), parameters: [parameter] });

const GREETING = { nombre_cliente: 'Ana', nombre_tecnico: 'Luis', fecha: 'lunes', hora: '9:00' };
const HEADING = named('header', { solicitud: 'SOL-1' });
const PHOTO = header({ type: 'image', image: { link: 'https://a.gt/foto.jpg' } });
const SUFFIX = button('url', 0, { type: 'text', text: 'SOL-1' });

describe('a template message', () => {
  it.each<[string, Component[]]>([
    ['nueva_solicitud_de_servicio', [text('SOL-1', 'PTAR', 'Ana', '+502 5555 1234', 'Zona 10', 'lunes')]],
    ['tecnico_en_camino', [HEADING, named('body', GREETING)]],
    ['mantenimiento_anual', [PHOTO, text('Ana', 'mayo'), button('quick_reply', 1, { type: 'payload', payload: 'no' })]],
    ['seguimiento_de_solicitud', [text('SOL-1', 'lunes'), SUFFIX]],
    ['cotizacion_de_servicio', [header({ type: 'document', document: { link: 'https://a.gt/c.pdf', filename: 'c.pdf' } }), text('Ana', 'SOL-1')]],
    ['punto_de_encuentro', [header({ type: 'location', location: { latitude: 14.6, longitude: -90.5, name: 'Planta' } }), text('SOL-1', 'lunes')]],
    ['codigo_de_temporada', [button('copy_code', 0, { type: 'coupon_code', coupon_code: 'LLUVIA2026' })]],
  ])('of %s goes to somebody who never wrote, and the journal keeps its values in order', async (name, components) => {
    bench = await startBench({ templates: 'demo' });
    const { body } = await send(name, components);
    expect(body.error?.error_data?.details).toBeUndefined();
    await waitUntil('it was delivered', () => bench.receiver.statuses().some((status) => status['status'] === 'delivered'));
    expect(bench.meta.journal().at(-1)?.body).toMatchObject({ template: { name, components } });
    const category = bench.meta
      .templates()
      .find((template) => template.name === name)
      ?.category.toLowerCase();
    expect(bench.receiver.statuses()[0]).toMatchObject({ pricing: { category } });
  });

  it.each<[string, number, string, Component[]]>([
    ['no such name', 132001, 'otra', []],
    ['a template that was rejected', 132001, 'aviso_de_temporada', [text('Ana')]],
    ['a paused one', 132015, 'encuesta_de_servicio', [text('Ana', 'SOL-1')]],
    ['a value too few', 132000, 'solicitud_aprobada_operaciones', [text('Luis', 'SOL-1')]],
    ['a value too many', 132000, 'solicitud_aprobada_operaciones', [text('Luis', 'SOL-1', 'lunes', 'tarde')]],
    ['no values at all', 132000, 'solicitud_aprobada_operaciones', []],
    ['a heading that the template does not have', 132000, 'seguimiento_de_solicitud', [header({ type: 'text', text: 'Hola' }), text('SOL-1', 'lunes'), SUFFIX]],
    ['no heading where one has a variable', 132000, 'tecnico_en_camino', [named('body', GREETING)]],
    ['two values for one button', 132000, 'seguimiento_de_solicitud', [text('SOL-1', 'lunes'), { ...SUFFIX, parameters: [1, 2].map(() => ({ type: 'text', text: 'a' })) }]],
    ['values without names', 132012, 'tecnico_en_camino', [HEADING, text('Ana', 'Luis', 'lunes', '9:00')]],
    ['a wrong name', 132012, 'tecnico_en_camino', [HEADING, named('body', { nombre_cliente: 'Ana', nombre_tecnico: 'Luis', fecha: 'lunes', minuto: '9:00' })]],
    ['names where values are counted', 132012, 'solicitud_aprobada_operaciones', [named('body', { a: 'Luis', b: 'SOL-1', c: 'lunes' })]],
    ['no picture', 132012, 'mantenimiento_anual', [text('Ana', 'mayo')]],
    ['a video for a picture', 132012, 'mantenimiento_anual', [header({ type: 'video', video: { link: 'https://a.gt/v.mp4' } }), text('Ana', 'mayo')]],
    ['a text that gets too long', 132005, 'solicitud_aprobada_operaciones', [text('a'.repeat(1000), 'SOL-1', 'lunes')]],
    ['a line break in a value', 132018, 'solicitud_aprobada_operaciones', [text('Luis\nPaz', 'SOL-1', 'lunes')]],
    ['five spaces in a value', 132018, 'solicitud_aprobada_operaciones', [text('Luis     Paz', 'SOL-1', 'lunes')]],
    ['a value for a button that takes none', 132018, 'seguimiento_de_solicitud', [text('SOL-1', 'lunes'), SUFFIX, button('url', 1, { type: 'text', text: 'x' })]],
    ['a value for a button that is not there', 132018, 'solicitud_aprobada_operaciones', [text('Luis', 'SOL-1', 'lunes'), SUFFIX]],
    ['no value for the address', 131008, 'seguimiento_de_solicitud', [text('SOL-1', 'lunes')]],
    ['no code', 131008, 'codigo_de_temporada', []],
    ['a picture that is not there', 131009, 'mantenimiento_anual', [header({ type: 'image', image: { id: '12' } }), text('Ana', 'mayo')]],
  ])('is refused for %s with %i', async (_, code, name, components) => {
    bench = await startBench({ templates: 'demo' });
    const { body } = await send(name, components);
    expect([body.error?.code, body.error?.error_data?.details]).toEqual([code, expect.any(String) as string]);
    expect(bench.meta.journal()[0]).toMatchObject({ accepted: false });
  });

  it('is refused in a language that the template does not have, and once it is disabled', async () => {
    bench = await startBench({ templates: 'demo' });
    const values = [text('Luis', 'SOL-1', 'lunes')];
    expect((await send('solicitud_aprobada_operaciones', values, undefined, 'es_MX')).body.error?.code).toBe(132001);
    bench.meta.setTemplates({ change: { name: 'solicitud_aprobada_operaciones', status: 'DISABLED' } });
    expect((await send('solicitud_aprobada_operaciones', values)).body.error?.code).toBe(132016);
  });

  it('fails later with a file of another kind in its header', async () => {
    bench = await startBench({ templates: 'demo' });
    const { id } = bench.meta.addMedia('application/pdf', SAMPLE_MEDIA.document.bytes());
    expect((await send('mantenimiento_anual', [header({ type: 'image', image: { id } }), text('Ana', 'mayo')])).status).toBe(200);
    await waitUntil('it failed', () => bench.receiver.statuses().some((status) => status['status'] === 'failed'));
    expect(bench.receiver.statuses()[0]).toMatchObject({ errors: [{ code: 131053 }] });
  });
});

describe('advertising', () => {
  const advertise = (to?: Record<string, string>): Promise<Reply> => send('mantenimiento_anual', [PHOTO, text('Ana', 'mayo')], to);
  const statusesOf = (reply: Reply): unknown[] =>
    bench.receiver
      .statuses()
      .filter((status) => status['id'] === reply.body.messages?.[0]?.id)
      .map((status) => (status['errors'] as { code: number }[] | undefined)?.[0]?.code ?? status['status']);

  it('does not reach those who want none, until they want it again; other templates do', async () => {
    bench = await startBench({ templates: 'demo' });
    bench.meta.customerWrites({ from: CUSTOMER, name: 'Ana', marketing: 'stop' });
    const refused = await advertise();
    const notice = await send('solicitud_aprobada_operaciones', [text('Luis', 'SOL-1', 'lunes')]);
    await waitUntil('both were told', () => statusesOf(refused).length === 1 && statusesOf(notice).length === 3);
    expect(statusesOf(refused)).toEqual([131050]);
    const told = bench.receiver.received.flatMap(({ body }) => body.entry.flatMap((entry) => entry.changes)).find((change) => change.field === 'user_preferences');
    expect(told?.value).toMatchObject({ user_preferences: [{ wa_id: CUSTOMER, category: 'marketing_messages', value: 'stop', timestamp: expect.any(Number) as number }] });
    bench.meta.customerWrites({ from: CUSTOMER, marketing: 'resume' });
    const again = await advertise();
    await waitUntil('it was delivered', () => statusesOf(again).includes('delivered'));
  });

  it('does not reach numbers of the United States', async () => {
    bench = await startBench({ templates: 'demo' });
    const reply = await advertise({ to: '+12025550123' });
    await waitUntil('it failed', () => statusesOf(reply).length === 1);
    expect(statusesOf(reply)).toEqual([131049]);
  });
});
