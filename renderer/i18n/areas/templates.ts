/** Texts of templates, in both languages. Names of templates stay as they are. */
import { TEMPLATE_RULES_EN, TEMPLATE_RULES_ES } from './template-rules.ts';

const es = {
  preview: {
    label: 'Así lo ve quien lo recibe',
    noBody: 'Aquí irá el mensaje',
    buttons: 'Botones de la plantilla',
    allButtons: 'Ver todas las opciones',
  },
  format: { TEXT: 'Texto', IMAGE: 'Foto', VIDEO: 'Video', GIF: 'GIF', DOCUMENT: 'Documento', LOCATION: 'Ubicación' },
  kind: { QUICK_REPLY: 'Respuesta rápida', URL: 'Abrir enlace', PHONE_NUMBER: 'Llamar', COPY_CODE: 'Copiar código', FLOW: 'Abrir formulario', OTHER: 'Otro botón' },
  rule: TEMPLATE_RULES_ES,
};

const en: typeof es = {
  preview: {
    label: 'What its receiver sees',
    noBody: 'The message comes here',
    buttons: 'Buttons of the template',
    allButtons: 'See all options',
  },
  format: { TEXT: 'Text', IMAGE: 'Photo', VIDEO: 'Video', GIF: 'GIF', DOCUMENT: 'Document', LOCATION: 'Location' },
  kind: { QUICK_REPLY: 'Quick reply', URL: 'Open link', PHONE_NUMBER: 'Call', COPY_CODE: 'Copy code', FLOW: 'Open form', OTHER: 'Other button' },
  rule: TEMPLATE_RULES_EN,
};

export const templates = { es, en };
