/**
 * Whether a text tries to command the model. Only a badge that also keeps automatic answers away: most attacks are not of these words, and
 * what protects is the fence around data and the checks of what comes out. It never errs on what customers write all day.
 */
import { foldOffsets, CHECKED_MAX } from './fold-offsets.ts';

const PATTERNS: readonly [string, RegExp][] = [
  [
    'ignore_rules',
    /(?<![a-z])(?:ignora|ignore|ignorar|ignoren|olvida|olvide|olvidate de|olvidese de|descarta|descarte|omite|omita|disregard|forget|override|bypass|skip)(?: (?:todas?|todos|las|los|tus|sus|cualquier|estas|esas|de|all|any|of|the|your|my|these|those|previous|prior|above|earlier|system|safety|anteriores|previas|previos)){0,5} (?:instrucciones|ordenes|directrices|directivas|politicas|restricciones|reglas|guardrails|instructions?|directions given|rules|directives|guidelines|prompts?|programming|restrictions|system message)(?! (?:de la (?:etiqueta|caja|bolsa|bomba)|del manual|que me (?:dio|dieron|dijo|dijeron)|del formulario|del producto|de uso|de lavado|de instalacion|on the (?:form|box|label)|in the (?:box|manual|email)))/,
  ],
  [
    'reveal_prompt',
    /(?<![a-z])(?:muestra|muestrame|dime|revela|revelame|repite|imprime|escribe|copia|ensename|cual(?:es)? (?:es|son)|comparte|show|reveal|print|repeat|output|display|leak|tell me|give me|what (?:is|are)|write out|expose)(?: (?:me|us|a|all|todo|todas?|tu|tus|su|sus|el|la|las|los|your|the|its|full|complete|exact|entire|initial|original|hidden|secret|verbatim|internal|completo|exacto|inicial|ocult[oa]s?|secret[oa]s?|intern[oa]s?|de)){1,5} (?:prompts?|system prompt|system message|instrucciones (?:de sistema|del sistema|iniciales|internas|ocultas|secretas|originales)|system instructions?|hidden instructions?|initial instructions?|internal instructions?|mensaje de(?:l)? sistema|prompt de(?:l)? sistema|instructions (?:above|you were given|verbatim))/,
  ],
  ['prompt_word', /(?<![a-z])(?:system prompt|prompt injection|jailbreak|jail break|developer mode|modo desarrollador|dan mode|modo dan|do anything now|god mode|sudo mode)(?![a-z])/],
  [
    'new_role',
    /(?<![a-z])(?:a partir de ahora|desde ahora|de ahora en adelante|from now on|starting now)[, ]{1,3}(?:tu |usted |you )?(?:eres|seras|actua|actuaras|responde(?:ras)? (?:solo|solamente|unicamente|siempre)|you (?:are|will|must)|are|act|respond only|only respond|ignore)(?![a-z])/,
  ],
  [
    'new_role',
    /(?<![a-z])(?:you are now|ahora eres|you're now) (?:a|an|un|una|dan|the|in|el|la|free|libre)(?![a-z])(?! (?:(?:valued|registered|regular) )?(?:customer|client|member|cliente|hour|minute))/,
  ],
  [
    'new_role',
    /(?<![a-z])(?:actua como|finge ser|finge que eres|simula ser|haz de cuenta que eres|pretend (?:to be|you are|that you are)|act as|roleplay as|role-play as|behave as)(?: (?:si fueras|un|una|a|an|if you were|el|la|the|my|mi)){0,3} (?:ia|ai|bot|chatbot|assistant|asistente|administrador|admin|administrator|developer|desarrollador|hacker|sistema|system|dan|root|gpt|chatgpt|llm|modelo|model|unrestricted|linux|terminal|database|base de datos|experto|expert|abuel[oa]|grandmother)(?![a-z])/,
  ],
  [
    'forged_role',
    /(?:^|\n)[\s>*#-]{0,8}(?:system|assistant|sistema|asistente|developer|instrucciones para (?:la ia|el modelo|el asistente|el bot))[ *_]{0,3}:[^\n]{0,80}(?<![a-z])(?:you (?:are|must|will|should|can|may)|must|debes|eres|ignore|ignora|override|new rules?|nuevas? (?:reglas?|instruccion(?:es)?)|mark|marca|approve|aprueba|grant|concede|refund|reembolsa|reply|responde|reveal|revela|disable|desactiva|confirm|confirma|the (?:user|customer)|el (?:usuario|cliente))(?![a-z])/,
  ],
  [
    'forged_fence',
    /<\|?(?:im_start|im_end|endoftext|system|assistant|user|begin_of_text|eot_id|start_header_id)\|?>|\[\/?inst\]|<<\/?sys>>|<\/?(?:system|instructions?|prompt|assistant|data|datos|context|contexto|facts?)>|#{2,4} ?(?:system|instructions?|instrucciones|new instructions|prompt|assistant|response)(?![a-z])|(?:begin|end) (?:of )?(?:system )?(?:prompt|instructions|data block)/,
  ],
  [
    'data_theft',
    /(?<![a-z])(?:dame|muestrame|enviame|mandame|lista|listame|dime|pasame|give me|show me|send me|list|tell me|export|dump)(?: (?:me|todos?|todas?|los|las|all|the|of|every|a|de|other|otros|otras)){0,4} (?:datos|telefonos|numeros|nombres|direcciones|correos|conversaciones|mensajes|solicitudes|data|phones?|phone numbers|names|addresses|emails|conversations|messages|requests|records|informacion|information)(?: (?:personal(?:es)?|of|de|from|about|sobre|for|los|las|the)){1,3} (?:otros|otras|demas|todos|todas|other|all|every|another|any)(?: (?:los|las|the|of|your))?(?: (?:clientes?|usuarios?|personas|customers?|users?|clients?|people))/,
  ],
  [
    'secret',
    /(?<![a-z])(?:api[ _-]?keys?|clave (?:de la )?api|access tokens?|system_user_token|openai_api_key|tu (?:clave|contrasena|token)|your (?:api key|password|token|credentials)|environment variables?|variables de entorno)(?![a-z])/,
  ],
  [
    'order_to_model',
    /(?<![a-z])(?:instruccion(?:es)?|nota|mensaje|aviso|instructions?|note|message|attention|atencion)(?: (?:importante|urgent|important|urgente|nueva|new))? (?:para|to|for) (?:la |el |the |any |all |cualquier )?(?:ia|ai|bot|chatbot|llm|modelo|model|assistant|asistente virtual|language model|modelo de lenguaje)(?![a-z])/,
  ],
  [
    'order_to_model',
    /(?<![a-z])(?:respond|reply|answer|responde|contesta|say|di) (?:only |solo |solamente |unicamente |exactly |exactamente )?(?:with|con|using)? ?(?:the (?:words?|text|phrase)|la (?:palabra|frase)|el texto|exactly|exactamente|only the)(?![a-z])/,
  ],
  ['order_to_model', /(?<![a-z])(?:as an? (?:ai|language model|llm)|como (?:una )?(?:ia|inteligencia artificial|modelo de lenguaje)),? (?:you|debes|tienes|puedes|must|should|your|eres)/],
  [
    'order_to_model',
    /(?<![a-z])(?:decode|decodifica|descifra|decrypt|execute|ejecuta|run)(?: (?:this|the|following|el|la|este|esta|siguiente|and|y)){0,4} (?:base64|rot13|codigo|code|script|command|comando|hex|payload)(?![a-z])/,
  ],
  [
    'order_to_model',
    /(?<![a-z])(?:marca|mark|set|cambia|change|update|actualiza)(?: (?:la|my|mi|the|this|esta|el|estado|status|of|de|solicitud|request|como|as|to|a)){2,8} (?:approved|aprobad[oa]|paid|pagad[oa])(?: (?:and|y) (?:say|reply|confirm|tell|di|responde|confirma))/,
  ],
];

/** Characters that nobody types and that hide words: tags outside a flag, turned writing, runs of invisible ones. */
function hidesText(text: string): boolean {
  const withoutFlags = text.replace(/\u{1f3f4}[\u{e0020}-\u{e007f}]{1,8}/gu, '');
  return /[\u{e0000}-\u{e007f}]|[\u202a\u202b\u202d\u202e]|[\u200b\u2060\ufeff]{4}/u.test(withoutFlags) || /[\u2066-\u2069][^\n]{0,200}[\u202d\u202e]/u.test(withoutFlags);
}

/** @returns which kind of command the text holds; null: none that is known. */
export function findInjection(text: string): string | null {
  if (hidesText(text.slice(0, CHECKED_MAX))) return 'hidden_text';
  const folded = foldOffsets(text).text.replace(/[ \t]{2,}/g, ' ');
  return PATTERNS.find(([, pattern]) => pattern.test(folded))?.[0] ?? null;
}
