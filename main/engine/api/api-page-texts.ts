/** The words of the API's page, in both languages, beside what the document says. Every operation of the contract has its own (`operations`). */
export const PAGE_LANGUAGES = ['es', 'en'] as const;
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];

export type OperationText = { title: string; text: string };
export type PageTexts = {
  title: string;
  lead: string;
  begin: { title: string; steps: string[]; note: string };
  rules: { title: string; items: string[] };
  errors: { title: string; text: string; columns: [string, string] };
  responses: Record<string, string>;
  groups: Record<string, string>;
  operations: Record<string, OperationText>;
  types: { title: string; text: string };
  words: Record<
    | 'required'
    | 'optional'
    | 'path'
    | 'query'
    | 'header'
    | 'body'
    | 'answer'
    | 'answers'
    | 'name'
    | 'type'
    | 'note'
    | 'default'
    | 'example'
    | 'listOf'
    | 'oneOf'
    | 'anyText'
    | 'openDocument'
    | 'version'
    | 'otherLanguage',
    string
  >;
};

const ES: PageTexts = {
  title: 'API local de Bandeja',
  lead: 'La bandeja de WhatsApp del equipo, para otros programas de esta misma computadora. Todo se hace como la persona de esta computadora, con sus permisos y las mismas reglas que en la ventana, con o sin conexión.',
  begin: {
    title: 'Para empezar',
    steps: ['Copia el token en los ajustes de Bandeja, en «Otros programas».', 'Envíalo en cada llamada, en la cabecera Authorization.'],
    note: 'Quien tenga el token puede leer y escribir como tú: guárdalo como una contraseña. Si se escapa, cámbialo en los ajustes; el anterior deja de servir al momento.',
  },
  rules: {
    title: 'Lo que vale para todas las llamadas',
    items: [
      'Solo contesta en esta computadora (127.0.0.1) y nunca a una página web: una petición con cabecera Origin, o con otro Host, se rechaza.',
      'Los cuerpos son application/json, de 64 KB como mucho.',
      'Las horas son milisegundos desde 1970; los días, AAAA-MM-DD.',
      'Lo que acaba de anotarse aquí y el equipo aún no ha confirmado lleva isPending.',
      'Las listas se leen por páginas: pasa nextCursor como cursor hasta que sea null.',
      'Un token puede hacer {{burst}} llamadas seguidas y luego {{perSecond}} por segundo. Pasado eso llega 429 con Retry-After, en segundos.',
      'A cualquier respuesta se le pueden añadir campos más adelante.',
    ],
  },
  errors: {
    title: 'Errores',
    text: 'Tienen la forma de los de Meta. Decide por code, que es una lista cerrada; error_subcode es el número que usa Meta para lo más parecido; error_data.details dice qué está mal y error_data.field, dónde. fbtrace_id nombra la respuesta en el registro de esta computadora.',
    columns: ['Estado', 'Cuándo'],
  },
  responses: {
    '400': 'La petición está mal: error_data dice dónde',
    '401': 'Falta el token o no es el que vale',
    '403': 'No se permite con los permisos de esta persona, o desde esa dirección',
    '404': 'No hay nada con ese id, o no existe esa dirección',
    '409': 'Tal como están las cosas no se puede: code dice por qué',
    '413': 'El cuerpo pasa de 64 KB',
    '415': 'El cuerpo no es application/json',
    '422': 'Esa Idempotency-Key ya vino con otra petición',
    '429': 'Demasiadas llamadas: espera lo que dice Retry-After',
    '500': 'Algo falló dentro del programa',
    '503': 'Hace falta el relay y no se llega a él',
    '507': 'El disco de esta computadora está lleno',
  },
  groups: { Conversations: 'Conversaciones', Messages: 'Mensajes', Templates: 'Plantillas', 'Service requests': 'Solicitudes de servicio' },
  operations: {
    listConversations: { title: 'Lista de conversaciones', text: 'La más reciente primero, por páginas.' },
    getConversation: { title: 'Una conversación con sus últimos mensajes', text: 'También sus datos de contacto, la ventana de 24 horas y lo que se hizo con ella. messages dice cuántos mensajes.' },
    replyWithText: {
      title: 'Responder con texto',
      text: 'Anota la respuesta y contesta enseguida; sale cuando el equipo la confirma. Con messageId (un UUID tuyo), repetir la llamada no envía otra. isGuarded la detiene si alguien escribió después de seenThrough.',
    },
    sendDirectMessage: {
      title: 'Mensaje directo a un número',
      text: 'Empieza la conversación con ese número, o encuentra la que hay. El texto libre necesita la ventana de 24 horas abierta; una plantilla, no.',
    },
    sendTemplate: {
      title: 'Enviar una plantilla',
      text: 'A una conversación o a un número. Los valores del texto van en orden o por nombre; header y buttons, donde la plantilla tiene una variable. Con requestId o externalId dice de qué solicitud trata: al papel equivocado solo se envía con isOverride, y queda anotado.',
    },
    listTemplates: { title: 'Plantillas de la cuenta', text: 'Lo que esta computadora sabe de ellas, con cuándo se leyeron por última vez.' },
    assignConversation: { title: 'Asignar, o soltar', text: 'agentId null la deja sin nadie. La nota se la lee quien la recibe.' },
    linkConversation: { title: 'Vincular a una solicitud', text: 'Por nuestro id o por el del sistema externo. Con isLinked false se quita el vínculo.' },
    markConversationRead: { title: 'Marcar como leída', text: 'Hasta un mensaje, o hasta el último.' },
    setConversationStatus: { title: 'Archivar, cerrar, reabrir', text: 'seenThrough: hasta dónde se había visto; si el cliente escribió después, no se archiva.' },
    putServiceRequest: {
      title: 'Crear o cambiar una solicitud',
      text: 'La solicitud que el otro sistema conoce con ese id. Lo que no se nombra queda como está. Con Idempotency-Key, repetir la misma petición da la primera respuesta y no hace nada más durante 24 horas.',
    },
    getServiceRequest: { title: 'Una solicitud', text: 'Con su historial, sus conversaciones y las plantillas que propone.' },
  },
  types: { title: 'Tipos', text: 'Lo que llevan las respuestas.' },
  words: {
    required: 'obligatorio',
    optional: 'opcional',
    path: 'en la dirección',
    query: 'en la consulta',
    header: 'cabecera',
    body: 'Cuerpo',
    answer: 'Respuesta',
    answers: 'Otras respuestas',
    name: 'Nombre',
    type: 'Tipo',
    note: 'Nota',
    default: 'si falta',
    example: 'Ejemplo',
    listOf: 'lista de',
    oneOf: 'Uno de estos:',
    anyText: 'cualquiera',
    openDocument: 'Documento OpenAPI',
    version: 'Versión',
    otherLanguage: 'English',
  },
};

const EN: PageTexts = {
  title: 'Bandeja local API',
  lead: "The team's WhatsApp inbox, for other programs on this same computer. Everything happens as the person of this computer, with their rights and by the same rules as in the window, online or not.",
  begin: {
    title: 'To begin',
    steps: ['Copy the token from the settings of Bandeja, under “Other programs”.', 'Send it with every call, in the Authorization header.'],
    note: 'Whoever has the token can read and write as you: keep it like a password. If it gets out, change it in the settings; the old one stops working at once.',
  },
  rules: {
    title: 'What holds for every call',
    items: [
      'It answers on this computer only (127.0.0.1) and never a web page: a request with an Origin header, or with another Host, is refused.',
      'Bodies are application/json, at most 64 KB.',
      'Times are milliseconds since 1970, days are YYYY-MM-DD.',
      'What was only just recorded here, and not yet confirmed by the team, has isPending.',
      'Lists come in pages: pass nextCursor as cursor until it is null.',
      'A token may make {{burst}} calls at once and {{perSecond}} a second from then on. Beyond that comes 429 with Retry-After, in seconds.',
      'Fields may be added to any answer later.',
    ],
  },
  errors: {
    title: 'Errors',
    text: 'They have the shape of Meta’s. Decide by code, which is a closed list; error_subcode is the number that Meta uses for the nearest thing; error_data.details says what is wrong and error_data.field where. fbtrace_id names the answer in the log of this computer.',
    columns: ['Status', 'When'],
  },
  responses: {
    '400': 'The request is wrong: error_data says where',
    '401': 'The token is missing or wrong',
    '403': 'Not allowed with the rights of this person, or from that address',
    '404': 'There is nothing with this id, or no such address',
    '409': 'As things stand this cannot be done: code says why',
    '413': 'The body is larger than 64 KB',
    '415': 'The body is not application/json',
    '422': 'That Idempotency-Key came with another request before',
    '429': 'Too many calls: wait as long as Retry-After says',
    '500': 'Something failed inside the program',
    '503': 'The relay is needed and cannot be reached',
    '507': 'The disk of this computer is full',
  },
  groups: { Conversations: 'Conversations', Messages: 'Messages', Templates: 'Templates', 'Service requests': 'Service requests' },
  operations: {
    listConversations: { title: 'List of conversations', text: 'Newest first, in pages.' },
    getConversation: { title: 'One conversation with its latest messages', text: 'Also its contact, the 24-hour window and what was done with it. messages says how many messages.' },
    replyWithText: {
      title: 'Reply with text',
      text: 'Records the reply and answers at once; it leaves when the team’s log confirms it. With messageId (a UUID of yours), repeating the call sends no other one. isGuarded stops it if somebody wrote after seenThrough.',
    },
    sendDirectMessage: {
      title: 'Direct message to a number',
      text: 'Begins the conversation with that number, or finds the one there is. Free text needs an open 24-hour window; a template does not.',
    },
    sendTemplate: {
      title: 'Send a template',
      text: 'In a conversation or to a number. The values of the text go in order or by name; header and buttons where the template has a variable. requestId or externalId say which request it is about: to the wrong role it goes with isOverride only, and that stays on record.',
    },
    listTemplates: { title: 'Templates of the account', text: 'What this computer knows of them, with when they were last read.' },
    assignConversation: { title: 'Assign, or release', text: 'agentId null leaves it with nobody. Whoever gets it reads the note.' },
    linkConversation: { title: 'Link to a service request', text: 'By our id or by the outside system’s. isLinked false takes the link away.' },
    markConversationRead: { title: 'Mark as read', text: 'Up to a message, or up to the newest.' },
    setConversationStatus: { title: 'Archive, close, reopen', text: 'seenThrough: how far it had been seen; if the customer wrote after it, it is not archived.' },
    putServiceRequest: {
      title: 'Create or change a service request',
      text: 'The request that the other system knows by that id. What is not named stays as it is. With Idempotency-Key, the same request again gives the first answer and does nothing else for 24 hours.',
    },
    getServiceRequest: { title: 'One service request', text: 'With its history, its conversations and the templates it proposes.' },
  },
  types: { title: 'Types', text: 'What answers hold.' },
  words: {
    required: 'required',
    optional: 'optional',
    path: 'in the path',
    query: 'in the query',
    header: 'header',
    body: 'Body',
    answer: 'Answer',
    answers: 'Other answers',
    name: 'Name',
    type: 'Type',
    note: 'Note',
    default: 'if left out',
    example: 'Example',
    listOf: 'list of',
    oneOf: 'One of these:',
    anyText: 'anything',
    openDocument: 'OpenAPI document',
    version: 'Version',
    otherLanguage: 'Español',
  },
};

export const PAGE_TEXTS: Record<PageLanguage, PageTexts> = { es: ES, en: EN };
