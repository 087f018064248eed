/** The knowledge base of the demo workspace: what its company tells customers. All invented. `text` is Markdown. */
import type { KbLanguage } from '../../../contract/ai/ai-words.ts';

export type DemoArticle = {
  title: string;
  folder: string;
  language: KbLanguage;
  mayAutoAnswer: boolean;
  /** Other ways to ask for it. */
  questions: readonly string[];
  text: string;
};

export const DEMO_ARTICLES: readonly DemoArticle[] = [
  {
    title: 'Horario de atención y emergencias',
    folder: 'General',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['¿A qué hora abren?', '¿Trabajan los sábados y domingos?', '¿A qué número llamo si es una emergencia?', '¿Hasta qué hora atienden?'],
    text: `Atendemos de lunes a viernes de 7:30 a 17:00 y los sábados de 8:00 a 12:00. Los domingos y asuetos nacionales la oficina está cerrada.

## Emergencias

Para clientes con contrato de mantenimiento hay una cuadrilla de turno las 24 horas, todos los días del año. Se considera emergencia un rebalse de aguas negras, una planta sin aireación o un edificio sin agua. La cuadrilla llega en un máximo de 4 horas dentro de la ciudad de Guatemala.

Sin contrato también acudimos de noche y en fin de semana, según disponibilidad y con un recargo del 35 % sobre la tarifa normal.`,
  },
  {
    title: 'Zonas de cobertura',
    folder: 'General',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['¿Llegan a mi departamento?', '¿Trabajan en el interior?', '¿Cobran el transporte fuera de la capital?'],
    text: `Trabajamos en toda la ciudad de Guatemala, Mixco, Villa Nueva, San Miguel Petapa, Santa Catarina Pinula, Fraijanes y carretera a El Salvador sin costo de traslado.

En Sacatepéquez, Chimaltenango, Escuintla y Suchitepéquez el traslado se cobra aparte, a Q6.50 por kilómetro desde la zona 12. A Petén, Izabal y Huehuetenango viajamos solamente para proyectos de más de Q15,000.`,
  },
  {
    title: 'Visita de diagnóstico',
    folder: 'Servicios',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['¿Cuánto cuesta que vengan a ver?', '¿La visita es gratis?', '¿Cuándo pueden mandar a alguien a revisar?', 'Quiero que llegue un técnico a evaluar'],
    text: `La visita de diagnóstico no tiene costo dentro del área metropolitana. Un técnico llega, mide, toma fotografías y deja un informe por escrito en dos días hábiles.

- Se agenda con al menos 24 horas de anticipación.
- Dura entre una y dos horas.
- En departamentos cuesta Q350, que se descuentan si después se contrata el trabajo.

Para agendarla necesitamos la dirección, el nombre de quien recibe al técnico y un teléfono.`,
  },
  {
    title: 'Cotizaciones: cómo se piden y cuánto valen',
    folder: 'Ventas',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['¿Cuánto tarda la cotización?', '¿Por cuánto tiempo es válido el precio?', '¿Los precios ya incluyen IVA?'],
    text: `La cotización se envía en PDF el mismo día si los datos llegan antes de las 14:00, y si no al día hábil siguiente. Tiene una vigencia de 15 días calendario. Todos nuestros precios incluyen IVA.

Para prepararla pedimos: tipo de servicio, dirección exacta, medidas o capacidad en metros cúbicos, y fotografías del lugar. Si el trabajo depende de lo que se encuentre, primero se hace la visita de diagnóstico.`,
  },
  {
    title: 'Formas de pago',
    folder: 'Facturación',
    language: 'es',
    mayAutoAnswer: false,
    questions: ['¿Puedo pagar con tarjeta?', '¿A qué cuenta deposito?', '¿Aceptan visacuotas?', '¿Cómo les cancelo?'],
    text: `Se puede pagar por transferencia o depósito, con cheque, con tarjeta de crédito o débito por enlace de pago, y en efectivo contra recibo en la oficina.

| Banco | Cuenta | Tipo |
| --- | --- | --- |
| Banco Industrial | 027-004512-8 | Monetaria en quetzales |
| Banrural | 3-445-01877-2 | Monetaria en quetzales |

Con tarjeta hay cuotas sin recargo: 3 cuotas desde Q1,500 y 6 cuotas desde Q4,000. Después de depositar, mande la foto de la boleta por este chat para que se aplique al saldo.`,
  },
  {
    title: 'Anticipo y crédito para empresas',
    folder: 'Facturación',
    language: 'es',
    mayAutoAnswer: false,
    questions: ['¿Hay que dar un adelanto?', '¿Dan crédito a 30 días?', '¿Tengo que pagar todo antes de empezar?'],
    text: `Los trabajos de más de Q5,000 empiezan con un anticipo del 50 %; el resto se paga contra entrega. Los servicios menores se pagan al terminar.

Las empresas y los condominios pueden solicitar crédito a 30 días. Se necesita patente de comercio, RTU actualizado, representación legal y dos referencias comerciales. La respuesta tarda cinco días hábiles.`,
  },
  {
    title: 'Factura electrónica (FEL)',
    folder: 'Facturación',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['¿Me pueden mandar la factura?', 'La factura salió con el NIT equivocado', '¿Qué datos necesitan para facturar?'],
    text: `Emitimos factura electrónica (FEL) el día en que se termina el servicio. Para emitirla necesitamos NIT, razón social y un correo. También se puede emitir a consumidor final hasta Q2,499.

Si la factura tiene un error en el NIT o en el nombre, se anula y se emite de nuevo sin costo dentro del mismo mes. Pasado el mes solo se puede hacer una nota de crédito. Los exentos de IVA deben mandar la constancia de exención antes de facturar.`,
  },
  {
    title: 'Limpieza de fosa séptica',
    folder: 'Servicios',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['¿Cada cuánto se vacía la fosa?', '¿Cuánto cobran por la fosa séptica?', 'Se me rebalsó la fosa'],
    text: `Extraemos el contenido con camión cisterna de vacío (vactor) de 3,000 galones, lavamos las paredes con agua a presión y revisamos tuberías de entrada y salida.

## Cada cuánto

Para una casa de cinco personas recomendamos limpiarla cada dos años; en restaurantes y colegios, cada seis meses.

## Precio

Hasta 2,000 galones cuesta Q1,450; hasta 3,000 galones, Q1,900. El precio incluye la disposición en un sitio autorizado y la constancia de disposición final. La manguera alcanza 40 metros; más lejos cada tramo de 10 metros cuesta Q100.`,
  },
  {
    title: 'Trampas de grasa',
    folder: 'Servicios',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['Tengo un restaurante y huele mal el desagüe de la cocina', '¿Cada cuánto se limpia la trampa?', '¿Venden bacterias para la grasa?'],
    text: `En restaurantes y comedores la trampa de grasa se limpia una vez al mes; en comida rápida, cada 15 días. Trabajamos de 22:00 a 6:00 para no estorbar en la cocina.

La limpieza de una trampa de hasta 200 litros cuesta Q425. Con contrato anual baja a Q360 por limpieza. Vendemos bacterias degradadoras en galón (Q285), que se aplican cada noche por el lavatrastos.`,
  },
  {
    title: 'Lavado y desinfección de cisternas',
    folder: 'Servicios',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['¿Cuánto rato nos quedamos sin agua?', '¿Limpian tinacos?', '¿Qué químico usan para desinfectar?'],
    text: `Una cisterna de hasta 40 m³ se lava en unas 5 horas, durante las cuales no hay agua. Conviene dejar que baje el nivel el día anterior para no botar el agua.

1. Se vacía lo que queda y se retira el sedimento.
2. Se tallan paredes y piso, sin detergente.
3. Se desinfecta con hipoclorito de calcio a 50 ppm durante 30 minutos.
4. Se enjuaga y se mide el cloro residual antes de entregar.

El lavado cuesta Q28 por metro cúbico, con un mínimo de Q650. También lavamos tinacos desde Q225. Se recomienda cada seis meses.`,
  },
  {
    title: 'Mantenimiento de PTAR',
    folder: 'Servicios',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['Cotización de mantenimiento mensual para la planta', '¿Qué incluye el contrato de mantenimiento?', '¿Ponen un operador fijo?'],
    text: `El contrato de mantenimiento de una planta de tratamiento de aguas residuales incluye dos visitas técnicas al mes, medición de pH, oxígeno disuelto y sólidos sedimentables, ajuste de aireación, limpieza de rejillas y un informe mensual con fotografías.

Hasta 50 casas cuesta Q2,800 al mes; de 51 a 100 casas, Q3,900 al mes. No incluye repuestos, extracción de lodos ni análisis de laboratorio. El contrato es por un año y se puede terminar con 60 días de aviso.

Si hace falta, colocamos un operador de planta de lunes a sábado por Q5,200 mensuales adicionales.`,
  },
  {
    title: 'Espuma y malos olores en la planta',
    folder: 'Soporte técnico',
    language: 'es',
    mayAutoAnswer: false,
    questions: ['La planta apesta', 'Los vecinos se quejan de la peste', 'Sale espuma café del aireador'],
    text: `El mal olor casi siempre significa que falta oxígeno: un soplador apagado, difusores tapados o demasiado lodo acumulado.

P: ¿Qué hago mientras llega el técnico?
R: Revise que el soplador esté encendido y que el tablero no marque falla térmica. No eche cloro al reactor: mata las bacterias y empeora el problema.

P: ¿Qué significa la espuma?
R: La espuma blanca suele venir de detergentes y baja sola en unos días. La espuma café y espesa indica lodo viejo o bacterias filamentosas, y hay que purgar lodos.`,
  },
  {
    title: 'Análisis de laboratorio de aguas residuales',
    folder: 'Servicios',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['¿Cuándo salen los resultados?', 'Necesito el estudio para el MARN', '¿Hacen pruebas del agua?'],
    text: `Tomamos muestras y las analiza un laboratorio acreditado ISO 17025, según el Acuerdo Gubernativo 236-2006. El paquete de 21 parámetros para el estudio técnico cuesta Q2,650; el control trimestral de DBO, DQO, sólidos, grasas y coliformes, Q980.

Los resultados se entregan en 10 días hábiles, porque la DBO necesita cinco días de incubación. Con recargo del 40 % hay resultados preliminares en 6 días. También analizamos agua potable (COGUANOR 29001) por Q720.`,
  },
  {
    title: 'Extracción y disposición de lodos',
    folder: 'Servicios',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['¿Adónde llevan los lodos?', '¿Cuánto cuesta sacar el lodo de la planta?'],
    text: `Sacamos lodos de reactores, digestores y sedimentadores con camión vactor, y los llevamos a un relleno sanitario autorizado. El viaje de 10 metros cúbicos cuesta Q2,300 en el área metropolitana.

Al terminar se entrega el manifiesto de transporte y la constancia de disposición final, que pide el Ministerio de Ambiente. Los lodos industriales requieren antes un análisis CRETIB.`,
  },
  {
    title: 'Reparación de bombas sumergibles',
    folder: 'Servicios',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['Mi bomba ya no levanta presión', '¿Rebobinan motores?', '¿Cuánto tardan en sacar la bomba del pozo?', '¿Alquilan bombas mientras reparan la mía?'],
    text: `Extraemos, revisamos y reparamos bombas sumergibles y centrífugas de 0.5 a 50 HP de cualquier marca. Sacar una bomba de un pozo de hasta 100 metros toma un día, con grúa incluida.

El diagnóstico en taller cuesta Q400 y tarda dos días hábiles. Rebobinamos motores de hasta 25 HP; de ahí en adelante conviene cambiarlos. La reparación común (sellos, cojinetes, impulsor) está lista en 4 días hábiles. Mientras tanto prestamos una bomba de hasta 5 HP por Q150 al día.`,
  },
  {
    title: 'Plomería: fugas y destapes',
    folder: 'Servicios',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['Se me tapó el inodoro', 'Tengo goteras en la tubería', 'No baja el agua de la ducha', '¿Buscan fugas escondidas?'],
    text: `Destapamos drenajes con sonda eléctrica y con hidrojet, y reparamos tuberías de PVC, cobre y hierro. Un destape sencillo (lavamanos, inodoro, ducha) cuesta Q375; con hidrojet, desde Q950.

Para fugas que no se ven usamos geófono y cámara termográfica: la detección cuesta Q600 y no hay que romper el piso. Cobramos la reparación aparte, según lo que se encuentre. No reparamos calentadores de gas.`,
  },
  {
    title: 'Garantía de los trabajos',
    folder: 'General',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['Otra vez está fallando lo que arreglaron', '¿Qué pasa si vuelve a fallar?', '¿Cuánto dura la garantía?'],
    text: `Las reparaciones de bombas tienen 6 meses de garantía en repuestos y mano de obra. La plomería tiene 3 meses; los destapes, 15 días. Los equipos nuevos llevan la garantía del fabricante, de un año.

No cubre daños por variación de voltaje, mal uso ni intervención de terceros. Para hacerla valer basta el número de factura y una foto o video de la falla; un técnico llega en 48 horas hábiles sin costo.`,
  },
  {
    title: 'Cambiar o cancelar una visita',
    folder: 'General',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['¿Podemos mover la cita?', 'Ya no voy a poder mañana', '¿Cobran si cancelo?'],
    text: `Una visita se puede reprogramar o cancelar sin costo hasta las 16:00 del día anterior, por este chat. Con menos tiempo se cobra el desplazamiento de la cuadrilla, Q250.

Si llueve fuerte y el trabajo es al aire libre, nosotros avisamos y damos la siguiente fecha libre sin recargo. Si nadie abre, el técnico espera 20 minutos.`,
  },
  {
    title: 'Qué preparar antes de que llegue la cuadrilla',
    folder: 'General',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['¿Qué datos piden en garita?', '¿Tengo que estar en casa?', '¿Traen equipo de protección?'],
    text: `El día anterior enviamos los nombres, DPI y placas de la cuadrilla para autorizar el ingreso en garita. Alguien mayor de edad debe recibirla y firmar la hoja de trabajo al final.

Por favor deje libre el acceso a tapaderas y registros, un espacio para estacionar el camión (3.5 metros de alto) y un tomacorriente de 110 V. El personal lleva su equipo de protección, seguro y constancia del IGSS.`,
  },
  {
    title: 'Certificados y constancias',
    folder: 'General',
    language: 'es',
    mayAutoAnswer: true,
    questions: ['Necesito un papel para el Ministerio de Salud', '¿Dan comprobante de desinfección?', 'Perdí mi certificado'],
    text: `Después del lavado de una cisterna entregamos un certificado de desinfección firmado por un ingeniero sanitarista colegiado, válido por seis meses y aceptado por el Ministerio de Salud. Se envía en PDF a los tres días hábiles de que el servicio esté pagado.

La reposición de un certificado de los últimos dos años es gratuita; el original impreso con sello cuesta Q75.`,
  },
  {
    title: 'Opening hours and service area',
    folder: 'English',
    language: 'en',
    mayAutoAnswer: true,
    questions: ['What time do you open?', 'Do you work on weekends?', 'Do you come to Antigua?'],
    text: `Our office is open Monday to Friday from 7:30 to 17:00 and Saturday from 8:00 to 12:00. We are closed on Sundays and national holidays. Customers with a maintenance contract have a crew on call around the clock.

We serve Guatemala City and the surrounding towns at no travel cost. Antigua, Chimaltenango and Escuintla pay Q6.50 per kilometre from zone 12.`,
  },
  {
    title: 'Septic tank cleaning',
    folder: 'English',
    language: 'en',
    mayAutoAnswer: true,
    questions: ['How much is it to empty a septic tank?', 'My septic tank is overflowing'],
    text: `A vacuum truck empties the tank, the walls are washed with pressurised water and we check the pipes. Up to 2,000 gallons cost Q1,450, up to 3,000 gallons Q1,900, disposal at an authorised site included. A household of five should have it done every two years.`,
  },
];
