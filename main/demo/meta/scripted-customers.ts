/**
 * The people of the demo workspace: customers and vendors of a company that sells industrial services in Guatemala
 * (PTAR: planta de tratamiento de aguas residuales). All names and numbers are invented. `history` is what they wrote before
 * the demo begins, spread so that some service windows are open, some about to close and some closed; whoever has nothing
 * `unprompted` keeps theirs as it is.
 */
import type { PhotoOf } from './sample-photos.ts';

export type ScriptedLine =
  | string
  | { kind: 'photo'; of: PhotoOf; caption: string }
  | { kind: 'document'; filename: string; caption?: string }
  | { kind: 'voice' }
  | { kind: 'place'; name: string; address: string; latitude: number; longitude: number }
  | { kind: 'card'; name: string; phone: string }
  | { kind: 'sticker' };

export type ScriptedCustomer = {
  /** Digits with country code; null for somebody who is only known by a username. */
  from: string | null;
  userId?: string;
  username?: string;
  name: string;
  /** Oldest first. */
  history: { minutesAgo: number; says: ScriptedLine }[];
  /** Bursts written without being asked, in this order. */
  unprompted: ScriptedLine[][];
  /** Bursts that follow our answers, one each. */
  whenAnswered: ScriptedLine[][];
  /** What they say, once each, to an answer that speaks of this; before `whenAnswered`. */
  whenTold?: { of: RegExp; says: ScriptedLine[] }[];
};

const HOUR = 60;
const DAY = 24 * HOUR;

export const DEMO_CUSTOMERS: readonly ScriptedCustomer[] = [
  {
    from: '50255180142',
    name: 'Ingrid Morales · Cond. Las Orquídeas',
    history: [
      { minutesAgo: 2 * DAY + 3 * HOUR, says: 'Buenos días, les escribe Ingrid, administradora del condominio Las Orquídeas en carretera a El Salvador' },
      { minutesAgo: 2 * DAY + 3 * HOUR - 2, says: 'Necesito cotización para el mantenimiento mensual de la PTAR, somos 86 casas' },
      { minutesAgo: 95, says: 'Buen día, los vecinos se están quejando del olor otra vez. ¿Cuándo podrían mandar a alguien?' },
      { minutesAgo: 93, says: { kind: 'photo', of: 'foam', caption: 'Así amaneció el aireador, mucha espuma café' } },
    ],
    unprompted: [['Disculpe que insista, tengo asamblea a las 6 y me van a preguntar por la planta 🙏'], ['¿La visita de diagnóstico tiene costo?']],
    whenTold: [
      {
        of: /\bQ\s?\d|precio|cotiza|cuesta|sin costo/i,
        says: ['¿Ese precio ya incluye los lodos? Es que el año pasado nos lo cobraron aparte', 'Si me lo manda por escrito lo presento hoy en la asamblea'],
      },
      { of: /disculp|qué pena|lament/i, says: ['No se preocupe, yo entiendo. Solo que los vecinos no 😅'] },
    ],
    whenAnswered: [
      ['Sí, mañana a las 8 está perfecto. En garita preguntan por mí', 'El guardián se llama don Chepe, él tiene la llave del cuarto de máquinas'],
      ['¿Me puede mandar la cotización a nombre de Condominio Las Orquídeas, NIT 7845123-6?'],
      ['Gracias, quedo pendiente'],
    ],
  },
  {
    from: '50241760938',
    name: 'Julio Xicay',
    history: [
      { minutesAgo: 6 * HOUR, says: 'Buenas tardes, tengo una bomba sumergible de 5 HP en la finca que ya no levanta presión' },
      { minutesAgo: 6 * HOUR - 3, says: 'Es una Franklin, tiene como 4 años. El pozo es de 90 metros' },
      { minutesAgo: 5 * HOUR + 40, says: { kind: 'place', name: 'Finca San Rafael Panán', address: 'Km 128, Chicacao, Suchitepéquez', latitude: 14.5418, longitude: -91.3269 } },
    ],
    unprompted: [['Otra consulta, ¿ustedes rebobinan el motor o lo cambian completo?'], [{ kind: 'voice' }]],
    whenTold: [
      { of: /\bQ\s?\d|precio|cotiza|cuesta|sin costo/i, says: ['Está un poco alto, ¿no me puede mejorar el precio? Somos clientes de años'] },
      { of: /foto|imagen|placa/i, says: [{ kind: 'photo', of: 'plate', caption: 'Aquí está la placa del motor' }] },
      { of: /mañana|lunes|martes|miércoles|jueves|viernes|sábado|a las \d/i, says: ['Vaya pues, ahí los espero. Avísenme cuando pasen Cocales porque de ahí ya no hay señal'] },
    ],
    whenAnswered: [
      ['Ah bueno, ¿y cuánto tardarían en sacarla?', 'Es que estamos en plena cosecha y sin agua no puedo lavar el café'],
      ['Dele pues, mándeme al técnico. Yo les presto la grúa'],
      ['Muchas gracias seño'],
    ],
  },
  {
    from: '50256021877',
    name: 'Karla Estrada (Hotel Casa Jade)',
    history: [
      { minutesAgo: DAY + 4 * HOUR, says: 'Hola, buenas. Para solicitar lavado y desinfección de 2 cisternas en Antigua, una de 40 m³ y la otra de 25' },
      { minutesAgo: 3 * HOUR + 10, says: '¿Ya tendrán el precio? Es para que gerencia lo autorice hoy' },
      { minutesAgo: 3 * HOUR + 8, says: 'Ah, y necesitamos el certificado de desinfección para el Ministerio de Salud' },
    ],
    unprompted: [['Me confirman que sí podemos el martes en la madrugada, ese día el hotel está al 30 %'], ['¿Cuántas horas nos quedaríamos sin agua?']],
    whenTold: [
      { of: /\bQ\s?\d|precio|cotiza|cuesta|sin costo/i, says: ['¿El precio ya incluye IVA y el certificado?'] },
      { of: /mañana|lunes|martes|miércoles|jueves|viernes|sábado|a las \d/i, says: ['Ese día sí podemos, pero entrando antes de las 5 de la mañana por los huéspedes'] },
    ],
    whenAnswered: [['¿El precio ya incluye IVA?'], ['Perfecto, se lo paso al gerente ahorita', { kind: 'sticker' }], ['Autorizado ✅ ¿qué datos necesitan para la orden?']],
  },
  {
    from: '50230947715',
    name: 'Óscar Ramírez · técnico',
    history: [
      { minutesAgo: 7 * HOUR, says: 'Ya estoy en la planta de Mixco' },
      { minutesAgo: 6 * HOUR + 20, says: { kind: 'photo', of: 'diffusers', caption: 'Difusores tapados, hay que cambiar 6 de 12' } },
      { minutesAgo: 6 * HOUR, says: 'El soplador está trabajando a 48 °C, le falta aceite. Lo dejé apagado por seguridad' },
    ],
    unprompted: [
      [{ kind: 'document', filename: 'informe-visita-mixco.pdf', caption: 'Aquí va el informe firmado por el encargado' }],
      ['Voy saliendo para Villa Nueva, llego como a las 2 si el tráfico deja'],
    ],
    whenTold: [{ of: /autoriz|de acuerdo|dele|ok/i, says: ['Va jefe, hoy mismo los cambio y le mando foto', { kind: 'photo', of: 'newDiffusers', caption: 'Ya quedaron los difusores nuevos' }] }],
    whenAnswered: [['Enterado jefe', 'Llevo los difusores de 9 pulgadas, ¿o autorizan los de 12?'], ['Va, quedo pendiente'], ['Listo, ya quedó trabajando 👍']],
  },
  {
    from: '50247118265',
    name: 'Lic. Rodolfo Ajú — Textiles del Lago',
    history: [
      { minutesAgo: 2 * DAY + 6 * HOUR, says: 'Buen día. ¿Ya salieron los resultados del laboratorio de octubre? Me los pide auditoría' },
      { minutesAgo: 23 * HOUR + 22, says: 'Por favor el estudio técnico completo, DBO, DQO, sólidos y color. La vez pasada solo vino la primera hoja' },
    ],
    unprompted: [['¿Alguna novedad de los resultados? El MARN nos dio hasta el viernes']],
    whenAnswered: [['Recibido. ¿El DQO de 412 está dentro del límite del Acuerdo 236-2006?'], ['De acuerdo, programemos entonces otra muestra. Gracias']],
  },
  {
    from: '50258834406',
    name: 'María José Tún',
    history: [
      { minutesAgo: 2 * DAY + 9 * HOUR, says: 'Buenas tardes, soy de administración del Colegio Monte Verde, zona 16' },
      { minutesAgo: 2 * DAY + 9 * HOUR - 4, says: 'Quisiéramos limpiar la cisterna en vacaciones, antes del 5 de enero. ¿Tienen espacio?' },
    ],
    unprompted: [['Hola, disculpe, ¿pudo revisar lo de la cisterna del colegio?', 'Ya tengo visto bueno de la directora']],
    whenAnswered: [['Son 60 m³, tiene dos tapaderas y bomba adentro'], ['Excelente, agéndenos por favor 🙌']],
  },
  {
    from: '50242556093',
    name: 'Wilson Quiej · Camiones Vactor',
    history: [
      { minutesAgo: 11 * HOUR, says: 'Buenos días, para confirmar el servicio de extracción de lodos de mañana, son 2 viajes de 10 m³ ¿verdad?' },
      { minutesAgo: 10 * HOUR + 30, says: 'Me hace falta la dirección exacta y quién me firma el manifiesto' },
    ],
    unprompted: [['Fíjese que el camión grande entró a taller, le puedo mandar el de 6 m³ y hacemos 3 viajes al mismo precio'], ['¿Me autoriza el cambio? Tengo que avisarle al piloto']],
    whenTold: [
      { of: /autoriz|de acuerdo|dele|está bien/i, says: ['Perfecto, entonces confirmado: 3 viajes de 6 m³. Le aviso al piloto'] },
      { of: /mañana|lunes|martes|miércoles|jueves|viernes|sábado|a las \d/i, says: ['Confirmado, ahí estamos. ¿Quién nos abre el portón?'] },
    ],
    whenAnswered: [
      ['Ok, entonces a las 7:30 estamos ahí', 'Placas C-482BKR, piloto Marvin Sical'],
      ['Ya van saliendo para el vertedero autorizado, le mando los tickets al rato'],
      [{ kind: 'document', filename: 'manifiesto_lodos_0447.pdf' }],
    ],
  },
  {
    from: '50233390571',
    name: 'Brenda Sandoval',
    history: [
      { minutesAgo: DAY + 15 * HOUR, says: 'Buenos días, de contabilidad de Plaza Reforma. La factura de noviembre salió con el NIT viejo' },
      { minutesAgo: 23 * HOUR + 38, says: 'Necesito que la anulen y la emitan de nuevo hoy porque cierro mes, es la de Q 18,450.00' },
    ],
    unprompted: [],
    whenAnswered: [['NIT 1093847-2, Inversiones Plaza Reforma, S. A.'], ['Ya me llegó, mil gracias. El pago sale el viernes']],
  },
  {
    from: '50254609128',
    name: 'Emily Carter',
    history: [
      { minutesAgo: 8 * HOUR, says: 'Hi! I run a small school near Panajachel (Escuela Lago Azul). Someone in Sololá recommended you' },
      { minutesAgo: 8 * HOUR - 2, says: 'We would need a compact wastewater plant for about 140 students. Is that something you do?' },
      { minutesAgo: 7 * HOUR + 30, says: 'Our donor wants a rough budget by the end of the week, even a range would help a lot' },
    ],
    unprompted: [
      ['Also, do you train local people to run it? We have a caretaker who lives on site'],
      [{ kind: 'place', name: 'Escuela Lago Azul', address: 'Camino a Santa Catarina Palopó, Sololá', latitude: 14.7336, longitude: -91.1489 }],
    ],
    whenTold: [
      { of: /\bQ\s?\d|price|budget|cost|range/i, says: ['Thank you, that helps a lot. Does it include installation and training?'] },
      { of: /tomorrow|monday|tuesday|wednesday|thursday|friday|visit/i, says: ['That day works for us. The boat leaves Panajachel at 8:30, we will wait for you at the dock'] },
      { of: /español|spanish/i, says: ['Sí, un poquito 😊 but English is easier for the donor'] },
    ],
    whenAnswered: [['That is great news, thank you!', 'Could you visit next Tuesday? We can pick you up at the dock'], ['Perfect. I will tell the board 😊']],
  },
  {
    from: '50250273384',
    name: 'Daniel Brooks',
    history: [
      { minutesAgo: DAY + 20 * HOUR, says: 'Good afternoon, plant manager at Frutas del Pacífico in Palín. Our DAF unit is overflowing since the line expansion' },
      { minutesAgo: DAY + 7 * HOUR, says: 'We sent the flow data to your engineering team by e-mail on Thursday. Did they get it?' },
    ],
    unprompted: [],
    whenAnswered: [['Peak is 22 m³/h now, it was designed for 14'], ['OK, let us do the site visit. Safety induction takes 30 minutes, bring boots and helmet please']],
  },
  {
    from: '50240085519',
    name: 'Ing. Héctor Velásquez',
    history: [
      { minutesAgo: DAY + 2 * HOUR, says: 'Buen día, de la Municipalidad de San Miguel Petapa, dirección de servicios públicos' },
      { minutesAgo: 4 * HOUR + 5, says: 'Les envío las bases de la licitación para operación y mantenimiento de dos PTAR. Cierre de ofertas: 12 de diciembre' },
      { minutesAgo: 4 * HOUR + 4, says: { kind: 'document', filename: 'Bases licitación PTAR 2026.pdf', caption: 'Bases y anexos' } },
    ],
    unprompted: [
      ['La visita obligatoria al sitio es este jueves a las 9:00 en punto, sin visita no se puede ofertar'],
      ['¿Quién va a asistir de parte de ustedes? Necesito nombre y DPI para el ingreso'],
    ],
    whenAnswered: [['Anotado. Los esperamos en el palacio municipal, segundo nivel'], ['Las consultas por escrito hasta el 28, por favor']],
  },
  {
    from: '50259941630',
    name: 'Lucía Pérez López',
    history: [
      { minutesAgo: 34, says: '¡Buenas! Urge: la bomba de la cisterna está botando el breaker y nos quedamos sin agua en todo el edificio' },
      { minutesAgo: 33, says: 'Edificio Tikal Real, zona 10, somos 12 niveles' },
      { minutesAgo: 31, says: { kind: 'photo', of: 'panel', caption: 'El tablero, huele a quemado' } },
      { minutesAgo: 12, says: '¿Hay alguien de turno? 😰' },
    ],
    unprompted: [['Ya bajamos el flip-on principal por seguridad, seguimos sin agua']],
    whenTold: [
      { of: /camino|llega|sale|minutos|técnico/i, says: ['¡Gracias a Dios! El conserje Mynor los espera en el sótano 2', '¿Como en cuánto tiempo llegan?'] },
      { of: /\bQ\s?\d|precio|cotiza|cuesta|sin costo/i, says: ['Lo que sea, pero que sea hoy por favor. ¿Reciben tarjeta?'] },
      { of: /disculp|qué pena|lament/i, says: ['Es que ya van a ser dos horas sin agua y hay gente mayor en el edificio'] },
    ],
    whenAnswered: [
      ['Gracias a Dios. ¿A qué hora llegan?', 'El conserje Mynor los espera en el sótano 2'],
      ['¿Cuánto cobran por emergencia en fin de semana?'],
      ['Ya llegaron, muchísimas gracias 🙏🙏'],
    ],
  },
  {
    from: '50223851904',
    name: 'Edgar Chávez · Bombas y Repuestos del Sur',
    history: [
      { minutesAgo: 3 * DAY - 2 * HOUR, says: 'Estimados, adjunto precios actualizados de sellos mecánicos y empaques. Vigencia 15 días' },
      { minutesAgo: 3 * DAY - 2 * HOUR - 1, says: { kind: 'document', filename: 'Lista de precios noviembre.pdf' } },
      { minutesAgo: DAY + 5 * HOUR, says: 'El impulsor de la Goulds 3196 lo tengo en bodega, Q 2,875 más IVA. Si lo apartan hoy se lo mando con el mensajero' },
    ],
    unprompted: [['Solo me queda 1 impulsor, ¿se los aparto?']],
    whenAnswered: [['Con gusto. ¿Orden de compra a nombre de quién?'], ['Sale mañana a primera hora, le paso el número de guía', 'Guía 7710-4482']],
  },
  {
    from: null,
    userId: 'GT.4mPz9QwT7uLk2',
    username: 'sofia.anleu',
    name: 'Sofía Anléu',
    history: [
      { minutesAgo: 2 * HOUR + 15, says: 'Hola 👋 vi su publicación de trampas de grasa para restaurantes' },
      { minutesAgo: 2 * HOUR + 14, says: 'Tengo una cafetería en la 4 Grados Norte, ¿cuál me recomiendan y cada cuánto se limpia?' },
    ],
    unprompted: [['Son 3 lavatrastos y una lavavajillas industrial, por si les sirve el dato']],
    whenAnswered: [
      ['Súper, ¿y la instalación cuánto dura? No puedo cerrar más de un día'],
      ['Va, me interesa. ¿Aceptan tarjeta?'],
      [{ kind: 'card', name: 'Pablo Anléu (mantenimiento)', phone: '+502 5371 8826' }, 'Él es quien ve lo del local, pueden coordinar con él'],
    ],
  },
];
