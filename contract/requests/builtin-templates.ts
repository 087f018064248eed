/** The five templates that the company's own work needs: Spanish, positional. Their parameters, in order, stand in `request-rules.ts`. */
import type { TemplateDesign } from '../whatsapp/template-definition.ts';

const utility = (name: string, body: string, samples: readonly string[]): TemplateDesign => ({
  name,
  language: 'es',
  category: 'UTILITY',
  parameterFormat: 'POSITIONAL',
  header: null,
  body,
  footer: null,
  buttons: [],
  samples: Object.fromEntries(samples.map((sample, index) => [String(index + 1), sample])),
});

export const BUILTIN_TEMPLATES = {
  nueva_solicitud_de_servicio: utility(
    'nueva_solicitud_de_servicio',
    'Se le asignó la solicitud de servicio {{1}}.\nServicio solicitado: {{2}}\nNombre del cliente: {{3}}\nTeléfono de contacto: {{4}}\nDirección del servicio: {{5}}\nFecha de entrega solicitada: {{6}}\nPor favor confirme por este medio que la recibió.',
    ['SOL-1042', 'Limpieza de fosa séptica', 'María Xicay', '+502 5555 1234', '12 calle 3-45, zona 10', '4 de diciembre de 2026'],
  ),
  solicitud_recibida_cliente: utility(
    'solicitud_recibida_cliente',
    'Estimado cliente {{1}}, recibimos su solicitud de servicio {{2}}.\nServicio solicitado: {{3}}\nFecha solicitada: {{4}}\nLe enviaremos los detalles al correo {{5}} y le avisaremos por este medio cuando haya novedades.',
    ['María Xicay', 'SOL-1042', 'Limpieza de fosa séptica', '4 de diciembre de 2026', 'maria@example.com'],
  ),
  ptar_formulario_enviado: utility(
    'ptar_formulario_enviado',
    'Estimado cliente {{1}}, para preparar el servicio de su planta de tratamiento necesitamos que llene el formulario que está en {{2}} antes de la visita. El proveedor asignado es {{3}} y puede consultarle cualquier duda al teléfono {{4}} en horario de oficina.',
    ['María Xicay', 'https://example.com/ptar/1042', 'Servicios del Lago', '+502 5555 9876'],
  ),
  solicitud_aprobada_operaciones: utility(
    'solicitud_aprobada_operaciones',
    'Estimado proveedor {{1}}, la solicitud de servicio {{2}} fue aprobada por operaciones. La fecha de entrega aprobada es el {{3}} y puede coordinar la visita con el cliente.',
    ['Servicios del Lago', 'SOL-1042', '4 de diciembre de 2026'],
  ),
  reasignacion_removida: utility(
    'reasignacion_removida',
    'Estimado proveedor {{1}}, le informamos que la solicitud de servicio {{2}} del tipo {{3}} fue reasignada y ya no está a su cargo. Gracias por su apoyo.',
    ['Carlos', 'SOL-1042', 'Limpieza de fosa séptica'],
  ),
} as const satisfies Record<string, TemplateDesign>;
export type BuiltinTemplateName = keyof typeof BUILTIN_TEMPLATES;
export const isBuiltinTemplate = (name: string): name is BuiltinTemplateName => Object.hasOwn(BUILTIN_TEMPLATES, name);
