/**
 * What a draft says of the state of a request, against the typed fact. Invariant: only the request's own status proves it; that a customer
 * or an article says "approved" proves nothing.
 */
import { isEnded, isSoIn, type RequestStatus } from '../../../../contract/requests/request-rules.ts';

/** `reference`: what people call the request, empty while it has no name. */
export type StatusFact = { reference: string; status: RequestStatus };
export type StatusClaim = { start: number; end: number; word: string };

type Claim = { pattern: RegExp; isTrue: (status: RequestStatus) => boolean };
const never = (): boolean => false;
const CLAIMS: readonly Claim[] = [
  { pattern: /aprobad[oa]s?|autorizad[oa]s?|approved|authorized|authorised/, isTrue: (status) => status === 'approved' || status === 'done' },
  { pattern: /recibid[oa]s?|ingresad[oa]s?|registrad[oa]s?|received|registered/, isTrue: (status) => isSoIn('received', status) },
  { pattern: /reasignad[oa]s?|reassigned/, isTrue: (status) => status === 'reassigned' },
  { pattern: /cancelad[oa]s?|anulad[oa]s?|canceled|cancelled/, isTrue: (status) => status === 'cancelled' },
  { pattern: /terminad[oa]s?|finalizad[oa]s?|completad[oa]s?|concluid[oa]s?|realizad[oa]s?|entregad[oa]s?|completed|finished|delivered/, isTrue: (status) => status === 'done' },
  { pattern: /rechazad[oa]s?|denegad[oa]s?|rejected|denied|declined/, isTrue: never },
  { pattern: /programad[oa]s?|agendad[oa]s?|confirmad[oa]s?|scheduled|booked|confirmed/, isTrue: never },
  { pattern: /pendientes?|pending/, isTrue: (status) => !isEnded(status) && status !== 'approved' },
  { pattern: /en proceso|en tramite|en revision|being processed|in progress|in process|under review/, isTrue: (status) => !isEnded(status) },
  { pattern: /en camino|on (?:the|its|their) way/, isTrue: never },
];
const ANY = CLAIMS.map(({ pattern }) => pattern.source).join('|');

const BE = String.raw`(?:fue|fueron|esta|estan|ha sido|han sido|quedo|quedaron|queda|sigue|siguen|se encuentra|aparece|figura|consta|was|were|is|(?:has|have)(?: (?:already|now|not|just|since|also))? been|remains|got|shows(?: as)?|it's|su estado es|el estado es|estado actual es|status is)`;
/** A few words may stand between: "está ya aprobada", "fue hoy mismo recibida". */
const SAID = new RegExp(
  String.raw`(?<![a-z])(${BE})((?: (?:ya|hoy|ayer|aun|todavia|como|no|not|never|now|already|still|yet|just|currently|oficialmente|debidamente|por fin|fully|marked|as|actualmente|correctamente|officially|parcialmente|para|formalmente|successfully|exitosamente|totalmente)){0,3}) [*_"']{0,2}(${ANY})(?![a-z])`,
  'g',
);
const LABELLED = new RegExp(String.raw`(?<![a-z])(?:estado|estatus|status|state)(?: (?:actual|de (?:la|su) solicitud|of your request))? ?[:=-] ?[*_"']{0,2}(${ANY})(?![a-z])`, 'g');
const ACTIVE =
  /(?<![a-z])(?:(?:ya )?(?:(?:hemos|han|se ha|we have|we've|they have) (aprobado|autorizado|recibido|cancelado|rechazado|reasignado|finalizado|completado|approved|received|cancelled|canceled|rejected|reassigned|completed|finished)|(aprobamos|autorizamos|recibimos|rechazamos|reasignamos|finalizamos|aprobaron|autorizaron|rechazaron|recibieron|we approved|we received|they approved|they rejected|we rejected|se aprobo|se autorizo|se rechazo|se cancelo|se recibio|se finalizo|se completo)) (?:ya )?(?:la|su|tu|el|your|the) (?:solicitud|pedido|servicio|orden|request|order|service)|se (aprobo|autorizo|rechazo|reasigno|finalizo|completo) (?:la|su|tu) solicitud)/g;
/** "Approved", however it is said, as the word of the list above. */
const STEMS: readonly [RegExp, string][] = [
  [/aprob|approv/, 'aprobada'],
  [/autori/, 'autorizada'],
  [/recib|receiv/, 'recibida'],
  [/rechaz|reject/, 'rechazada'],
  [/reasign|reassign/, 'reasignada'],
  [/cancel/, 'cancelada'],
  [/finaliz|complet|finish/, 'finalizada'],
];

/** Before the verb: what is not said to be so. */
const CONDITIONAL =
  /(?:^|[^a-z])(?:si|cuando|una vez(?: que)?|hasta que|en cuanto|apenas|luego de que|despues de que|aunque|a menos que|que aun|whether|if|once|when|until|unless|after|as soon as|puede|podria|debe|deberia|sera|seran|can|could|may|might|must|should|will|sea|este)(?: [a-z0-9-]{1,20}){0,6} ?$/;
/** Who is meant is somebody or something in general. */
const GENERAL =
  /(?:^|[^a-z])(?:una solicitud|cada solicitud|toda solicitud|las solicitudes|los pedidos|todas las|todos los|cualquier|every request|each request|requests|a request|any request|all requests|oficina|local|office|store)(?: [a-z0-9-]{1,20}){0,4} ?$/;
const NEGATED = /(?<![a-z])(?:no|not|never|nunca|tampoco|aun no|todavia no|isn't|wasn't|hasn't|haven't|aren't)$/;

type Said = { start: number; end: number; word: string; before: string; isNegated: boolean };

function findSaid(text: string): Said[] {
  const said: Said[] = [];
  for (const match of text.matchAll(SAID)) {
    const word = match[3] ?? '';
    const before = text.slice(Math.max(0, match.index - 90), match.index).trimEnd();
    const end = match.index + match[0].length;
    said.push({
      start: end - word.length,
      end,
      word,
      before,
      isNegated: NEGATED.test(before.replace(/ (?:se|ha|han|has|have)$/, '')) || / (?:no|not|never)(?![a-z])/.test(`${match[1] ?? ''}${match[2] ?? ''}`),
    });
  }
  for (const match of text.matchAll(LABELLED)) {
    const word = match[1] ?? '';
    const end = match.index + match[0].length;
    said.push({ start: end - word.length, end, word, before: '', isNegated: false });
  }
  for (const match of text.matchAll(ACTIVE)) {
    const verb = match[1] ?? match[2] ?? match[3] ?? '';
    const word = STEMS.find(([stem]) => stem.test(verb))?.[1];
    const before = text.slice(Math.max(0, match.index - 90), match.index).trimEnd();
    if (word !== undefined) said.push({ start: match.index, end: match.index + match[0].length, word, before, isNegated: NEGATED.test(before) });
  }
  return said;
}

/** The sentence around an offset. A dot inside a number or a name ends none. */
function sentenceAround(text: string, at: number): { start: number; end: number } {
  let start = 0;
  for (const match of text.slice(0, at).matchAll(/[.!?\n](?=\s|$)|[¿¡]/g)) start = match.index + 1;
  const rest = /[.!?\n](?=\s|$)/.exec(text.slice(at));
  return { start, end: rest === null ? text.length : at + rest.index + 1 };
}

/** @param text folded. @returns words that say of a request what is not so. */
export function findWrongStatuses(text: string, facts: readonly StatusFact[]): StatusClaim[] {
  const wrong: StatusClaim[] = [];
  for (const { start, end, word, before, isNegated } of findSaid(text)) {
    const sentence = sentenceAround(text, start);
    const whole = text.slice(sentence.start, sentence.end);
    const lead = before.slice(Math.max(0, before.length - Math.max(0, start - sentence.start)));
    if (whole.endsWith('?') || CONDITIONAL.test(lead) || GENERAL.test(lead)) continue;
    const claim = CLAIMS.find(({ pattern }) => new RegExp(`^(?:${pattern.source})$`).test(word));
    if (claim === undefined) continue;
    const named = facts.filter(({ reference }) => reference !== '' && whole.replace(/[\s-]/g, '').includes(reference.toLowerCase().replace(/[\s-]/g, '')));
    const meant = named.length > 0 ? named : facts;
    const isSo = meant.some(({ status }) => claim.isTrue(status) !== isNegated);
    if (!isSo) wrong.push({ start, end, word });
  }
  return wrong;
}
