/** Service requests that came out of the talks of the past. `customer`: how the name of the talk begins; vendors stand in `demo-requests.ts`. */
import type { RequestStatus } from '../../../contract/requests/request-rules.ts';

export type PastRequest = {
  customer: string;
  externalId: string | null;
  status: RequestStatus;
  serviceType: string;
  address: string;
  email: string;
  /** Days from the talk's begin. */
  requestedInDays: number;
  description: string;
  vendor?: string;
};

const made = (
  customer: string,
  externalId: string | null,
  status: RequestStatus,
  serviceType: string,
  address: string,
  email: string,
  requestedInDays: number,
  description: string,
  vendor?: string,
): PastRequest => ({ customer, externalId, status, serviceType, address, email, requestedInDays, description, ...(vendor !== undefined && { vendor }) });

const PUMPS = 'Reparación de bombas';
const GREASE = 'Trampas de grasa';
const SEPTIC = 'Limpieza de fosa séptica';
const CISTERN = 'Lavado de cisternas';
const PLANT = 'Mantenimiento de PTAR';
const LAB = 'Análisis de laboratorio';
const SLUDGE = 'Extracción de lodos';

export const PAST_REQUESTS: readonly PastRequest[] = [
  made('Mirna Xoyón', 'SOL-2026-0318', 'done', GREASE, '2a. calle 4-18, zona 1, Mixco', 'laespiga@pan.example', 0, 'Trampa de 50 galones; nunca se había limpiado.'),
  made('Byron Coc', 'SOL-2026-0320', 'done', PUMPS, 'Colonia Primavera, lote 14, Villa Nueva', '', 1, 'Diafragma del tanque hidroneumático.', 'Edgar Chávez'),
  made('Beneficio Café Santa Inés', 'SOL-2026-0322', 'done', SLUDGE, 'Barberena, Santa Rosa', 'beneficio@santaines.example', 6, 'Laguna de 20 × 12 m; solo si no llueve.', 'Wilson Quiej'),
  made('Comité de Agua', 'SOL-2026-0327', 'done', PUMPS, 'Aldea El Pajal, Chiquimula', '', 7, 'Prueba de bombeo de 24 horas, con generador.', 'Electromecánica Chinchilla'),
  made('Rastro Municipal', 'SOL-2026-0329', 'done', LAB, 'Rastro municipal, Amatitlán', 'rastro@amatitlan.example', 4, 'Muestreo compuesto de 24 horas, doce parámetros.', 'Laboratorio Aguas Vivas'),
  made('Grace Whitfield', 'SOL-2026-0331', 'done', SEPTIC, 'Río Dulce, Izabal', 'grace@lodge.example', 3, 'Sin papeles del dueño anterior; llevar cámara.', 'Camiones Vactor El Progreso'),
  made('Rubén Caal', 'SOL-2026-0333', 'done', GREASE, '5a. avenida 8-02, zona 12', 'tallercaal@mail.example', 3, 'Separador de hidrocarburos de 300 litros.'),
  made('Ana Lucrecia Barrios', 'SOL-2026-0335', 'done', SEPTIC, 'Residenciales Los Pinos, km 19, Fraijanes', 'analu@mail.example', 4, 'Hay que ubicar la fosa.', 'Camiones Vactor El Progreso'),
  made(
    'Condominio Vista Real',
    'SOL-2026-0338',
    'done',
    PLANT,
    'Condominio Vista Real, Santa Catarina Pinula',
    'admin@vistareal.example',
    0,
    'Soplador disparado; roedor en el gabinete.',
    'Óscar Ramírez',
  ),
  made('Tom Hargreaves', 'SOL-2026-0340', 'done', LAB, 'Puerto Quetzal, Escuintla', 'tom@blueharbor.example', 3, 'Reports in English, nine samples.', 'Laboratorio Aguas Vivas'),
  made(
    'Ing. Pablo Sierra',
    'SOL-2026-0343',
    'done',
    PLANT,
    'Lotificación El Encino, Palencia',
    'psierra@elencino.example',
    5,
    'Recepción técnica antes de firmar con el contratista.',
    'Óscar Ramírez',
  ),
  made('Maquila Textiles Xela', 'SOL-2026-0345', 'done', PLANT, 'Zona 3, Quetzaltenango', 'mantenimiento@xelatex.example', 1, 'Descarga azul; curva de dosis para índigo.', 'Óscar Ramírez'),
  made('Colegio San Bartolo', 'SOL-2026-0350', 'done', CISTERN, '3a. calle 12-40, zona 18', 'secretaria@sanbartolo.example', 1, 'Cisterna de 30 m³, después de las 5.', 'Óscar Ramírez'),
  made('Municipalidad de San Andrés', 'SOL-2026-0352', 'cancelled', SLUDGE, 'San Andrés Itzapa, Chimaltenango', 'dmp@itzapa.example', 15, '47 pozos de visita; se hará por Guatecompras.'),
  made('Kevin Park', 'SOL-2026-0360', 'done', PLANT, 'Zona Franca, Amatitlán', 'kpark@solaris.example', 9, 'Three cooling tower cells, biocide and Legionella test.'),
  made('Otto Guillermo Paz', 'SOL-2026-0362', 'done', SEPTIC, 'Santa Lucía Cotzumalguapa, Escuintla', '', 2, 'Once años sin vaciar.', 'Wilson Quiej'),
  made('Plaza Las Américas', 'SOL-2026-0365', 'done', GREASE, 'Avenida Las Américas 21-40, zona 13', 'mantenimiento@plazaamericas.example', 0, 'Colector de comida rápida; hidrojet.'),
  made('Elder Choc', 'SOL-2026-0372', 'approved', PLANT, 'Hotel Río Escondido, Cobán, Alta Verapaz', 'gerencia@rioescondido.example', 8, 'Contrato anual, visita quincenal.', 'Óscar Ramírez'),
  made(
    'Ing. Claudia Mazariegos',
    'SOL-2026-0379',
    'approved',
    LAB,
    'Km 16 carretera a El Salvador',
    'cmazariegos@alfa.example',
    7,
    'Validación de limpieza de tres tanques de agua purificada.',
    'Laboratorio Aguas Vivas',
  ),
  made('Hospital Privado La Ceiba', 'SOL-2026-0385', 'done', PUMPS, '7a. avenida 9-64, zona 10', 'infra@laceiba.example', 0, 'Bombas de quirófano; arrancador reprogramado.', 'Edgar Chávez'),
  made('Constructora Peña Blanca', 'SOL-2026-0388', 'approved', PLANT, 'Libramiento de Chimaltenango', 'obras@penablanca.example', 6, 'Planta compacta en alquiler, 90 trabajadores.', 'Óscar Ramírez'),
  made('Fábrica de Jabón', 'SOL-2026-0397', 'received', PLANT, '12 avenida 33-15, zona 5', 'planta@jabonlaluna.example', 9, 'Control de pH con CO₂.'),
  made('Marcus Bell', 'SOL-2026-0405', 'received', CISTERN, 'Five rural schools, Huehuetenango', 'marcus@missionbridge.example', 40, 'Tank, solar pump and chlorinator for each.'),
  made('Priya Raman', 'SOL-2026-0424', 'done', PLANT, 'Parque industrial Altamira, Villa Nueva', 'priya@altamira.example', 0, 'Sludge press: cloth and two gaskets.', 'Óscar Ramírez'),
  made('Hugo Ramiro', 'SOL-2026-0429', 'approved', SEPTIC, '9a. calle 2-30, San José Pinula', '', 2, 'Reprogramada: el camión se ponchó.', 'Wilson Quiej'),
  made('Ing. Rafael Contreras', 'SOL-2026-0433', 'new', PLANT, 'San Miguel Río Abajo, Sanarate', 'rcontreras@cenorte.example', 50, 'Planta de 45 m³/día; el comité decide hoy.'),
  made('Teresa Quim', 'SOL-2026-0437', 'new', PUMPS, 'Condominio El Roble, zona 16', 'admin@elroble.example', 1, 'Ruido de cavitación.'),
  made('Estación de Servicio Los Volcanes', 'SOL-2026-0438', 'received', GREASE, 'Km 86, Palín', 'pista@losvolcanes.example', 0, 'Coalescente reventado; factura a 30 días.'),
  made('Residencial Las Ardillas', 'SOL-2026-0436', 'reassigned', SLUDGE, 'Km 14.5 carretera a El Salvador', 'junta@lasardillas.example', 34, 'El 25, antes de las 9.', 'Camiones Vactor El Progreso'),
];
