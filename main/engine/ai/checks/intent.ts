/**
 * What customers' messages are about, as far as the automatic mode has to know. Topics that only people may answer come first and are found
 * too often rather than too seldom; what is of no list is `unclear`, and nothing answers that by itself.
 */
import type { Intent } from '../../../../contract/ai/ai-words.ts';
import { foldOffsets } from './fold-offsets.ts';

/** In this order: the most serious that is found counts. */
const PEOPLE_ONLY: readonly [Intent, RegExp][] = [
  [
    'emergency',
    /emergencia|urgencia|auxilio|socorro|incendio|se (?:esta )?(?:quema|inund|derrumb)|inundad|inundacion|explo(?:sion|to)|fuga de gas|huele a gas|ambulancia|bombero|me desmay|desmayad|inconsciente|herid[oa]|accidente|sangr(?:e|ando)|emergency|help me now|on fire|flooding|flooded|gas leak|smell(?:s|ing)? (?:of )?gas|ambulance|injured|accident|bleeding|unconscious|urgentisimo|911|se desborda|desbord|overflowing/,
  ],
  [
    'safety',
    /intoxic|envenen|quemadura|alergi|peligro|toxic|electrocut|descarga electrica|corto ?circuito|me lastim|enferm[oeaó]|vomit|hospital|danger|poison|allerg|burn(?:ed|t|s)? (?:my|his|her|me)|electric shock|hurt|sick from|unsafe|asbesto|suicid|matarme|kill myself|self-harm|acos(?:o|ando|aron)|amenaz|threat|harass|robaron|robo|stolen|theft/,
  ],
  [
    'legal',
    /abogad|demanda(?:r|re|remos|s)?(?![a-z])|denuncia|diaco|profeco|indecopi|sernac|ministerio publico|fiscalia|juzgado|tribunal|juicio|legal|notari|ley de proteccion|derechos del consumidor|procuraduria|lawyer|attorney|sue(?: you| your)?(?![a-z])|lawsuit|court|police|policia|consumer protection|regulator|contrato incumpl|incumpli|breach|proteccion al consumidor/,
  ],
  [
    'minor',
    /(?<![a-z])(?:soy|tengo) (?:un |una )?(?:menor(?: de edad)?|nin[oa]|(?:[5-9]|1[0-7]) anos)|(?<![a-z])menor de edad|(?<![a-z])i(?:'m| am) (?:a (?:minor|kid|child)|(?:[5-9]|1[0-7])(?: years? old| yo)?(?=[ .,!?]*$| years| and))|under ?age(?:d)?(?![a-z])|mis papas no saben|my parents don'?t know/,
  ],
  [
    'insult',
    /(?<![a-z])(?:idiotas?|imbecil(?:es)?|estupid[oa]s?|pendej[oa]s?|mierda|put[oa]s?|cabron(?:es)?|cerot[ea]s?|basura de|inutil(?:es)?|incompetentes?|ladron(?:es)?|estafador(?:es)?|estafa|rater[oa]s?|maldit[oa]s?|carajo|chinga|verga|joder|hdp|hijos? de|animales|malparid[oa]s?|mentiros[oa]s?|fuck(?:ing|ed|er)?|shit(?:ty)?|bitch|bastards?|assholes?|stupid|idiots?|morons?|scam(?:mers?|med)?|thie(?:f|ves)|crooks?|useless|liars?|damn|wtf|bullshit|fraude|fraud)(?![a-z])/,
  ],
  [
    'refund',
    /reembols|devol(?:ucion|ver|veran|vieron|vieran|vamos)|devuelv(?:an|e|en|o)|regres(?:en|ar|an) (?:mi |el |mis )(?:dinero|pago)|mi dinero|contracargo|refund|money back|chargeback|reimburs|compensa(?:r|cion|te|tion)|indemniza|give (?:me )?back|cancelar (?:mi|la|el|todo|una|esta)|cancelen|cancela(?:cion|lo|la)|cancele(?![a-z])|cancel (?:my|the|this|it|order|service)|cancellation|want to cancel|quiero cancelar|ya no (?:quiero|deseo) (?:el|la) (?:servicio|solicitud)/,
  ],
  [
    'complaint',
    /queja|reclam|inconform|molest[oaó]|enojad|indignad|furios|pesim|horrible|terrible|mal(?:a|ísima|isim[oa])? (?:servicio|atencion|trabajo|experiencia)|mal(?:a)? hecho|decepcion|nunca (?:llegaron|vinieron|me|contest|respond)|no (?:llegaron|vinieron|llego|vino|sirve|funciona|funciono|cumpl|me (?:contestan|responden|ayudan|han|atienden))|nadie (?:me |nos )?(?:contesta|responde|llego|vino|atiende|ayuda|ha)|llevo (?:\d+ |dos |tres |varios |muchos |casi )?(?:dias|horas|semanas|una)|esperando (?:desde|hace|toda|mas)|otra vez (?:lo mismo|fallo|tarde)|sigue(?:n)? (?:igual|sin|mal|con el problema|fallando)|quedo (?:mal|sucio|peor)|dan(?:o|aron|ado)|rompi(?:eron|o)|quebr(?:aron|ado)|falta de respeto|grosero|ya es (?:la )?(?:segunda|tercera)|el colmo|harto|harta|verguenza|irrespons|inacept|complain|unacceptable|terrible|awful|worst|disappoint|angry|furious|upset|nobody (?:came|showed|called|answered|has)|never (?:came|arrived|showed|called|answered|responded)|didn'?t (?:come|arrive|show|work|fix|clean)|(?:not|isn'?t|doesn'?t|still not|stopped) work|still (?:waiting|broken|no|not)|been waiting|broke (?:my|the)|damaged?|rude|poor service|bad service|ridiculous|fed up|no show/,
  ],
  [
    'payment',
    /(?<![a-z])(?:pag(?:o|os|ar|ue|are|amos|aron|ado)|transferencia|deposit(?:o|e|ar|ado)|tarjeta|factura(?:s|r|cion|ron)?|recibo|(?<!cuanto )(?<!cuanto (?:me|nos|le) )cobr(?:o|ar|aron|an|e|aran)|cuenta bancaria|numero de cuenta|iban|visa|mastercard|comprobante|boleta|cuotas|credito|debito|saldo|adeud|deuda|mora|anticipo|nit(?= )|paypal|link de pago|pay(?:ment|ments|ing|ed)?|paid|invoice|receipt|credit card|debit card|card number|bank account|wire|charged?|billing|billed?|overcharg|balance|owe|deposit|installments?|transfer(?:red)?)(?![a-z])/,
  ],
  [
    'personal_data',
    /(?<![a-z])(?:mis datos(?: personales)?|datos personales|borr(?:ar|en|e) (?:mis|mi|todos)|elimin(?:ar|en|e) (?:mis|mi) (?:datos|informacion|cuenta|numero)|dpi|pasaporte|numero de (?:identificacion|identidad|seguro)|privacidad|habeas data|contrasena|password|cambiar mi (?:numero|correo|direccion|telefono|nombre)|actualizar mi (?:numero|correo|direccion|telefono|nombre)|actualizar mis datos|personal (?:data|information|info)|delete my (?:data|information|account|number)|privacy|gdpr|passport|social security|ssn|id number|who has my|change my (?:number|email|address|phone|name)|update my (?:number|email|address|phone|name)|quien tiene mis|de donde (?:sacaron|obtuvieron|tienen) mi|where did you get my|telefono de (?:otro|la otra|mi vecin)|datos de (?:otro|otra|mi vecin|mi esposa|mi esposo)|cumpleanos|estado civil|cuenta de (?:otro|otra))(?![a-z])/,
  ],
];

const OFF_TOPIC =
  /(?<![a-z])(?:chiste|poema|cancion|receta(?: de)?|tarea(?: de)?|quien gano|futbol|partido de|presidente|elecciones|politic[ao]s?|horoscopo|loteria|bitcoin|cripto(?:monedas)?|capital de|traduce|traduceme|codigo en|python|javascript|programa en|novia|novio|pelicula|videojuego|clima|pronostico|dios existe|sentido de la vida|chatgpt|joke|poem|song|recipe|homework|who won|football|soccer|president|election|politics|horoscope|lottery|crypto|capital of|translate|write (?:me )?(?:a|an) (?:essay|poem|story|code)|girlfriend|boyfriend|movie|video game|weather|meaning of life|dating|date me|casarte|marry me|sexy|ensayo sobre|escribeme un)(?![a-z])/;

const STATUS =
  /(?<![a-z])(?:(?:estado|estatus|status|avance|situacion|progreso|novedad(?:es)?|noticias|informacion|info)(?: (?:actual|de|del|de la|de mi|de el|sobre|on|about|of)){0,3} (?:mi|la|el|nuestra|esta|my|the|our)? ?(?:solicitud|pedido|servicio|orden|tramite|caso|ticket|request|order|service|case|visita|cita)|(?:como|en que|donde|cuando|por donde) (?:va|esta|quedo|anda|sigue|voy|vamos|viene|llega|llegan|vienen|es|sera|seria|queda)(?: (?:mi|la|el|con|nuestra|lo de)){0,2} ?(?:solicitud|pedido|servicio|orden|tramite|caso|ticket|visita|cita|tecnico|proveedor)|(?:ya|aun no|todavia no|si) (?:fue |esta |la |lo |me |se |han |ha )?(?:aprob|autoriz|asign|program|agend|recib|revis|confirm)[a-z]{1,6}|(?:where|how|when|what)(?:'s| is| are|s)? (?:the |my |our |going with my )?(?:status|request|order|service|technician|case|ticket|appointment|visit)|(?:any )?(?:news|update|updates)(?: (?:on|about|regarding|for))?(?: my| the| our)? ?(?:request|order|service|case|ticket|visit)?(?=[ .!?]*$| )|status of|has (?:it|my request|my order|my service) been|was my (?:request|order) |is my (?:request|order|service|visit)|have you (?:received|approved|assigned)|mi solicitud|my request|a que hora (?:viene|vienen|llega|llegan)|que dia (?:viene|vienen|llega|llegan)|cuando (?:viene|vienen|llega|llegan|vendran|llegaran)|when (?:will|are|is) (?:the|they|you|my|it|technician)[a-z ]{0,20}(?:come|coming|arrive|arriving|here|be ready|done)|quien (?:viene|es el tecnico|me atendera))/;

const GREETING =
  /^(?:(?:hola|holi|holaa+|buen(?:os|as)?(?: (?:dias?|tardes|noches))?|buen dia|saludos|que tal|como (?:esta|estas|estan|le va)|hi|hello|hey|good (?:morning|afternoon|evening|day)|how are you|greetings|gracias|muchas gracias|mil gracias|ok|okay|vale|perfecto|listo|thanks|thank you|thx|bendiciones|feliz dia|bonito dia|adios|hasta luego|bye|de nada|excelente|muy amable|usted|ustedes|y|a|there|so much|very much|great|si|claro|entendido|recibido)[^a-z0-9]{0,6}){1,6}$/;

const QUESTION =
  /[?¿]|(?<![a-z])(?:que|cual(?:es)?|como|cuando|cuanto|cuanta|cuantos|cuantas|donde|quien|por ?que|para que|a que hora|tienen|hacen|ofrecen|atienden|trabajan|venden|cubren|aceptan|puedo|pueden|se puede|es posible|quisiera saber|quiero saber|necesito saber|me (?:puede|puedes|pueden|podria) (?:decir|informar|explicar|dar|indicar|ayudar)|informacion|info|precio|precios|costo|horario|horarios|direccion|ubicacion|cotizacion|requisitos|what|which|how|when|where|who|why|do you|does|can (?:i|you|we)|could (?:i|you|we)|is (?:it|there)|are (?:you|there)|i(?:'d| would) like to know|i want to know|tell me|price|prices|cost|hours|address|location|quote|information|requirements)(?![a-z])/;

/** Whether a text asks something, as far as its words tell. */
export const asksQuestion = (text: string): boolean => QUESTION.test(foldOffsets(text).text);

export type IntentInput = {
  /** What the customer asks: their unanswered messages, joined. */
  text: string;
  /** A request is linked that a status could be told of. */
  hasRequest: boolean;
  /** The knowledge base found passages for it. */
  hasKnowledge: boolean;
};
/** `word`: what decided it; null: nothing did. */
export function judgeIntent({ text, hasRequest, hasKnowledge }: IntentInput): { intent: Intent; word: string | null } {
  const folded = foldOffsets(text)
    .text.replace(/[^\S\n]+/g, ' ')
    .trim();
  if (!/[\p{L}\p{N}]/u.test(folded)) return { intent: 'unclear', word: null };
  for (const [intent, pattern] of PEOPLE_ONLY) {
    const word = pattern.exec(folded)?.[0];
    if (word !== undefined) return { intent, word };
  }
  if (GREETING.test(folded)) return { intent: 'greeting', word: null };
  const offTopic = OFF_TOPIC.exec(folded)?.[0];
  if (offTopic !== undefined) return { intent: 'off_topic', word: offTopic };
  const status = STATUS.exec(folded)?.[0];
  if (status !== undefined && hasRequest) return { intent: 'request_status', word: status };
  if (hasKnowledge && QUESTION.test(folded)) return { intent: 'knowledge_question', word: null };
  return { intent: 'unclear', word: null };
}
