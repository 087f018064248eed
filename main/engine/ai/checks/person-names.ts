/** Names in a draft: whoever is greeted must be the person of the conversation, and any other name must stand in a fact. */
import { foldText } from '../../../../contract/rules/fold-text.ts';

export type NameProblem = { start: number; end: number; name: string; /** Said to somebody, not of somebody. */ isAddressed: boolean };

const NAME = String.raw`\p{Lu}[\p{Ll}\p{M}'’]{1,24}(?:-\p{Lu}[\p{Ll}\p{M}]{1,20})?`;
const NAMES = String.raw`${NAME}(?: (?:de |del |de la |de los )?${NAME}){0,3}`;
const TITLE = String.raw`(?:[Dd]on|[Dd]oña|[Ss]eñora?|[Ss]eñorita|[Ss]ra?\.?|[Ss]rta\.?|[Mm]r\.?|[Mm]rs\.?|[Mm]s\.?|[Mm]iss|[Ll]icenciad[oa]|[Ll]ic\.|[Ii]ngenier[oa]|[Ii]ng\.|[Dd]octora?|[Dd]ra?\.|[Pp]rofesora?)`;
const GREETED = new RegExp(
  String.raw`(?<![\p{L}])(?:[Hh]ola|[Bb]uen(?:os|as) (?:días|dias|tardes|noches)|[Bb]uen día|[Ee]stimad[oa](?: cliente)?|[Aa]preciad[oa]|[Qq]uerid[oa]|[Gg]racias|[Dd]isculpe|[Bb]ienvenid[oa]|[Hh]i|[Hh]ello|[Hh]ey|[Dd]ear|[Tt]hanks|[Tt]hank you|[Ss]orry|[Gg]ood (?:morning|afternoon|evening))[,!]? (?:${TITLE} )?(${NAMES})`,
  'gu',
);
const TITLED = new RegExp(String.raw`(?<![\p{L}])${TITLE} (${NAMES})`, 'gu');
const VOCATIVE = new RegExp(String.raw`, (${NAME})(?=[,.!?]|$)`, 'gmu');
const CAPITALIZED = new RegExp(String.raw`(?<=[\p{Ll}\p{Nd},)] )(${NAMES})(?![\p{L}\p{N}])`, 'gu');

/** Written with a capital and nobody's name, folded. */
const COMMON = new Set(
  'usted ustedes ud uds whatsapp facebook instagram google internet pdf excel i we you your please thanks thank hello hi dear hola gracias estimado estimada cliente senor senora don dona sr sra lic ing enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre january february march april may june july august september october november december lunes martes miercoles jueves viernes sabado domingo monday tuesday wednesday thursday friday saturday sunday spanish english espanol ingles navidad christmas dios todos todas equipo team customer sir madam buenos buenas dias tardes noches good morning afternoon evening jan feb mar apr jun jul aug sep sept oct nov dec ene abr ago dic'.split(
    ' ',
  ),
);

const wordsOf = (text: string): string[] => foldText(text).match(/[\p{L}]{2,}/gu) ?? [];

/**
 * @param text as it stands; at most the length of a message. @param personName of the contact, null: unknown.
 * @param known texts that hold names: facts, the customer's messages, the company's profile.
 */
export function findNameProblems(text: string, personName: string | null, known: readonly string[]): NameProblem[] {
  const person = new Set(personName === null ? [] : wordsOf(personName));
  const others = new Set(known.flatMap(wordsOf));
  const found: NameProblem[] = [];
  const add = (name: string, start: number, isAddressed: boolean): void => {
    if (found.some((other) => start < other.end && start + name.length > other.start)) return;
    const words = wordsOf(name).filter((word) => !['de', 'del', 'la', 'los'].includes(word) && !COMMON.has(word) && !COMMON.has(word.replace(/s$/, '')));
    if (words.length === 0) return;
    const isRight = isAddressed && person.size > 0 ? words.every((word) => person.has(word)) : words.every((word) => person.has(word) || others.has(word));
    if (!isRight) found.push({ start, end: start + name.length, name, isAddressed });
  };
  for (const match of text.matchAll(GREETED)) {
    const name = match[1] ?? '';
    add(name, match.index + match[0].length - name.length, true);
  }
  for (const match of text.matchAll(VOCATIVE)) add(match[1] ?? '', match.index + 2, isOnlyName(match[1] ?? '', person, others));
  for (const match of text.matchAll(TITLED)) {
    const name = match[1] ?? '';
    add(name, match.index + match[0].length - name.length, false);
  }
  for (const match of text.matchAll(CAPITALIZED)) add(match[1] ?? '', match.index, false);
  return found;
}

/** ", Guatemala." may end an address: only what no fact knows is taken for somebody who is spoken to. */
const isOnlyName = (name: string, person: ReadonlySet<string>, others: ReadonlySet<string>): boolean => person.size > 0 && wordsOf(name).every((word) => !others.has(word));
