import { describe, expect, test } from 'vitest';
import { BUILTIN_TEMPLATES, type BuiltinTemplateName } from '../../../../contract/requests/builtin-templates.ts';
import { eventOfTemplate, EVENT_TEMPLATES } from '../../../../contract/requests/request-rules.ts';
import type { ServiceRequestRow } from '../../../../contract/state.ts';
import type { Template, TemplateDesign } from '../../../../contract/whatsapp/template-definition.ts';
import { bestValues, factOf, proposeValues, type ValueContext, type ValuePerson } from '../../../../main/engine/templates/propose-values.ts';

const nobody: ValuePerson = { name: null, firstName: null, phone: null, email: null, company: null, isVendor: false, attributes: [] };
const rosa: ValuePerson = { ...nobody, name: 'Rosa Xicay', firstName: 'Rosa', phone: '50255501234', email: 'rosa@example.com', attributes: [{ key: 'Código postal', value: '01010' }] };
const lago: ValuePerson = { ...nobody, name: 'Servicios del Lago', firstName: 'Carlos', phone: '50255559876', isVendor: true };
const request: ServiceRequestRow = {
  id: 'r1',
  number: 1001,
  external_id: 'SOL-1042',
  status: 'new',
  service_type: 'Limpieza de\nfosa séptica',
  customer_id: 'rosa',
  customer_name: 'María Xicay',
  contact_phone: '+50255551234',
  contact_email: 'maria@example.com',
  address: '12 calle 3-45, zona 10',
  requested_date: '2026-12-04',
  approved_date: '2026-12-07',
  vendor_id: 'lago',
  form_url: 'https://example.com/ptar/1042',
  description: '',
  source: 'manual',
  created_by: 'ana',
  created_seq: 1,
  created_at: 1,
  updated_seq: 1,
  updated_at: 1,
};
const context: ValueContext = {
  person: rosa,
  request,
  role: 'customer',
  customer: rosa,
  vendor: lago,
  agentName: 'Ana Pérez',
  workspace: { name: 'Taller del Lago', phone: '50222334455' },
  lastUsed: {},
  usedFacts: {},
};
const template = (change: Partial<TemplateDesign>): Template => ({
  name: 'aviso',
  language: 'es',
  category: 'UTILITY',
  parameterFormat: 'POSITIONAL',
  header: null,
  body: 'Hola',
  footer: null,
  buttons: [],
  samples: {},
  metaId: '1',
  status: 'APPROVED',
  quality: 'UNKNOWN',
  rejectedReason: null,
  ...change,
});
const builtin = (name: BuiltinTemplateName): Template => template(BUILTIN_TEMPLATES[name]);
const best = (design: Partial<TemplateDesign>, change: Partial<ValueContext> = {}): Record<string, string> => bestValues(proposeValues(template(design), { ...context, ...change }));

describe('the five built-in templates', () => {
  const expected: Record<BuiltinTemplateName, string[]> = {
    nueva_solicitud_de_servicio: ['SOL-1042', 'Limpieza de fosa séptica', 'María Xicay', '+502 5555 1234', '12 calle 3-45, zona 10', '4 de diciembre de 2026'],
    solicitud_recibida_cliente: ['María Xicay', 'SOL-1042', 'Limpieza de fosa séptica', '4 de diciembre de 2026', 'maria@example.com'],
    ptar_formulario_enviado: ['María Xicay', 'https://example.com/ptar/1042', 'Servicios del Lago', '+502 5555 9876'],
    solicitud_aprobada_operaciones: ['Servicios del Lago', 'SOL-1042', '7 de diciembre de 2026'],
    reasignacion_removida: ['Carlos', 'SOL-1042', 'Limpieza de fosa séptica'],
  };
  test.each(Object.keys(expected) as BuiltinTemplateName[])('%s gets its parameters in order', (name) => {
    const { role } = EVENT_TEMPLATES[eventOfTemplate(name)!];
    const values = bestValues(proposeValues(builtin(name), { ...context, role, person: role === 'vendor' ? lago : rosa }));
    expect(Object.values(values)).toEqual(expected[name]);
  });

  test('a vendor who lost the request is called by their own name, not by that of who has it now', () => {
    const former = { ...lago, name: 'Drenajes Sur', firstName: 'Marta' };
    expect(bestValues(proposeValues(builtin('reasignacion_removida'), { ...context, role: 'vendor', person: former }))['body.1']).toBe('Marta');
  });

  test('each value says where it is from', () => {
    const [customer, , vendor] = proposeValues(builtin('ptar_formulario_enviado'), context);
    expect(customer?.candidates).toEqual([
      { value: 'María Xicay', origin: 'request', source: 'customer_name', label: null },
      { value: 'Rosa Xicay', origin: 'contact', source: 'customer_name', label: null },
    ]);
    expect(vendor?.candidates[0]).toMatchObject({ origin: 'request', source: 'vendor_name' });
  });

  test('a template of that name with other variables is read like any other', () => {
    expect(best({ name: 'reasignacion_removida', body: 'Se movió al {{1}}. Su correo es {{2}} y listo.' })).toEqual({ 'body.2': 'maria@example.com' });
  });
});

describe('other templates', () => {
  test('a positional variable is known by the words around it', () => {
    const body = 'Hola {{1}}, su solicitud de servicio {{2}} del tipo {{3}} queda para el día {{4}}.\nDirección: {{5}}\nLe atiende {{6}} de parte de {{7}}, gracias.';
    expect(Object.values(best({ body }))).toEqual(['Rosa Xicay', 'SOL-1042', 'Limpieza de fosa séptica', '7 de diciembre de 2026', '12 calle 3-45, zona 10', 'Ana Pérez', 'Taller del Lago']);
  });

  test('a named one by its name, in either language', () => {
    const body = 'Dear {{customer_name}}, request {{request_id}} on {{requested_date}}: {{agent_name}} calls {{telefono}}. {{algo}} ok';
    expect(best({ language: 'en_US', parameterFormat: 'NAMED', body })).toEqual({
      'body.customer_name': 'María Xicay',
      'body.request_id': 'SOL-1042',
      'body.requested_date': 'December 4, 2026',
      'body.agent_name': 'Ana Pérez',
      'body.telefono': '+502 5555 1234',
    });
  });

  test('a field that the team made itself fills the variable that is called like it', () => {
    const [slot] = proposeValues(template({ parameterFormat: 'NAMED', body: 'Zona {{codigo_postal}} lista' }), context);
    expect(slot?.candidates).toContainEqual({ value: '01010', origin: 'attribute', source: null, label: 'Código postal' });
  });

  test('nothing is proposed of another person, and nothing of a request where there is none', () => {
    const without = { request: null, role: null, customer: null, vendor: null };
    expect(best({ body: 'Estimado proveedor {{1}}, la solicitud {{2}} está lista.' }, without)).toEqual({});
    expect(best({ body: 'Estimado cliente {{1}}, gracias.' }, without)).toEqual({ 'body.1': 'Rosa Xicay' });
    expect(best({ body: 'Estimado cliente {{1}}, gracias.' }, { ...without, person: lago })).toEqual({});
  });

  test('the button to the form of the request gets only what follows its fixed part', () => {
    const buttons = [{ type: 'URL' as const, text: 'Llenar', url: 'https://example.com/ptar/{{1}}', sample: null }];
    expect(best({ buttons })).toEqual({ 'button.0': '1042' });
    expect(best({ buttons: [{ ...buttons[0]!, url: 'https://example.com/solicitudes/{{1}}' }] })).toEqual({ 'button.0': 'SOL-1042' });
  });

  test('what this person was sent last comes after what is true now; what it stood for comes before', () => {
    const body = 'Queda así: {{1}} y ya.';
    expect(best({ body }, { lastUsed: { 'body.1': 'lo de antes' } })).toEqual({ 'body.1': 'lo de antes' });
    const usedFacts = { 'body.1': factOf('12 calle 3-45, zona 10', context, 'es')! };
    expect(usedFacts).toEqual({ 'body.1': 'address' });
    const other = { ...request, address: '5a avenida' };
    expect(best({ body }, { lastUsed: { 'body.1': 'lo de antes' }, usedFacts, request: other })).toEqual({ 'body.1': '5a avenida' });
  });

  test('what an agent did not choose is not proposed for a quick reply, a code or a form', () => {
    const buttons = [
      { type: 'QUICK_REPLY' as const, text: 'Ver solicitud' },
      { type: 'COPY_CODE' as const, text: 'Código', sample: '25OFF' },
      { type: 'FLOW' as const, text: 'Formulario', flowId: '1' },
    ];
    expect(best({ buttons })).toEqual({});
  });
});
