/** What prompts are written in: the fixed words of the data message, of facts and of statuses, Spanish and English. */
import type { RequestRole, RequestStatus } from '../../../../contract/requests/request-rules.ts';
import type { WindowState } from '../../../../contract/rules/service-window.ts';
import type { MessageContent } from '../../../../contract/whatsapp/message-content.ts';

export type PromptLanguage = 'es' | 'en';
/** In which the prompt itself is written: Spanish for Spanish, English for every other language. */
export const promptLanguageOf = (language: string): PromptLanguage => (/^es\b/i.test(language) ? 'es' : 'en');

/** Parts of a prompt, in their order. */
export const SECTIONS = ['rules', 'business', 'facts', 'knowledge', 'summary', 'notes', 'history', 'draft', 'task'] as const;
export type Section = (typeof SECTIONS)[number];

type Words = {
  headings: Record<Section, string>;
  customer: string;
  agent: string;
  note: string;
  withText: string;
  kinds: Record<Exclude<MessageContent['kind'], 'text'>, string>;
  statuses: Record<RequestStatus, string>;
  windows: Record<WindowState, string>;
  roles: Record<RequestRole, string>;
  labels: Record<
    | 'business'
    | 'workspaceName'
    | 'workspacePhone'
    | 'now'
    | 'window'
    | 'template'
    | 'name'
    | 'firstName'
    | 'company'
    | 'email'
    | 'phone'
    | 'isVendor'
    | 'reference'
    | 'role'
    | 'status'
    | 'service'
    | 'requestedDate'
    | 'approvedDate'
    | 'address'
    | 'customer'
    | 'contactPhone'
    | 'contactEmail'
    | 'form'
    | 'vendor'
    | 'vendorPhone'
    | 'former',
    string
  >;
  yes: string;
  noLongerTheirs: string;
};

export const PROMPT_WORDS: Record<PromptLanguage, Words> = {
  es: {
    headings: {
      rules: 'REGLAS',
      business: 'EMPRESA',
      facts: 'HECHOS',
      knowledge: 'BASE DE CONOCIMIENTOS',
      summary: 'RESUMEN DE LO ANTERIOR',
      notes: 'NOTAS INTERNAS',
      history: 'CONVERSACIÓN',
      draft: 'BORRADOR',
      task: 'TAREA',
    },
    customer: 'cliente',
    agent: 'agente',
    note: 'nota',
    withText: 'con texto',
    kinds: {
      image: 'imagen',
      video: 'video',
      audio: 'audio',
      document: 'documento',
      sticker: 'sticker',
      location: 'ubicación',
      contacts: 'contacto compartido',
      interactive: 'mensaje con opciones',
      choice: 'opción elegida',
      flow_reply: 'formulario llenado',
      order: 'pedido',
      system: 'aviso de WhatsApp',
      template: 'plantilla',
      other: 'mensaje que no se puede mostrar',
      reaction: 'reacción',
      edit: 'edición',
      revoke: 'mensaje eliminado',
    },
    statuses: {
      new: 'Nueva',
      received: 'Recibida',
      ptar_form_sent: 'Formulario PTAR enviado',
      approved: 'Aprobada',
      reassigned: 'Reasignada',
      done: 'Terminada',
      cancelled: 'Cancelada',
    },
    windows: {
      open: 'abierta hasta {at}: se puede escribir libremente',
      closing: 'abierta hasta {at}, falta menos de una hora: se puede escribir libremente',
      closed: 'cerrada desde {at}: solo se puede enviar una plantilla',
      none: 'cerrada, la persona aún no ha escrito: solo se puede enviar una plantilla',
    },
    roles: { customer: 'cliente', vendor: 'proveedor' },
    labels: {
      business: 'Sobre la empresa',
      workspaceName: 'Nombre de la empresa',
      workspacePhone: 'Teléfono de la empresa',
      now: 'Fecha y hora actuales',
      window: 'Ventana de servicio',
      template: 'Plantilla disponible',
      name: 'Nombre de la persona',
      firstName: 'Nombre de pila',
      company: 'Empresa de la persona',
      email: 'Correo de la persona',
      phone: 'Teléfono de la persona',
      isVendor: 'Es proveedor',
      reference: 'Solicitud',
      role: 'Papel de la persona en la solicitud {ref}',
      status: 'Estado de la solicitud {ref}',
      service: 'Tipo de servicio de la solicitud {ref}',
      requestedDate: 'Fecha solicitada de la solicitud {ref}',
      approvedDate: 'Fecha aprobada de la solicitud {ref}',
      address: 'Dirección de la solicitud {ref}',
      customer: 'Cliente de la solicitud {ref}',
      contactPhone: 'Teléfono de contacto de la solicitud {ref}',
      contactEmail: 'Correo de contacto de la solicitud {ref}',
      form: 'Formulario de la solicitud {ref}',
      vendor: 'Proveedor asignado a la solicitud {ref}',
      vendorPhone: 'Teléfono del proveedor de la solicitud {ref}',
      former: 'Asignación de la solicitud {ref}',
    },
    yes: 'Sí',
    noLongerTheirs: 'Ya no está asignada a esta persona',
  },
  en: {
    headings: {
      rules: 'RULES',
      business: 'COMPANY',
      facts: 'FACTS',
      knowledge: 'KNOWLEDGE BASE',
      summary: 'SUMMARY OF WHAT CAME BEFORE',
      notes: 'INTERNAL NOTES',
      history: 'CONVERSATION',
      draft: 'DRAFT',
      task: 'TASK',
    },
    customer: 'customer',
    agent: 'agent',
    note: 'note',
    withText: 'with text',
    kinds: {
      image: 'image',
      video: 'video',
      audio: 'audio',
      document: 'document',
      sticker: 'sticker',
      location: 'location',
      contacts: 'shared contact',
      interactive: 'message with choices',
      choice: 'chosen option',
      flow_reply: 'filled-in form',
      order: 'order',
      system: 'notice of WhatsApp',
      template: 'template',
      other: 'message that cannot be shown',
      reaction: 'reaction',
      edit: 'edit',
      revoke: 'deleted message',
    },
    statuses: {
      new: 'New',
      received: 'Received',
      ptar_form_sent: 'PTAR form sent',
      approved: 'Approved',
      reassigned: 'Reassigned',
      done: 'Done',
      cancelled: 'Cancelled',
    },
    windows: {
      open: 'open until {at}: free text can be sent',
      closing: 'open until {at}, less than an hour left: free text can be sent',
      closed: 'closed since {at}: only a template can be sent',
      none: 'closed, the person has not written yet: only a template can be sent',
    },
    roles: { customer: 'customer', vendor: 'vendor' },
    labels: {
      business: 'About the company',
      workspaceName: 'Name of the company',
      workspacePhone: 'Phone of the company',
      now: 'Current date and time',
      window: 'Service window',
      template: 'Available template',
      name: 'Name of the person',
      firstName: 'First name',
      company: 'Company of the person',
      email: 'E-mail of the person',
      phone: 'Phone of the person',
      isVendor: 'Is a vendor',
      reference: 'Request',
      role: 'Role of the person in request {ref}',
      status: 'Status of request {ref}',
      service: 'Type of service of request {ref}',
      requestedDate: 'Requested date of request {ref}',
      approvedDate: 'Approved date of request {ref}',
      address: 'Address of request {ref}',
      customer: 'Customer of request {ref}',
      contactPhone: 'Contact phone of request {ref}',
      contactEmail: 'Contact e-mail of request {ref}',
      form: 'Form of request {ref}',
      vendor: 'Vendor assigned to request {ref}',
      vendorPhone: 'Phone of the vendor of request {ref}',
      former: 'Assignment of request {ref}',
    },
    yes: 'Yes',
    noLongerTheirs: 'No longer assigned to this person',
  },
};
