/**
 * What a draft promises to do or says to have done. A text cannot do anything: whoever sends it makes it true or it is false. Said in the
 * same words by a template, an article or the company's profile, it is the company's promise and none of the draft's.
 */
export type PromiseClaim = { start: number; end: number; phrase: string };

const verbs = (stems: string): string => `(?:${stems.replaceAll(' ', '|')})`;
const TO = '(?:(?:se )?(?:le|les|te|lo|la|los|las|nos)(?: (?:lo|la|los|las))? )?';
/** First person, now, soon or in future: "le llamo", "devolveremos". */
const ES_FUTURE = verbs(
  'llamar devolver reembolsar enviar mandar cancelar agendar programar reprogramar avisar confirmar revisar verificar consultar resolver solucionar gestionar tramitar contactar notificar informar actualizar cambiar modificar escalar reportar hacer averiguar investigar coordinar compensar descontar reponer asignar reasignar aprobar pasar transferir escribir responder contestar entregar visitar llegar procesar registrar solucionar acreditar bonificar regalar abonar comunicar atender corregir arreglar',
);
const ES_IRREGULAR = '(?:hare|haremos|pondre|pondremos|dare|daremos|tendremos|ire|iremos|vendremos|saldremos|podremos)';
const ES_NOW =
  '(?:llamo|llamamos|devuelvo|devolvemos|reembolso|reembolsamos|envio|enviamos|mando|mandamos|cancelo|cancelamos|agendo|agendamos|programo|programamos|reprogramo|reprogramamos|aviso|avisamos|reviso|revisamos|verifico|verificamos|consulto|consultamos|gestiono|gestionamos|tramito|notifico|notificamos|actualizo|actualizamos|cambio|cambiamos|modifico|escalo|escalamos|reporto|averiguo|coordino|coordinamos|compensamos|asigno|transfiero|paso|resuelvo|resolvemos|procesamos|descontamos|regalamos|bonificamos|contacto|contactamos)';
const ES_DONE =
  '(?:llame|cancele|cancelamos|agende|agendamos|programe|programamos|reprograme|reprogramamos|registre|registramos|actualice|actualizamos|envie|enviamos|reenvie|reenviamos|mande|mandamos|cambie|cambiamos|modifique|modificamos|escale|escalamos|reporte|reportamos|solicite|solicitamos|notifique|notificamos|avise|avisamos|devolvi|devolvimos|reembolse|reembolsamos|hable|hablamos|verifique|verificamos|revise|revisamos|confirme|confirmamos|procese|procesamos|asigne|asignamos|corregi|corregimos|anule|anulamos|aprobe|coordine|coordinamos|consulte|resolvi|resolvimos|contacte|contactamos|deje|dejamos)';
const ES_PARTICIPLE =
  '(?:llamado|cancelado|agendado|programado|reprogramado|registrado|actualizado|enviado|reenviado|mandado|cambiado|modificado|escalado|reportado|solicitado|notificado|avisado|devuelto|reembolsado|hablado|verificado|revisado|confirmado|procesado|asignado|corregido|anulado|coordinado|consultado|resuelto|contactado|hecho|puesto)';
const EN_VERB =
  '(?:call|refund|send|resend|cancel|book|schedule|reschedule|check|confirm|verify|update|change|modify|escalate|report|notify|inform|let you know|get back|contact|reach out|look into|follow up|arrange|process|fix|resolve|issue|compensate|credit|assign|transfer|forward|email|text|ship|deliver|return|waive|reimburse|make sure|ensure|take care|handle|find out|investigate|speak|talk|ask|give you|visit|come|write|reply|have (?:someone|a technician|an agent))';
const EN_PARTICIPLE =
  '(?:called|refunded|sent|resent|cancell?ed|booked|scheduled|rescheduled|checked|confirmed|verified|updated|changed|modified|escalated|reported|notified|informed|contacted|arranged|processed|fixed|resolved|issued|credited|assigned|transferred|forwarded|emailed|shipped|returned|waived|reimbursed|spoke|spoken|talked|asked|submitted|registered|requested|corrected)';

const PATTERNS: readonly RegExp[] = [
  // le llamaré, les devolveremos el dinero, vamos a enviar
  new RegExp(String.raw`(?<![a-z])${TO}(?:${ES_FUTURE}(?:e|emos)|${ES_IRREGULAR})(?![a-z])`, 'g'),
  new RegExp(String.raw`(?<![a-z])(?:(?:le|les|te|lo|la|se lo|se la) )?(?:voy|vamos|van|va) a ${ES_FUTURE}(?:le|les|te|lo|la|selo|sela)?(?![a-z])`, 'g'),
  // le llamo, ahora mismo lo reviso, ya se lo envío
  new RegExp(String.raw`(?<![a-z])(?:se lo|se la|le|les|te|lo|la) ${ES_NOW}(?![a-z])`, 'g'),
  new RegExp(
    String.raw`(?<![a-z])(?:ahora mismo|enseguida|en seguida|de inmediato|inmediatamente|en un momento|ya mismo|hoy mismo|manana mismo),? (?:se lo |se la |le |les |te |lo |la )?${ES_NOW}(?![a-z])`,
    'g',
  ),
  // ya cancelé, he enviado, hemos programado
  new RegExp(String.raw`(?<![a-z])(?:ya |acabo de |acabamos de )(?:se lo |se la |le |les |te |lo |la )?(?:${ES_DONE}|${ES_FUTURE})(?![a-z])`, 'g'),
  new RegExp(String.raw`(?<![a-z])(?:ya )?(?:se lo |se la |le |les |te |lo |la )?(?:he|hemos) (?:ya )?${ES_PARTICIPLE}(?![a-z])`, 'g'),
  /(?<![a-z])(?:le|les|te|lo|la) (?:cancele|agende|programe|reprograme|registre|actualice|envie|reenvie|mande|devolvi|reembolse|llame)(?![a-z])(?! (?:usted|por favor|un mensaje si))/g,
  /(?<![a-z])(?:(?:le|les|te|lo|la|se lo) )?(?:garantiz(?:o|amos)|promet(?:o|emos)|asegur(?:o|amos) que|me comprometo|nos comprometemos|me encargo|nos encargamos|yo me ocupo|nos ocupamos|doy mi palabra)(?![a-z])/g,
  /(?<![a-z])(?:recibira|obtendra|se le (?:devolvera|reembolsara|acreditara|enviara|llamara|contactara|notificara|avisara))(?: [a-z]{1,12}){0,3} (?:reembolso|devolucion|dinero|credito|compensacion|descuento|llamada)|(?<![a-z])se le (?:devolvera|reembolsara|acreditara|llamara|contactara|enviara)(?![a-z])/g,
  /(?<![a-z])(?:un |el |nuestro |su )?(?:tecnico|asesor|agente|companero|equipo|proveedor|supervisor)s? (?:le |lo |la |te |se )?(?:llamara|llegara|ira|visitara|contactara|devolvera|atendera|resolvera|enviara|comunicara|llegara)n?(?![a-z])/g,
  /(?<![a-z])(?:sin (?:ningun )?costo|completamente gratis|es gratis|sera gratis|sin cargo|de cortesia|le damos un descuento|tendra un descuento|con descuento)(?![a-z])/g,
  new RegExp(
    String.raw`(?<![a-z])(?:i|we)(?:'ll| will| shall|'m going to|'re going to| am going to| are going to) (?:(?:also|now|then|just|gladly|personally|immediately|definitely|be) )?${EN_VERB}(?:ing)?(?![a-z])`,
    'g',
  ),
  new RegExp(String.raw`(?<![a-z])let me (?:just |quickly )?(?:call|check|cancel|refund|send|look into|book|escalate|confirm with|verify|find out|process)(?![a-z])`, 'g'),
  new RegExp(String.raw`(?<![a-z])(?:i|we)(?:'ve| have|'d| had)? (?:(?:already|just|now|also|gone ahead and) )?${EN_PARTICIPLE}(?![a-z])`, 'g'),
  /(?<![a-z])(?:i|we) (?:can )?(?:guarantee|promise|commit to)(?![a-z])/g,
  /(?<![a-z])(?:you(?:'ll| will)|we'll see that you) (?:get|receive|be (?:refunded|credited|called|contacted|reimbursed|compensated))(?: (?:a|the|your|full|an))*(?: ?(?:refund|call|credit|discount|money|compensation|reimbursement))?(?![a-z])/g,
  /(?<![a-z])(?:(?:a|our|the|your) (?:technician|agent|advisor|colleague|team|supervisor|manager|vendor)|someone|somebody) (?:will|is going to) (?:call|contact|visit|arrive|come|reach out|get back|be there|email|help|send|refund)(?![a-z])/g,
  /(?<![a-z])(?:free of charge|at no (?:extra |additional )?(?:cost|charge)|for free|a (?:full )?refund is|with a discount)(?![a-z])/g,
];

/** Before it: asked, supposed or denied, so nothing is promised. */
const NOT_SAID =
  /(?:^|[^a-z])(?:si|quiere que|desea que|prefiere que|gustaria que|no|nunca|not|if|would you like|do you want|whether|cuando|tan pronto|once|when)(?: (?:yo|nosotros|usted|you|we|i|me|us|to|que))? ?$/;

/** @param text folded; @param allowed folded texts of the company, whose promises stand. */
export function findPromises(text: string, allowed: readonly string[]): PromiseClaim[] {
  const found: PromiseClaim[] = [];
  for (const pattern of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const phrase = match[0];
      const start = match.index;
      const end = start + phrase.length;
      if (found.some((other) => start < other.end && end > other.start)) continue;
      if (NOT_SAID.test(text.slice(Math.max(0, start - 24), start)) || isQuestion(text, end)) continue;
      // With the words after it: that some article says "le enviaremos" does not allow to send anything.
      const around = text
        .slice(start, Math.min(text.length, end + 14))
        .replace(/[.!?\n].*$/s, '')
        .trim();
      if (allowed.some((one) => one.includes(around))) continue;
      found.push({ start, end, phrase });
    }
  }
  return found;
}

function isQuestion(text: string, from: number): boolean {
  return /[.!?\n]/.exec(text.slice(from, from + 200))?.[0] === '?';
}
