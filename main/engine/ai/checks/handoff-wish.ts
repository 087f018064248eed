/** Whether a customer asks for a person. Taken for one too often rather than too seldom: automatic answers end here. */
import { foldOffsets } from './fold-offsets.ts';

const PERSON =
  '(?:personas?|humanos?|humanas?|ser humano|asesor(?:a|es)?|agentes?|operador(?:a|es)?|ejecutiv[oa]s?|representantes?|encargad[oa]|supervisor(?:a)?|gerente|jef[ea]|dueno|duena|alguien|vendedor(?:a)?|recepcionista|consultor(?:a)?|responsable|companero|persona real|gente|empleado|empleada|telefonista|secretaria)';
const HUMAN =
  '(?:human(?: being)?|humans|person|people|someone|somebody|agent|agents|representative|rep|reps|operator|advisor|adviser|manager|supervisor|live (?:agent|chat|person|rep|representative)|real (?:person|human|agent)|customer (?:service|support|care)(?: (?:rep|reps|representative|agent|person))?|support (?:agent|team|staff|person)|staff|employee|actual (?:person|human)|receptionist)';
const FILL_ES = '(?:(?:un|una|uno de|una de|senorita|senor|senora|el|la|algun|alguna|su|sus|los|otro|otra|mi|verdadero|verdadera) ){0,2}';
const FILL_EN = '(?:(?:a|an|the|your|some|any|one of your|another|with|real|live|actual|human|customer service|customer support|support|sales|to) ){0,4}';
/** Of a trade or of somebody else: not of this company's desk. */
const OTHER_ES =
  '(?! (?:que (?:vino|vive|trabaja|me atendio|llego|limpi|arregl|sepa|limpie|cuide|arregle|haga|conozca)|de (?:seguros|transito|aduana|viajes|la casa|mi|bienes|limpieza|confianza)|del (?:edificio|condominio|banco|garage|parqueo|porton)|para (?:limpi|cuid|arregl|revis|repar|hacer|instal)|mayor|aqui en (?:mi|la)))';
const OTHER_EN =
  '(?! (?:who (?:came|lives|cleaned|works|can (?:clean|fix|repair|install))|to (?:clean|fix|repair|install|come)|at (?:my|the) (?:bank|building|gate)|from (?:my|the) (?:bank|insurance)))';

const NEG_ES = '(?<!(?:no |ya no |nunca |sin |tampoco ))';
const VERB_ES = '(?:hablar|hable|hablo|comunicarme|comunicar|contactarme|contactar|chatear|conversar|platicar|escribirme|escribirle|dirigirme|tratar|consultar|comunicarnos|hablarle|atenderme)';

const PATTERNS: readonly RegExp[] = [
  // The whole message is the word.
  new RegExp(
    String.raw`^(?:(?:por favor|porfa|porfavor|plis|un|una|con|el|la|hola|buenas|buenos dias|buenas tardes|quiero|necesito|quisiera|solicito|deseo|prefiero|opcion|marco|ayuda de|atencion)[ ,.!]{1,3}){0,4}${PERSON}(?: (?:real|humano|humana|de verdad|de carne y hueso))?(?:[ ,.!]{1,3}(?:por favor|porfa|porfavor|pls|please|gracias|ya|urgente|ahora)){0,3}[ .!?]{0,6}$`,
  ),
  new RegExp(
    String.raw`^(?:(?:please|pls|a|an|the|hi|hello|i need|i want|need|want|get me|give me|option|i'd like|real|live|speak to|talk to)[ ,.!]{1,3}){0,4}${HUMAN}(?:[ ,.!]{1,3}(?:please|pls|plz|now|asap|thanks|thank you|already|right now)){0,3}[ .!?]{0,6}$`,
  ),
  /^(?:(?:marco|opcion|option|press|presiono|digito|el|numero)[ :]{1,3})?["'(]?(?:0|cero|zero)["')]?(?:[ ,.!]{1,3}(?:por favor|please|gracias|asesor|agente|agent))?[ .!]{0,4}$/,
  new RegExp(
    String.raw`${NEG_ES}(?<![a-z])(?:quiero|quisiera|queremos|deseo|necesito|necesitamos|prefiero|preferiria|me gustaria|nos gustaria|puedo|podria|podriamos|podemos|puede|pueden|se puede|como (?:hago para|puedo|le hago para)|quero|exijo|solicito|pido|requiero|urge|me urge|dejeme|deme|hay forma de|es posible|donde puedo|ocupo|tengo que|ya quiero|solo quiero|mejor)(?: (?:que|mejor|ya|solo|por favor|yo|urgente|urgentemente|favor|directamente|de|poder)){0,3} ${VERB_ES}(?:(?: (?:ya|mejor|directamente|por telefono|por favor|urgente|ahora|de una vez))){0,3},? (?:con|a) ${FILL_ES}${PERSON}(?![a-z])${OTHER_ES}`,
  ),
  new RegExp(String.raw`${NEG_ES}(?<![a-z])(?:${VERB_ES}) (?:ya )?con (?:(?:un|una|algun|alguna) )${PERSON}(?![a-z])(?=[ .!?]{0,4}$|,? (?:por favor|porfa|urgente|ya|de verdad|real|no con|y no))`),
  new RegExp(
    String.raw`${NEG_ES}(?<![a-z])(?:pas[ae]me|paseme|comunic[ae]me|comuniqueme|transfier[ae]me|transferirme|conect[ae]me|conecteme|contact[ae]me|contacteme|deriv[ae]me|deriveme|ponme|pongame|pasenme|comuniquenme|me (?:comunica|comunicas|comunican|pasa|pasas|pasan|transfiere|transfieres|transfieren|conecta|conectas|conectan|contacta|pone|ponen|atiende|deriva|puede (?:comunicar|pasar|transferir|conectar|contactar|poner|atender)|puedes (?:comunicar|pasar|transferir|conectar)|pueden (?:comunicar|pasar|transferir|conectar|contactar|atender)|podria (?:comunicar|pasar|transferir|conectar|atender)|podrian (?:comunicar|pasar|transferir|conectar|atender))|puede (?:comunicarme|pasarme|transferirme|conectarme)|puedes (?:comunicarme|pasarme|transferirme|conectarme)|pueden (?:comunicarme|pasarme|transferirme|conectarme)|podria (?:comunicarme|pasarme|transferirme|conectarme)|podrian (?:comunicarme|pasarme|transferirme|conectarme)|quiero que me (?:pase|pasen|comunique|comuniquen|transfiera|transfieran))(?: (?:ya|por favor|porfa|mejor|directo|directamente|urgente)){0,2},? (?:con |a |al )?${FILL_ES}${PERSON}(?![a-z])${OTHER_ES}`,
  ),
  new RegExp(
    String.raw`${NEG_ES}(?<![a-z])(?:quiero|quisiera|necesito|exijo|deseo|prefiero|pido|espero|me gustaria|podria ser|puede ser|mejor|solicito)? ?(?:que )(?:ya )?me (?:atienda|llame|conteste|responda|ayude|escriba|contacte|atiendan|hable|asista)(?:n)?(?: (?:ya|por favor|mejor|directamente))? ${FILL_ES}${PERSON}(?![a-z])${OTHER_ES}`,
  ),
  new RegExp(
    String.raw`${NEG_ES}(?<![a-z])(?:quiero|quisiera|necesito|exijo|deseo|prefiero|solicito|requiero|ocupo|busco|pido)(?: (?:que|la|el|a|ya|urgente|urgentemente|mejor|contactar|contacto con|ayuda de|la ayuda de|atencion de|hablar directamente con)){0,3} ${FILL_ES}(?:asesor(?:a)?|human[oa]|agente|operador(?:a)?|ejecutiv[oa]|representante|persona (?:real|de verdad|humana|de carne y hueso)|ser humano|alguien (?:real|de verdad|humano)|atencion (?:humana|personal|personalizada)|supervisor(?:a)?)(?![a-z])${OTHER_ES}`,
  ),
  /(?<![a-z])(?:atencion|asistencia|ayuda|soporte|agente) (?:humana|humano|de una persona|de un humano|de un asesor|de un agente|de una persona real)(?![a-z])/,
  /(?<![a-z])(?:no quiero|no deseo|no me gusta|odio|dejen de|ya no quiero|estoy (?:harto|harta|cansado|cansada) de|no pienso)(?: (?:seguir|mas|que me|hablar|hablando|chatear|chateando|escribiendo|tratar|tratando|responda|atienda|conteste|con|a|de|hablarle|mensajes|respuestas)){0,5} (?:un |una |el |la |este |esta |los |las )?(?:bot|bots|robot|robots|maquina|maquinas|ia|contestadora|automatic[oa]s?|inteligencia artificial|chatbot)(?![a-z])/,
  /(?<![a-z])(?:hay|esta|tienen|existe|habra)(?: (?:ahi|alli|algun|alguna|un|una))? (?:alguien (?:ahi|alli|real|humano|de verdad|que (?:me )?(?:atienda|conteste|responda|ayude|pueda (?:ayudar|atender)))|persona(?:s)? (?:real|reales|de verdad|humana)|humano|asesor disponible|agente disponible)|(?<![a-z])(?:alguien|una persona|un humano|un asesor|un agente|una persona real)(?: (?:real|de verdad|humano|humana))? (?:que )?(?:me |nos )(?:puede|podria|pueda|puedan|ayude|atienda|conteste|responda|llame)(?: (?:ayudar|atender|contestar|responder|llamar|asistir|hablar))?(?:me)?(?![a-z])|(?<![a-z])(?:puede|podria|me puede)(?: (?:ayudarme|atenderme|llamarme|contestarme|responderme|atender|ayudar|llamar|contestar|responder))(?: ya| por favor)? (?:una persona|un humano|un asesor|una asesora|un agente|alguien)(?![a-z])/,
  new RegExp(
    String.raw`${NEG_ES}(?<![a-z])(?:deme|dame|denme|pongame|ponme|pongan|mandeme|mandenme|asigneme|consigame|contacto con|por medio de|a traves de)(?: (?:ya|por favor|mejor))? ${FILL_ES}(?:asesor(?:a|es)?|human[oa]|agentes?|operador(?:a)?|ejecutiv[oa]|representante|persona (?:real|de verdad|humana)|ser humano|supervisor(?:a)?)(?![a-z])${OTHER_ES}`,
  ),
  /(?<![a-z])hay (?:alguna|una|alguien|algun|un) ?(?:persona|asesor|agente|humano)? que (?:me |nos )?(?:atienda|ayude|conteste|responda)|(?<![a-z])(?:someone|somebody|anyone|anybody|a (?:person|human)|an agent) (?:that |who )?(?:i|we) (?:can|could|may) (?:talk|speak|chat)|in touch with (?:a|an|some|your) ?(?:person|human|agent|representative|manager|supervisor|one|body|real person)/,
  /(?<![a-z])(?:con quien (?:puedo hablar|hablo|me comunico)|a quien (?:puedo llamar|llamo|le hablo)|persona de verdad|persona de carne y hueso)(?![a-z])/,
  new RegExp(
    String.raw`(?<!(?:don't|do not|not|never|no need to|didn't|won't) (?:want to |need to |have to )?)(?<![a-z])(?<!(?<!(?:can|could|may|might|must|should|do) )i )(?:speak|talk|chat|speaking|talking|chatting|connect me|transfer me|put me through|pass me|connected|transferred|be connected|be transferred|patch me|switch me|hand me(?: over)?|direct me|forward me|route me|refer me|escalate (?:me|this))(?: (?:directly|now|please|right now|instead|me|immediately|over)){0,2} (?:to|with) ${FILL_EN}${HUMAN}(?![a-z])${OTHER_EN}`,
  ),
  new RegExp(
    String.raw`(?<!(?:don't|do not|not|never) )(?<![a-z])(?:i (?:want|need|demand|require|would like|prefer|'d like|'d prefer|only want)|i'd (?:like|prefer|rather have)|i would (?:like|prefer)|get me|give me|may i (?:have|get)|can i (?:have|get)|could i (?:have|get)|let me have|bring me|send me to|is there|are there|we need|we want|need|want) ${FILL_EN}(?:(?:live|real|actual|human) (?:person|agent|human|being|rep|representative|operator|help|support|assistance)|human|humans|human being|agent|representative|operator|customer service rep(?:resentative)?|support agent|supervisor|advisor|live chat)(?![a-z])${OTHER_EN}`,
  ),
  /(?<![a-z])(?:can|could|would|will|may) (?:someone|somebody|(?:a|an) (?:human|person|real person|live agent|agent|actual person|representative|manager|supervisor|advisor|operator))(?: please| just)? (?:(?:talk|speak|chat) (?:to|with) me|call me|contact me|answer me|reply to me|reach me|(?:help|assist) me(?: out)?(?=[ .!?]{0,6}$|,? (?:please|now)))/,
  /(?<![a-z])(?:can|could|would|will) you(?: please)? (?:have|get|find|send) (?:me )?(?:someone|somebody|a (?:person|human|real person|manager|supervisor|representative)|an (?:agent|advisor|operator))(?![a-z])(?! (?:to (?:clean|fix|repair|install|come)|who))/,
  /(?<![a-z])(?:stop (?:the |this )?(?:bot|robot|automated)|(?:don't|do not) want (?:to )?(?:talk|speak|chat)?(?: ?(?:to|with))? ?(?:a |the |this )?(?:bot|robot|machine|computer|ai|chatbot)|(?:hate|tired of|sick of)(?: talking to| chatting with)? (?:this |the |these |a |your )?(?:bot|bots|robot|robots|automated|machine|chatbot)|is (?:there )?(?:anyone|anybody|someone|somebody) (?:there|real|here)|human (?:help|support|assistance|agent|please|being)|live (?:agent|person|human|representative|support)(?: please)?|real (?:person|human)(?: please)?|not a (?:bot|robot|machine)|have (?:someone|somebody|an agent|a person|a human) (?:call|contact|write|text|email|reach) me)(?![a-z])/,
];

/** Told of what was, or of a third person. */
const PAST =
  /(?<![a-z])(?:ya )?(?:hable|hablamos|hablo|hablaron|me atendio|me comunique|me llamo|chatee|converse|i (?:already )?(?:spoke|talked|chatted)|i was (?:talking|speaking)|we (?:spoke|talked)|he hablado|habia hablado|estaba hablando|i've (?:spoken|talked)|i have (?:spoken|talked))(?: (?:ayer|hoy|ya|antes|por telefono|yesterday|today|already|earlier))? (?:con|to|with) [^.!?\n]{1,40}/g;
/** What still may follow in the same message is looked at without it. */
const READ_MAX = 2_000;

export function wishesPerson(original: string): boolean {
  const text = foldOffsets(original.slice(0, READ_MAX))
    .text.replace(/[¿¡*_"]/g, '')
    .replace(/(?<![a-z])q(?![a-z])/g, 'que')
    .replace(/[^\S\n]+/g, ' ')
    .trim();
  if (text === '') return false;
  // A word alone may also be the end of a message: "Basta. Humano."
  const lines = [...text.split(/\n+/), ...text.split(/[.!?\n]+/).slice(0, 40)].map((line) => line.replace(PAST, ' ').replace(/ {2,}/g, ' ').trim());
  return lines.some((line) => line !== '' && PATTERNS.some((pattern) => pattern.test(line)));
}

/** @param texts messages that came one after the other: a wish may go over several. */
export const wishesPersonIn = (texts: readonly string[]): boolean => texts.some(wishesPerson) || wishesPerson(texts.join(' '));
