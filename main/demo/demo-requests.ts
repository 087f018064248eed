/** The service requests of the demo workspace, and who does the work. All invented. People are named by how their name in `scripted-customers.ts` begins. */
import type { RequestStatus } from '../../contract/requests/request-rules.ts';

export const DEMO_SERVICE_TYPES: readonly string[] = [
  'Análisis de laboratorio',
  'Extracción de lodos',
  'Limpieza de fosa séptica',
  'Lavado de cisternas',
  'Mantenimiento de PTAR',
  'Reparación de bombas',
  'Trampas de grasa',
];

export type DemoVendor = { customer: string; firstName: string; company: string | null; serviceTypes: readonly string[] };
export const DEMO_VENDORS: readonly DemoVendor[] = [
  { customer: 'Óscar Ramírez', firstName: 'Óscar', company: null, serviceTypes: ['Lavado de cisternas', 'Mantenimiento de PTAR'] },
  { customer: 'Wilson Quiej', firstName: 'Wilson', company: 'Camiones Vactor', serviceTypes: ['Extracción de lodos', 'Limpieza de fosa séptica'] },
  { customer: 'Edgar Chávez', firstName: 'Edgar', company: 'Bombas y Repuestos del Sur', serviceTypes: ['Reparación de bombas'] },
  { customer: 'Laboratorio Aguas Vivas', firstName: 'Lcda. Iris', company: 'Laboratorio Aguas Vivas', serviceTypes: ['Análisis de laboratorio'] },
  { customer: 'Transportes Güicho', firstName: 'Güicho', company: 'Transportes Güicho', serviceTypes: ['Lavado de cisternas'] },
  { customer: 'Electromecánica Chinchilla', firstName: 'Rigo', company: 'Electromecánica Chinchilla', serviceTypes: ['Reparación de bombas'] },
  { customer: 'Químicos del Istmo', firstName: 'Ventas', company: 'Químicos del Istmo', serviceTypes: ['Mantenimiento de PTAR'] },
  { customer: 'Servicios Lacustres Atitlán', firstName: 'Chepe', company: 'Servicios Lacustres Atitlán', serviceTypes: ['Limpieza de fosa séptica'] },
  { customer: 'Camiones Vactor El Progreso', firstName: 'Nery', company: 'Camiones Vactor El Progreso', serviceTypes: ['Extracción de lodos', 'Limpieza de fosa séptica'] },
];

export type DemoRequest = {
  /** Whose work it is (`demo-team.ts`). */
  by: string;
  externalId?: string;
  status: RequestStatus;
  serviceType: string;
  /** Of one of the scripted customers, or somebody who has not written yet: then with their number. */
  customer: string;
  phone?: string;
  email: string;
  address: string;
  /** Days from now. */
  requestedInDays: number;
  approvedInDays?: number;
  vendor?: string;
  description?: string;
  formUrl?: string;
  /** Its open events wait to be told; those of the others have been told otherwise. */
  isUntold?: true;
};

export const DEMO_REQUESTS: readonly DemoRequest[] = [
  {
    by: 'ana',
    status: 'new',
    serviceType: 'Mantenimiento de PTAR',
    customer: 'Ingrid Morales',
    email: 'administracion@lasorquideas.example',
    address: 'Km 18.5 carretera a El Salvador, Condominio Las Orquídeas',
    requestedInDays: 1,
    vendor: 'Óscar Ramírez',
    description: 'Espuma café en el aireador y mal olor. 86 casas; en garita preguntan por don Chepe.',
    isUntold: true,
  },
  {
    by: 'bo',
    status: 'received',
    serviceType: 'Reparación de bombas',
    customer: 'Julio Xicay',
    email: 'julio.xicay@sanrafael.example',
    address: 'Finca San Rafael Panán, km 128, Chicacao, Suchitepéquez',
    requestedInDays: 2,
    vendor: 'Edgar Chávez',
    description: 'Bomba sumergible Franklin de 5 HP, pozo de 90 m. El cliente presta la grúa.',
  },
  {
    by: 'cyntia',
    status: 'approved',
    serviceType: 'Lavado de cisternas',
    customer: 'Karla Estrada',
    email: 'compras@casajade.example',
    address: '5a. avenida norte 12, Antigua Guatemala',
    requestedInDays: 5,
    approvedInDays: 6,
    vendor: 'Óscar Ramírez',
    description: 'Dos cisternas, 40 y 25 m³, con certificado de desinfección.',
  },
  {
    by: 'diego',
    externalId: 'SOL-2026-0418',
    status: 'ptar_form_sent',
    serviceType: 'Análisis de laboratorio',
    customer: 'Lic. Rodolfo Ajú',
    email: 'auditoria@textilesdellago.example',
    address: 'Km 15.5 calzada Roosevelt, Mixco',
    requestedInDays: 3,
    vendor: 'Óscar Ramírez',
    formUrl: 'https://formularios.example/ptar/0418',
    description: 'DBO, DQO, sólidos y color. Auditoría lo pide antes del viernes.',
  },
  {
    by: 'ana',
    status: 'received',
    serviceType: 'Lavado de cisternas',
    customer: 'María José Tún',
    email: 'administracion@monteverde.example',
    address: 'Colegio Monte Verde, zona 16, Ciudad de Guatemala',
    requestedInDays: 20,
    description: 'Cisterna de 60 m³ con dos tapaderas, en vacaciones.',
  },
  {
    by: 'bo',
    externalId: 'SOL-2026-0402',
    status: 'reassigned',
    serviceType: 'Extracción de lodos',
    customer: 'Brenda Sandoval',
    email: 'contabilidad@plazareforma.example',
    address: 'Plaza Reforma, avenida Reforma 8-60, zona 9',
    requestedInDays: 4,
    vendor: 'Wilson Quiej',
    description: 'Dos viajes de 10 m³; el camión grande está en taller.',
  },
  {
    by: 'bo',
    status: 'new',
    serviceType: 'Mantenimiento de PTAR',
    customer: 'Emily Carter',
    email: 'emily@escuelalagoazul.example',
    address: 'Escuela Lago Azul, camino a Santa Catarina Palopó, Sololá',
    requestedInDays: 9,
    description: 'Planta compacta para 140 alumnos; el donante pide un presupuesto aproximado.',
  },
  {
    by: 'diego',
    externalId: 'SOL-2026-0391',
    status: 'approved',
    serviceType: 'Mantenimiento de PTAR',
    customer: 'Ing. Héctor Velásquez',
    email: 'servicios@sanmiguelpetapa.example',
    address: 'Palacio municipal, San Miguel Petapa',
    requestedInDays: 7,
    approvedInDays: 8,
    vendor: 'Óscar Ramírez',
  },
  {
    by: 'cyntia',
    status: 'new',
    serviceType: 'Trampas de grasa',
    customer: 'Sofía Anléu',
    email: 'sofia@cafe4grados.example',
    address: '4 Grados Norte, zona 4, Ciudad de Guatemala',
    requestedInDays: 6,
    description: 'Tres lavatrastos y una lavavajillas industrial. No puede cerrar más de un día.',
  },
  {
    by: 'ana',
    externalId: 'SOL-2026-0377',
    status: 'done',
    serviceType: 'Limpieza de fosa séptica',
    customer: 'Mynor Gálvez',
    phone: '5512 7730',
    email: '',
    address: '3a. calle 7-21, zona 3, Villa Nueva',
    requestedInDays: -8,
    approvedInDays: -7,
    vendor: 'Wilson Quiej',
  },
  {
    by: 'diego',
    externalId: 'SOL-2026-0369',
    status: 'done',
    serviceType: 'Reparación de bombas',
    customer: 'Lucía Pérez López',
    email: 'administracion@tikalreal.example',
    address: 'Edificio Tikal Real, zona 10, Ciudad de Guatemala',
    requestedInDays: -15,
    approvedInDays: -14,
    vendor: 'Edgar Chávez',
    description: 'Cambio de sello mecánico de la bomba de cisterna.',
  },
  {
    by: 'cyntia',
    status: 'cancelled',
    serviceType: 'Lavado de cisternas',
    customer: 'Estuardo Monzón',
    phone: '4478 2095',
    email: 'emonzon@ferreteria.example',
    address: '2a. avenida 1-15, zona 1, Escuintla',
    requestedInDays: -3,
    description: 'La hará el dueño del local.',
  },
];
