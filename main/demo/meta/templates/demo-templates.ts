/** The templates with which the account of the demo workspace begins: four of the five built-in ones, and one for each thing that templates can have. */
import { BUILTIN_TEMPLATES } from '../../../../contract/requests/builtin-templates.ts';
import { SAMPLE_HANDLES } from './sample-uploads.ts';
import type { TemplateSeed } from './template-store.ts';

/** So that sending it to Meta in one step can be tried. */
const NOT_THERE = 'ptar_formulario_enviado';

const body = (text: string, ...samples: string[]) => ({ type: 'BODY', text, ...(samples.length > 0 && { example: { body_text: [samples] } }) });
const footer = (text: string) => ({ type: 'FOOTER', text });

export const DEMO_TEMPLATES: readonly { body: Record<string, unknown>; seed?: TemplateSeed }[] = [
  ...Object.values(BUILTIN_TEMPLATES)
    .filter(({ name }) => name !== NOT_THERE)
    .map(({ name, language, category, body: text, samples }) => ({
      body: { name, language, category, components: [body(text, ...Object.values<string>(samples))] },
      seed: { quality: 'GREEN' as const },
    })),
  {
    body: {
      name: 'tecnico_en_camino',
      language: 'es',
      category: 'UTILITY',
      parameter_format: 'NAMED',
      components: [
        { type: 'HEADER', format: 'TEXT', text: 'Solicitud {{solicitud}} en camino', example: { header_text_named_params: [{ param_name: 'solicitud', example: 'SOL-1042' }] } },
        {
          type: 'BODY',
          text: 'Hola {{nombre_cliente}}, el técnico {{nombre_tecnico}} llegará el {{fecha}} a partir de las {{hora}} para su servicio. Si necesita cambiar la hora, responda a este mensaje.',
          example: {
            body_text_named_params: [
              { param_name: 'nombre_cliente', example: 'María' },
              { param_name: 'nombre_tecnico', example: 'Carlos Pérez' },
              { param_name: 'fecha', example: '4 de diciembre' },
              { param_name: 'hora', example: '9:30' },
            ],
          },
        },
        footer('Servicios Industriales del Valle'),
      ],
    },
    seed: { quality: 'GREEN' },
  },
  {
    body: {
      name: 'mantenimiento_anual',
      language: 'es',
      category: 'MARKETING',
      components: [
        { type: 'HEADER', format: 'IMAGE', example: { header_handle: [SAMPLE_HANDLES.image] } },
        body('Hola {{1}}, antes de las lluvias revise su planta: en {{2}} tenemos precios especiales de mantenimiento. ¿Le agendamos una visita?', 'María', 'noviembre'),
        footer('Servicios Industriales del Valle'),
        {
          type: 'BUTTONS',
          buttons: [
            { type: 'QUICK_REPLY', text: 'Sí, agéndenme' },
            { type: 'QUICK_REPLY', text: 'Ahora no' },
            { type: 'QUICK_REPLY', text: 'No recibir más avisos' },
          ],
        },
      ],
    },
    seed: { quality: 'YELLOW' },
  },
  {
    body: {
      name: 'seguimiento_de_solicitud',
      language: 'es',
      category: 'UTILITY',
      components: [
        body('Su solicitud {{1}} ya tiene fecha de visita: el {{2}} por la mañana. Puede ver el avance en línea o llamarnos.', 'SOL-1042', '4 de diciembre'),
        {
          type: 'BUTTONS',
          buttons: [
            { type: 'URL', text: 'Ver el avance', url: 'https://servicios.example.com/solicitudes/{{1}}', example: ['https://servicios.example.com/solicitudes/SOL-1042'] },
            { type: 'PHONE_NUMBER', text: 'Llamar a la oficina', phone_number: '+50223344550' },
          ],
        },
      ],
    },
    seed: { quality: 'GREEN' },
  },
  {
    body: {
      name: 'cotizacion_de_servicio',
      language: 'es',
      category: 'UTILITY',
      components: [
        { type: 'HEADER', format: 'DOCUMENT', example: { header_handle: [SAMPLE_HANDLES.document] } },
        body('Estimado cliente {{1}}, adjuntamos la cotización de su solicitud {{2}} para que la revise con calma.', 'María Xicay', 'SOL-1042'),
      ],
    },
  },
  {
    body: {
      name: 'punto_de_encuentro',
      language: 'es',
      category: 'UTILITY',
      components: [{ type: 'HEADER', format: 'LOCATION' }, body('Este es el punto de encuentro para el servicio {{1}}. Nos vemos allí el {{2}} por la mañana.', 'SOL-1042', '4 de diciembre')],
    },
  },
  {
    body: {
      name: 'codigo_de_temporada',
      language: 'es',
      category: 'MARKETING',
      components: [
        body('Gracias por confiar en nosotros. Con este código su próxima limpieza tiene un precio especial hasta fin de mes.'),
        { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', example: 'LLUVIA2026' }] },
      ],
    },
  },
  {
    body: {
      name: 'aviso_de_temporada',
      language: 'es',
      category: 'UTILITY',
      components: [body('Hola {{1}}, aproveche la oferta de temporada: limpieza de fosa con descuento hasta fin de mes. Escríbanos para agendar.', 'María')],
    },
    seed: { status: 'REJECTED', rejectedReason: 'PROMOTIONAL' },
  },
  {
    body: {
      name: 'encuesta_de_servicio',
      language: 'es',
      category: 'UTILITY',
      components: [body('Hola {{1}}, hace poco atendimos su solicitud {{2}} y nos gustaría saber cómo le fue. Responda con una nota del 1 al 5.', 'María', 'SOL-1042')],
    },
    seed: { status: 'PAUSED', quality: 'RED' },
  },
  {
    body: {
      name: 'service_request_received',
      language: 'en_US',
      category: 'UTILITY',
      components: [body('Dear {{1}}, we have received your service request {{2}} and will write to you here as soon as there is news.', 'Mary', 'SOL-1042')],
    },
    seed: { quality: 'GREEN' },
  },
];
