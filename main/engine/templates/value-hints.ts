/**
 * What the words around a variable say it stands for, in Spanish and English. Only a guess for what goes into a form that a person
 * reads before it is sent; the five built-in templates do not depend on it.
 */
import { findWords } from '../../../contract/rules/fold-text.ts';
import { VALUE_SOURCES } from '../../../contract/requests/request-rules.ts';

/** What can stand in a variable. `person_…`: of whoever it is sent to. */
export const FACTS = [
  ...VALUE_SOURCES,
  'customer_person',
  'vendor_person',
  'person_name',
  'person_first_name',
  'person_phone',
  'person_email',
  'person_company',
  'agent_name',
  'workspace_name',
  'workspace_phone',
] as const;
export type Fact = (typeof FACTS)[number];

/** Phrases without accents; of one within another the longer one is meant. Facts in the order in which they are meant. */
const HINTS: readonly (readonly [facts: readonly Fact[], phrases: readonly string[]])[] = [
  [
    ['person_first_name', 'person_name'],
    ['primer nombre', 'nombre de pila', 'first name', 'firstname', 'given name'],
  ],
  [
    ['person_name', 'person_first_name'],
    ['nombre', 'nombre completo', 'name', 'full name', 'fullname', 'hola', 'estimado', 'estimada', 'buenos dias', 'buenas tardes', 'hello', 'hi', 'dear', 'senor', 'senora'],
  ],
  [
    ['customer_name', 'customer_person'],
    ['cliente', 'nombre del cliente', 'nombre cliente', 'cliente nombre', 'estimado cliente', 'estimada cliente', 'customer', 'customer name', 'client', 'client name', 'dear customer'],
  ],
  [
    ['vendor_name', 'vendor_person'],
    ['proveedor', 'nombre del proveedor', 'nombre proveedor', 'estimado proveedor', 'proveedor asignado', 'vendor', 'vendor name', 'supplier', 'provider', 'tecnico', 'technician'],
  ],
  [
    ['vendor_first_name', 'vendor_person'],
    ['vendor first name', 'nombre de pila del proveedor', 'primer nombre del proveedor'],
  ],
  [['vendor_phone'], ['telefono del proveedor', 'telefono proveedor', 'numero del proveedor', 'vendor phone', 'supplier phone', 'provider phone']],
  [
    ['agent_name'],
    [
      'asesor',
      'asesora',
      'agente',
      'ejecutivo',
      'ejecutiva',
      'le atiende',
      'le saluda',
      'mi nombre es',
      'soy',
      'agent',
      'agent name',
      'advisor',
      'my name is',
      'nombre del asesor',
      'nombre del agente',
    ],
  ],
  [['workspace_name'], ['nuestra empresa', 'de parte de', 'equipo de', 'somos', 'negocio', 'our company', 'on behalf of', 'team at', 'business', 'business name']],
  [['workspace_phone'], ['nuestro telefono', 'nuestro numero', 'our phone', 'our number', 'business phone']],
  [['person_company'], ['empresa', 'su empresa', 'compania', 'company', 'your company', 'company name']],
  [
    ['request_id'],
    [
      'solicitud',
      'solicitud de servicio',
      'numero de solicitud',
      'id de solicitud',
      'codigo de solicitud',
      'id',
      'numero',
      'referencia',
      'orden',
      'numero de orden',
      'orden de servicio',
      'orden de trabajo',
      'pedido',
      'caso',
      'ticket',
      'folio',
      'codigo',
      'request',
      'service request',
      'request id',
      'request number',
      'requestid',
      'order',
      'order id',
      'order number',
      'case',
      'case number',
      'reference',
      'number',
      'solicitudes',
      'requests',
      'orders',
    ],
  ],
  [['service_type'], ['servicio', 'tipo', 'tipo de servicio', 'servicio solicitado', 'tipo de solicitud', 'service', 'service type', 'type', 'type of service', 'requested service']],
  [
    ['contact_phone', 'person_phone'],
    [
      'telefono',
      'telefono de contacto',
      'telefono del cliente',
      'celular',
      'numero de telefono',
      'numero de contacto',
      'tel',
      'whatsapp',
      'phone',
      'phone number',
      'contact phone',
      'customer phone',
      'mobile',
      'llamar al',
      'call',
    ],
  ],
  [
    ['contact_email', 'person_email'],
    ['correo', 'correo electronico', 'correo del cliente', 'email', 'e mail', 'mail', 'contact email', 'customer email', 'email address'],
  ],
  [['address'], ['direccion', 'direccion del servicio', 'ubicacion', 'lugar', 'domicilio', 'address', 'service address', 'location', 'place']],
  [
    ['approved_date', 'requested_date'],
    [
      'fecha',
      'dia',
      'fecha de entrega',
      'fecha de visita',
      'fecha del servicio',
      'visita',
      'cita',
      'date',
      'day',
      'delivery date',
      'service date',
      'visit date',
      'appointment',
      'programado para el',
      'scheduled for',
      'el dia',
    ],
  ],
  [['requested_date'], ['fecha solicitada', 'fecha de entrega solicitada', 'fecha pedida', 'requested date', 'requested delivery date']],
  [
    ['approved_date'],
    [
      'fecha aprobada',
      'fecha de entrega aprobada',
      'fecha confirmada',
      'aprobada para el',
      'confirmada para el',
      'approved date',
      'approved delivery date',
      'confirmed date',
      'approved for',
      'confirmed for',
    ],
  ],
  [['form_url'], ['formulario', 'cuestionario', 'enlace', 'liga', 'vinculo', 'link', 'form', 'questionnaire', 'url', 'form url', 'form link']],
];
const PHRASES = HINTS.flatMap(([facts, phrases]) => phrases.map((phrase) => ({ facts, words: phrase.split(' ') })));

/** So many words lie at most between a phrase and the variable. */
const REACH_BEFORE = 4;
const REACH_AFTER = 1;
/** Words that follow say less than words that lead up. */
const AFTER_PENALTY = 3;
/** Where what came before belongs to something else: a sentence, a line, another variable. */
const BREAK = /[.!?;\n]|\{\{[^{}]*\}\}/;

/** What a variable's name or surroundings hint at, best first. `before`, `after`: text on either side of it, of any length. */
export function findHints(before: string, after: string): Fact[] {
  const left = wordsOf(before.split(BREAK).at(-1) ?? '').slice(-12);
  const right = wordsOf(after.split(BREAK)[0] ?? '').slice(0, 6);
  const hits = [
    ...findPhrases(left).flatMap((hit) => ({ ...hit, isLeft: true, distance: left.length - hit.end })),
    ...findPhrases(right).flatMap((hit) => ({ ...hit, isLeft: false, distance: hit.start + AFTER_PENALTY })),
  ].filter(({ isLeft, distance }) => distance <= (isLeft ? REACH_BEFORE : REACH_AFTER + AFTER_PENALTY));
  const whole = hits.filter((hit) => !hits.some((other) => other !== hit && other.isLeft === hit.isLeft && other.start <= hit.start && other.end >= hit.end && lengthOf(other) > lengthOf(hit)));
  return [...new Set(whole.toSorted((a, b) => a.distance - b.distance).flatMap(({ facts }) => facts))];
}

/** Words that hint at a variable, for matching what a team called its own fields. */
export const hintWordsOf = (before: string): string[] => wordsOf(before.split(BREAK).at(-1) ?? '').slice(-(REACH_BEFORE + 1));

const wordsOf = (text: string): string[] => findWords(text.replaceAll('_', ' ')).map(({ word }) => word);

type PhraseHit = { facts: readonly Fact[]; /** Words. */ start: number; end: number };

const lengthOf = ({ start, end }: PhraseHit): number => end - start;

function findPhrases(text: readonly string[]): PhraseHit[] {
  return PHRASES.flatMap(({ facts, words }) => text.flatMap((_, start) => (words.every((word, offset) => text[start + offset] === word) ? [{ facts, start, end: start + words.length }] : [])));
}
