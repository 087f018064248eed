/** The people and the order of work of the demo workspace: who is there besides the customers, and how far they have come. All invented. */
import type { LabelColor } from '../../contract/rules/label-colors.ts';
import type { Role } from '../../contract/wire.ts';

/** The person at the keyboard. */
export const DEMO_ME = { slug: 'ana', name: 'Ana (demo)', role: 'admin' } as const;

/** `slug`: what `--as` calls them. */
export type Colleague = { slug: string; name: string; role: Role };
export const DEMO_COLLEAGUES: readonly Colleague[] = [
  { slug: 'bo', name: 'Bo Ramírez', role: 'lead' },
  { slug: 'cyntia', name: 'Cyntia López', role: 'agent' },
  { slug: 'diego', name: 'Diego Tun', role: 'agent' },
];

/** By slug, name or first name, without regard to case and accents. */
export function findColleague(text: string): Colleague | null {
  const wanted = fold(text);
  return DEMO_COLLEAGUES.find(({ slug, name }) => slug === wanted || fold(name) === wanted) ?? null;
}
const fold = (text: string): string => text.trim().normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

export const DEMO_TEAMS: readonly { name: string; members: readonly string[] }[] = [
  { name: 'Soporte técnico', members: ['ana', 'bo', 'diego'] },
  { name: 'Facturación', members: ['cyntia'] },
];

export const DEMO_LABELS: readonly { name: string; color: LabelColor }[] = [
  { name: 'Urgente', color: 'red' },
  { name: 'Cotización', color: 'blue' },
  { name: 'Factura', color: 'yellow' },
  { name: 'Laboratorio', color: 'teal' },
  { name: 'Proveedor', color: 'gray' },
];

export const DEMO_CANNED: readonly { shortcut: string; body: string }[] = [
  { shortcut: 'saludo', body: 'Buen día, {{primer_nombre}}. Le saluda {{agente}}, ¿en qué le puedo ayudar?' },
  { shortcut: 'recibido', body: 'Gracias, {{primer_nombre}}. Ya lo recibimos y lo estamos revisando; le confirmo hoy mismo.' },
  { shortcut: 'visita', body: 'Le podemos agendar una visita de diagnóstico sin costo. ¿Qué día y a qué hora le queda bien?' },
  { shortcut: 'cotizacion', body: '{{primer_nombre}}, le envío la cotización en el transcurso del día. Tiene vigencia de 15 días. {{agente}}' },
  { shortcut: 'factura', body: 'Para emitir la factura, ¿nos confirma por favor el NIT, la razón social y el correo?' },
  { shortcut: 'gracias', body: 'Con mucho gusto, {{primer_nombre}}. Quedo a la orden. {{agente}}' },
];

export type DemoCase = {
  /** Start of the customer's name in `scripted-customers.ts`. */
  customer: string;
  /** Slugs. `by`: who assigned it, if it was not the assignee. */
  assignee?: { to: string; by?: string };
  team?: string;
  labels?: readonly string[];
  /** Mentions Ana. */
  note?: { by: string; body: string };
  /** Whoever is snoozed has nothing to say unprompted: a message would bring them back. */
  snoozeHours?: number;
};

/** Customers who are not listed are nobody's. */
export const DEMO_CASES: readonly DemoCase[] = [
  { customer: 'Ingrid Morales', assignee: { to: 'ana', by: 'bo' }, team: 'Soporte técnico', labels: ['Cotización'] },
  { customer: 'Óscar Ramírez', assignee: { to: 'ana' }, team: 'Soporte técnico' },
  { customer: 'Daniel Brooks', assignee: { to: 'ana' }, snoozeHours: 16 },
  { customer: 'Ing. Héctor Velásquez', assignee: { to: 'bo' }, note: { by: 'bo', body: `@${DEMO_ME.name} la visita obligatoria es el jueves a las 9. Voy yo; ¿me acompañas para firmar el acta?` } },
  {
    customer: 'Karla Estrada',
    assignee: { to: 'cyntia' },
    labels: ['Cotización'],
    note: { by: 'cyntia', body: `@${DEMO_ME.name} el hotel pide precio hoy por las dos cisternas. ¿Me autorizas el 10 % de descuento?` },
  },
  { customer: 'Brenda Sandoval', assignee: { to: 'cyntia' }, team: 'Facturación', labels: ['Factura', 'Urgente'] },
  { customer: 'Lic. Rodolfo Ajú', assignee: { to: 'diego' }, labels: ['Laboratorio'] },
  { customer: 'Wilson Quiej', assignee: { to: 'diego' }, labels: ['Proveedor'] },
  { customer: 'Lucía Pérez López', team: 'Soporte técnico', labels: ['Urgente'] },
  { customer: 'Julio Xicay', team: 'Soporte técnico' },
  { customer: 'Edgar Chávez', labels: ['Proveedor'] },
];
