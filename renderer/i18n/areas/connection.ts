/**
 * What the connection doctor looks at and what it found, in words: `is` says how it stands, `fix` what to do about it, down to the
 * place at Meta. Every code of `contract/rules/connection-codes.ts` has its `is`; those that can be other than in order have a `fix`.
 */
import type { CheckId, COMMON_CODES, CONNECTION_CODES } from '../../../contract/rules/connection-codes.ts';

type Checks = { [Id in CheckId]: { name: string; is: Record<(typeof CONNECTION_CODES)[Id][number], string>; fix: Partial<Record<(typeof CONNECTION_CODES)[Id][number], string>> } };
type Common = { is: Record<(typeof COMMON_CODES)[number], string>; fix: Record<(typeof COMMON_CODES)[number], string> };

const checksEs = {
  relay_reachable: {
    name: 'El relay responde',
    is: {
      reachable: 'El relay responde.',
      unreachable: 'El relay no responde.',
      no_access: 'El relay ya no conoce este equipo.',
      not_a_relay: 'En esa dirección contesta otra cosa, no un relay de Bandeja.',
      not_enrolled: 'Este equipo aún no pertenece a un espacio de trabajo.',
      old_relay: 'El relay es de una versión anterior y no sabe decir cómo está.',
    },
    fix: {
      unreachable: 'Revisa la conexión de este equipo. Si otros tampoco llegan, quien cuida el servidor debe mirar si el relay y su proxy están en marcha.',
      no_access: 'Pide a un administrador una invitación nueva en Equipo → Personas → Invitar.',
      not_a_relay: 'Un administrador debe revisar la dirección del relay y el proxy que está delante.',
      not_enrolled: 'Pega la invitación que te dio un administrador.',
      old_relay: 'Quien cuida el servidor debe actualizar el relay.',
    },
  },
  relay_https: {
    name: 'Conexión cifrada con el relay',
    is: {
      https: 'La conexión va cifrada (https).',
      same_machine: 'El relay está en esta misma computadora, así que no hace falta cifrar.',
      plain_http: 'La dirección del relay no va cifrada (http).',
      not_enrolled: 'Este equipo aún no tiene la dirección de un relay.',
    },
    fix: {
      same_machine: 'Si el equipo usa varias computadoras, cada una debe unirse con la dirección https pública del relay.',
      plain_http: 'Pon un proxy con https delante del relay y únete con esa dirección: Bandeja no envía claves sin cifrar.',
      not_enrolled: 'Pega la invitación que te dio un administrador.',
    },
  },
  webhook_verified: {
    name: 'Meta comprobó la dirección',
    is: {
      verified: 'Meta comprobó la dirección con la palabra correcta.',
      works: 'Meta entrega en esta dirección, así que la comprobó antes.',
      wrong_token: 'Meta probó la dirección con otra palabra de verificación.',
      wrong_token_since: 'Los mensajes llegan, pero alguien probó después con otra palabra de verificación.',
      never: 'Meta no ha comprobado la dirección desde que arrancó el relay.',
    },
    fix: {
      wrong_token: 'En Meta: panel de la aplicación → WhatsApp → Configuración → Webhook → Editar. Escribe el verify token que muestra el relay (comando init) y pulsa Verificar y guardar.',
      wrong_token_since: 'Si estabas cambiando el webhook en Meta, escribe allí el verify token del relay. Si no, puedes ignorarlo.',
      never: 'Si aún no lo hiciste: panel de la aplicación → WhatsApp → Configuración → Webhook → Editar, con la dirección y el verify token del relay.',
    },
  },
  webhook_signature: {
    name: 'Firma de los mensajes',
    is: {
      right: 'La firma de lo que llega es correcta.',
      wrong_secret: 'Llegan mensajes con una firma que no coincide, y el relay los rechaza.',
      never: 'No ha llegado nada desde que arrancó el relay.',
    },
    fix: {
      wrong_secret:
        'En Meta: panel de la aplicación → Configuración de la app → Básica → Clave secreta → Mostrar. Ponla en el relay (init --app-secret -) y reinícialo. Meta volverá a traer lo rechazado.',
      never: 'Escribe al número desde un teléfono y vuelve a comprobar.',
    },
  },
  webhook_callback: {
    name: 'Dirección guardada en Meta',
    is: {
      ours: 'La dirección guardada en Meta lleva a este relay.',
      elsewhere: 'La dirección guardada en Meta lleva a otro sitio.',
      unreachable: 'El relay no logra llegar a la dirección guardada en Meta.',
      plain_http: 'La dirección guardada en Meta no va cifrada.',
      inactive: 'En Meta no hay una dirección activa para los mensajes.',
      not_readable: 'No se pudo preguntar a Meta qué dirección tiene.',
      no_app_id: 'El relay no sabe el id. de la aplicación, así que no puede preguntar.',
    },
    fix: {
      elsewhere: 'En Meta: panel de la aplicación → WhatsApp → Configuración → Webhook → Editar. Pon la dirección de este relay, que termina en /api/whatsapp/webhook.',
      unreachable: 'Abre esa dirección desde otra red. Si no responde, revisa en el servidor el proxy, el certificado y el nombre; y que en Meta esté bien escrita.',
      plain_http: 'Meta solo entrega por https: pon allí la dirección https del relay.',
      inactive: 'En Meta: panel de la aplicación → WhatsApp → Configuración → Webhook → Editar. Pon la dirección del relay y su verify token.',
      not_readable: 'Revisa que META_APP_ID y la clave secreta del relay sean de la misma aplicación.',
      no_app_id: 'Opcional: pon META_APP_ID en el relay (el id. está arriba en el panel de la aplicación de Meta) y reinícialo.',
    },
  },
  webhook_fields: {
    name: 'Campos suscritos',
    is: {
      all: 'La aplicación recibe todo lo que Bandeja muestra.',
      no_messages: 'La aplicación no está suscrita a “messages”: no llegan mensajes ni marcas.',
      missing: 'Llegan mensajes, pero faltan avisos que conviene tener.',
      not_readable: 'No se pudo preguntar a Meta a qué está suscrita.',
      no_app_id: 'El relay no sabe el id. de la aplicación, así que no puede preguntar.',
    },
    fix: {
      no_messages: 'En Meta: panel de la aplicación → WhatsApp → Configuración → Webhook → Administrar. Marca Suscribirse en “messages” y en los demás que faltan.',
      missing: 'En Meta: panel de la aplicación → WhatsApp → Configuración → Webhook → Administrar. Marca Suscribirse en los que faltan.',
      not_readable: 'Revisa que META_APP_ID y la clave secreta del relay sean de la misma aplicación.',
      no_app_id: 'Míralo en Meta: panel de la aplicación → WhatsApp → Configuración → Webhook → Administrar; “messages” debe estar marcado.',
    },
  },
  last_event: {
    name: 'Último aviso de WhatsApp',
    is: {
      fresh: 'Lo último llegó a tiempo.',
      late: 'Lo último llegó con retraso.',
      silent: 'Hemos enviado mensajes y WhatsApp no avisa de nada.',
      never: 'A este equipo todavía no ha llegado nada.',
    },
    fix: {
      late: 'Suele ser una protección delante del relay (firewall, antibots): deja pasar /api/whatsapp/webhook sin comprobaciones.',
      silent: 'Mira las comprobaciones de la dirección, la firma y la aplicación suscrita: una de ellas suele ser la causa.',
      never: 'Escribe al número desde un teléfono y vuelve a comprobar.',
    },
  },
  backlog: {
    name: 'Al día con el equipo',
    is: {
      none: 'No hay nada por traer ni por confirmar.',
      behind: 'Este equipo todavía está trayendo lo nuevo.',
      pending: 'Hay cambios de este equipo que el relay no ha confirmado.',
      slow_relay: 'El relay tarda en guardar lo que llega de Meta.',
    },
    fix: {
      behind: 'Espera un momento y comprueba otra vez. Si no avanza, reinicia Bandeja.',
      pending: 'Salen solos al tener conexión. Si no, revisa que el relay responda.',
      slow_relay: 'Quien cuida el servidor debe mirar el disco y la carga: Meta espera la respuesta en menos de un segundo.',
    },
  },
  app_subscribed: {
    name: 'Aplicación suscrita a la cuenta',
    is: {
      subscribed: 'La cuenta de WhatsApp entrega a nuestra aplicación.',
      none: 'La cuenta de WhatsApp no entrega a ninguna aplicación: no llega nada.',
      other_app: 'La cuenta de WhatsApp entrega a otra aplicación, no a la del token.',
      no_account: 'Este equipo no sabe el id. de la cuenta de WhatsApp.',
    },
    fix: {
      none: 'Hay que suscribir la aplicación a la cuenta, cosa que el panel de Meta no hace solo: una llamada POST a subscribed_apps con el token, como dice el README de Bandeja.',
      other_app: 'Usa un token de la aplicación suscrita, o suscribe la tuya con una llamada POST a subscribed_apps, como dice el README de Bandeja.',
      no_account: 'Un administrador puede ponerlo en Equipo → Número de WhatsApp → Id. de la cuenta.',
    },
  },
  meta_reachable: {
    name: 'WhatsApp responde',
    is: { reachable: 'WhatsApp responde a este equipo.', unreachable: 'Este equipo no llega a WhatsApp.', outage: 'WhatsApp está fuera de servicio.' },
    fix: {
      unreachable: 'Revisa la conexión y que nada bloquee graph.facebook.com. Lo que esté por salir espera.',
      outage: 'Espera: es una caída de Meta (metastatus.com). Lo que esté por salir sale solo después.',
    },
  },
  token_valid: {
    name: 'Token de WhatsApp',
    is: { valid: 'El token vale.', expired: 'El token venció.', invalid: 'WhatsApp no acepta el token.', missing: 'Este equipo no tiene token.' },
    fix: {
      expired: 'En Meta Business: Configuración → Usuarios → Usuarios del sistema → Generar token, sin vencimiento. Luego un administrador lo pone en Equipo → Número de WhatsApp.',
      invalid: 'En Meta Business: Configuración → Usuarios → Usuarios del sistema → Generar token. Luego un administrador lo pone en Equipo → Número de WhatsApp.',
      missing: 'Un administrador lo pone en Equipo → Número de WhatsApp; llega solo a los demás equipos.',
    },
  },
  token_expiry: {
    name: 'Vencimiento del token',
    is: { never: 'El token no vence.', later: 'El token vence más adelante.', soon: 'El token vence pronto.', expired: 'El token venció.' },
    fix: {
      soon: 'Genera ya uno sin vencimiento: Meta Business → Configuración → Usuarios del sistema → Generar token, y ponlo en Equipo → Número de WhatsApp.',
      expired: 'Genera uno sin vencimiento: Meta Business → Configuración → Usuarios del sistema → Generar token, y ponlo en Equipo → Número de WhatsApp.',
    },
  },
  token_permissions: {
    name: 'Permisos del token',
    is: { all: 'El token tiene los permisos que hacen falta.', missing: 'Al token le faltan permisos.' },
    fix: { missing: 'En Meta Business: Configuración → Usuarios del sistema → Generar token, y marca los permisos que faltan. Luego ponlo en Equipo → Número de WhatsApp.' },
  },
  number_health: {
    name: 'Estado del número',
    is: {
      healthy: 'El número puede enviar.',
      limited: 'El número puede enviar con límites.',
      blocked: 'WhatsApp no deja enviar desde el número.',
      not_connected: 'El número no está conectado.',
      unknown_number: 'WhatsApp no encuentra este número con este token.',
    },
    fix: {
      limited: 'En Meta: Administrador de WhatsApp → Números de teléfono, lee el aviso junto al número.',
      blocked: 'En Meta: Administrador de WhatsApp → Números de teléfono, y Meta Business → Asistencia de la cuenta, lee el motivo y apela si hace falta.',
      not_connected: 'En Meta: Administrador de WhatsApp → Números de teléfono. Según el estado hay que registrarlo otra vez o apelar.',
      unknown_number: 'Un administrador debe revisar el id. del número en Equipo → Número de WhatsApp, y que el usuario del sistema tenga asignada la cuenta.',
    },
  },
  number_quality: {
    name: 'Calidad del número',
    is: { green: 'Buena: pocas quejas.', yellow: 'Regular: algunas personas lo bloquean o reportan.', red: 'Baja: muchas personas lo bloquean o reportan.', unrated: 'WhatsApp aún no la ha medido.' },
    fix: {
      yellow: 'Envía menos publicidad y solo a quien la espera; revisa qué plantillas reciben quejas.',
      red: 'Deja la publicidad por ahora y revisa las plantillas con quejas: si sigue así, WhatsApp limita el número.',
    },
  },
  number_limits: {
    name: 'Límite de mensajes',
    is: { free: 'No se ha llegado al límite.', reached: 'Se llegó al límite de mensajes.' },
    fix: { reached: 'Se puede responder a quien escribe. Para iniciar conversaciones, espera a que se levante el límite.' },
  },
  account_events: {
    name: 'Avisos de Meta sobre la cuenta',
    is: { none: 'Meta no ha avisado de ningún problema.', warning: 'Meta avisó de algo que conviene mirar.', error: 'Meta avisó de un problema con el número o la cuenta.' },
    fix: { warning: 'Mira el aviso en la pestaña Cuenta.', error: 'Mira el aviso en la pestaña Cuenta y resuélvelo en Meta Business.' },
  },
  clock_skew: {
    name: 'Relojes',
    is: {
      right: 'Los relojes coinciden.',
      this_computer: 'El reloj de este equipo no va bien.',
      relay: 'El reloj del relay no va bien.',
      meta: 'El reloj de WhatsApp no coincide con los nuestros.',
      not_compared: 'No se pudo comparar con ningún otro reloj.',
    },
    fix: {
      this_computer: 'Activa la hora automática en este equipo. Bandeja cuenta con la hora del relay, así que las ventanas siguen bien.',
      relay: 'Quien cuida el servidor debe activar la hora automática (NTP): las ventanas de 24 horas se cuentan con ese reloj.',
      meta: 'Revisa la hora del servidor y de este equipo con otro reloj.',
      not_compared: 'Revisa primero que el relay o WhatsApp respondan.',
    },
  },
  outbox: {
    name: 'Mensajes por salir',
    is: {
      calm: 'No hay mensajes por salir.',
      sending: 'Hay mensajes saliendo.',
      stuck: 'Hay mensajes que llevan rato sin salir.',
      uncertain: 'Hay mensajes que no sabemos si salieron.',
      waiting: 'Hay mensajes que esperan tu confirmación.',
      failures: 'Algunos mensajes de las últimas 24 horas no se entregaron.',
      blocked: 'WhatsApp no deja enviar: los mensajes esperan.',
    },
    fix: {
      stuck: 'Mira si WhatsApp responde y si el token vale; al arreglarlo salen solos.',
      uncertain: 'Abre esos mensajes: dicen qué hacer. No los envíes otra vez sin mirar.',
      waiting: 'Están en la lista con la marca de retenidos: léelos y decide.',
      failures: 'Abre uno de ellos: dice por qué y qué hacer.',
      blocked: 'Mira las comprobaciones del token, del número y de la cuenta: una dice por qué.',
    },
  },
} satisfies Checks;

const commonEs = {
  is: {
    no_relay: 'Sin el relay no se puede saber.',
    no_meta: 'Sin respuesta de WhatsApp no se puede saber.',
    no_number: 'Este equipo todavía no tiene número ni token.',
    refused: 'WhatsApp no quiso decirlo.',
  },
  fix: {
    no_relay: 'Arregla primero la conexión con el relay.',
    no_meta: 'Arregla primero la conexión con WhatsApp.',
    no_number: 'Un administrador los pone en Equipo → Número de WhatsApp.',
    refused: 'Revisa primero el token y sus permisos.',
  },
} satisfies Common;

const factsEs = {
  tookMs: 'Tardó',
  relay: 'Relay',
  url: 'Dirección en Meta',
  at: 'Cuándo',
  since: 'Desde',
  sentAt: 'Último envío',
  acceptedAt: 'Último correcto',
  count: 'Cantidad',
  lagMs: 'Retraso',
  slowestAckMs: 'Respuesta más lenta del relay',
  relayBytes: 'Por guardar en el relay',
  behind: 'Por traer',
  pending: 'Por confirmar',
  missing: 'Faltan',
  apps: 'Aplicaciones',
  reason: 'Motivo',
  answer: 'Respuesta',
  detail: 'Detalle',
  description: 'WhatsApp dice',
  solution: 'WhatsApp propone',
  status: 'Estado',
  entity: 'Dónde',
  code: 'Código',
  limit: 'Límite de Meta',
  throughput: 'Ritmo',
  field: 'Campo',
  event: 'Aviso',
  relayMs: 'Relay respecto a este equipo',
  metaMs: 'WhatsApp respecto a este equipo',
  waiting: 'Por salir',
  uncertain: 'Sin confirmar',
  toConfirm: 'Esperan tu decisión',
  failures: 'Sin entregar',
};

const checksEn: { [Id in CheckId]: { name: string; is: Record<keyof (typeof checksEs)[Id]['is'], string>; fix: Record<keyof (typeof checksEs)[Id]['fix'], string> } } = {
  relay_reachable: {
    name: 'The relay answers',
    is: {
      reachable: 'The relay answers.',
      unreachable: 'The relay does not answer.',
      no_access: 'The relay no longer knows this desktop.',
      not_a_relay: 'Something else answers at that address, no Bandeja relay.',
      not_enrolled: 'This desktop does not belong to a workspace yet.',
      old_relay: 'The relay is of an older version and cannot say how it is.',
    },
    fix: {
      unreachable: 'Check the connection of this computer. If others cannot reach it either, whoever runs the server should see whether relay and proxy are running.',
      no_access: 'Ask an admin for a new invite under Team → People → Invite.',
      not_a_relay: 'An admin has to check the relay’s address and the proxy in front of it.',
      not_enrolled: 'Paste the invite that an admin gave you.',
      old_relay: 'Whoever runs the server should update the relay.',
    },
  },
  relay_https: {
    name: 'Encrypted connection to the relay',
    is: {
      https: 'The connection is encrypted (https).',
      same_machine: 'The relay is on this very computer, so nothing has to be encrypted.',
      plain_http: 'The relay’s address is not encrypted (http).',
      not_enrolled: 'This desktop does not have a relay’s address yet.',
    },
    fix: {
      same_machine: 'If the team uses several computers, each has to join with the public https address of the relay.',
      plain_http: 'Put a proxy with https in front of the relay and join with that address: Bandeja sends no keys in clear.',
      not_enrolled: 'Paste the invite that an admin gave you.',
    },
  },
  webhook_verified: {
    name: 'Meta verified the address',
    is: {
      verified: 'Meta verified the address with the right word.',
      works: 'Meta delivers to this address, so it was verified before.',
      wrong_token: 'Meta tried the address with another verify token.',
      wrong_token_since: 'Messages arrive, but somebody has tried with another verify token since.',
      never: 'Meta has not verified the address since the relay was started.',
    },
    fix: {
      wrong_token: 'At Meta: App Dashboard → WhatsApp → Configuration → Webhook → Edit. Type the verify token that the relay shows (command init) and press Verify and save.',
      wrong_token_since: 'If you were changing the webhook at Meta, type the relay’s verify token there. If not, you can ignore it.',
      never: 'If that was not done yet: App Dashboard → WhatsApp → Configuration → Webhook → Edit, with the relay’s address and verify token.',
    },
  },
  webhook_signature: {
    name: 'Signature of messages',
    is: {
      right: 'The signature of what arrives is right.',
      wrong_secret: 'Messages arrive with a signature that does not match, and the relay refuses them.',
      never: 'Nothing has arrived since the relay was started.',
    },
    fix: {
      wrong_secret: 'At Meta: App Dashboard → App settings → Basic → App secret → Show. Put it into the relay (init --app-secret -) and restart it. Meta will bring again what was refused.',
      never: 'Write to the number from a phone and check again.',
    },
  },
  webhook_callback: {
    name: 'Address on file at Meta',
    is: {
      ours: 'The address on file at Meta leads to this relay.',
      elsewhere: 'The address on file at Meta leads elsewhere.',
      unreachable: 'The relay cannot reach the address on file at Meta.',
      plain_http: 'The address on file at Meta is not encrypted.',
      inactive: 'There is no active address for messages at Meta.',
      not_readable: 'Meta could not be asked which address it has.',
      no_app_id: 'The relay does not know the id of the app, so it cannot ask.',
    },
    fix: {
      elsewhere: 'At Meta: App Dashboard → WhatsApp → Configuration → Webhook → Edit. Put this relay’s address, which ends in /api/whatsapp/webhook.',
      unreachable: 'Open that address from another network. If it does not answer, check proxy, certificate and name on the server, and that it is written right at Meta.',
      plain_http: 'Meta delivers over https only: put the relay’s https address there.',
      inactive: 'At Meta: App Dashboard → WhatsApp → Configuration → Webhook → Edit. Put the relay’s address and its verify token.',
      not_readable: 'Check that META_APP_ID and the relay’s app secret belong to the same app.',
      no_app_id: 'Optional: set META_APP_ID on the relay (the id stands at the top of Meta’s App Dashboard) and restart it.',
    },
  },
  webhook_fields: {
    name: 'Subscribed fields',
    is: {
      all: 'The app receives everything that Bandeja shows.',
      no_messages: 'The app is not subscribed to “messages”: neither messages nor ticks arrive.',
      missing: 'Messages arrive, but notices that are good to have are missing.',
      not_readable: 'Meta could not be asked what it is subscribed to.',
      no_app_id: 'The relay does not know the id of the app, so it cannot ask.',
    },
    fix: {
      no_messages: 'At Meta: App Dashboard → WhatsApp → Configuration → Webhook → Manage. Tick Subscribe for “messages” and the others that are missing.',
      missing: 'At Meta: App Dashboard → WhatsApp → Configuration → Webhook → Manage. Tick Subscribe for those that are missing.',
      not_readable: 'Check that META_APP_ID and the relay’s app secret belong to the same app.',
      no_app_id: 'Look at Meta: App Dashboard → WhatsApp → Configuration → Webhook → Manage; “messages” has to be ticked.',
    },
  },
  last_event: {
    name: 'Last news from WhatsApp',
    is: { fresh: 'The last one came in time.', late: 'The last one came late.', silent: 'We have sent messages and WhatsApp says nothing of them.', never: 'Nothing has come to this desktop yet.' },
    fix: {
      late: 'It is usually something that guards the relay (firewall, bot protection): let /api/whatsapp/webhook pass without checks.',
      silent: 'Look at the checks of the address, the signature and the subscribed app: one of them is usually the cause.',
      never: 'Write to the number from a phone and check again.',
    },
  },
  backlog: {
    name: 'Up to date with the team',
    is: {
      none: 'There is nothing left to fetch or to confirm.',
      behind: 'This desktop is still fetching what is new.',
      pending: 'Changes of this desktop have not been confirmed by the relay.',
      slow_relay: 'The relay takes long to store what comes from Meta.',
    },
    fix: {
      behind: 'Wait a moment and check again. If it does not move, restart Bandeja.',
      pending: 'They leave by themselves when there is a connection. If not, check that the relay answers.',
      slow_relay: 'Whoever runs the server should look at disk and load: Meta expects an answer within a second.',
    },
  },
  app_subscribed: {
    name: 'App subscribed to the account',
    is: {
      subscribed: 'The WhatsApp account delivers to our app.',
      none: 'The WhatsApp account delivers to no app: nothing arrives.',
      other_app: 'The WhatsApp account delivers to another app than that of the token.',
      no_account: 'This desktop does not know the id of the WhatsApp account.',
    },
    fix: {
      none: 'The app has to be subscribed to the account, which Meta’s dashboard alone does not do: a POST to subscribed_apps with the token, as Bandeja’s README says.',
      other_app: 'Use a token of the subscribed app, or subscribe yours with a POST to subscribed_apps, as Bandeja’s README says.',
      no_account: 'An admin can set it under Team → WhatsApp number → Account id.',
    },
  },
  meta_reachable: {
    name: 'WhatsApp answers',
    is: { reachable: 'WhatsApp answers this desktop.', unreachable: 'This desktop cannot reach WhatsApp.', outage: 'WhatsApp is out of service.' },
    fix: {
      unreachable: 'Check the connection, and that nothing blocks graph.facebook.com. What is to leave waits.',
      outage: 'Wait: Meta is down (metastatus.com). What is to leave does so by itself afterwards.',
    },
  },
  token_valid: {
    name: 'WhatsApp token',
    is: { valid: 'The token is good.', expired: 'The token has expired.', invalid: 'WhatsApp does not accept the token.', missing: 'This desktop has no token.' },
    fix: {
      expired: 'In Meta Business: Settings → Users → System users → Generate token, without expiry. Then an admin puts it under Team → WhatsApp number.',
      invalid: 'In Meta Business: Settings → Users → System users → Generate token. Then an admin puts it under Team → WhatsApp number.',
      missing: 'An admin sets it under Team → WhatsApp number; it reaches the other desktops by itself.',
    },
  },
  token_expiry: {
    name: 'Expiry of the token',
    is: { never: 'The token does not expire.', later: 'The token expires later on.', soon: 'The token expires soon.', expired: 'The token has expired.' },
    fix: {
      soon: 'Generate one without expiry now: Meta Business → Settings → System users → Generate token, and put it under Team → WhatsApp number.',
      expired: 'Generate one without expiry: Meta Business → Settings → System users → Generate token, and put it under Team → WhatsApp number.',
    },
  },
  token_permissions: {
    name: 'Permissions of the token',
    is: { all: 'The token has the permissions that are needed.', missing: 'The token lacks permissions.' },
    fix: { missing: 'In Meta Business: Settings → System users → Generate token, and tick the missing permissions. Then put it under Team → WhatsApp number.' },
  },
  number_health: {
    name: 'State of the number',
    is: {
      healthy: 'The number can send.',
      limited: 'The number can send within limits.',
      blocked: 'WhatsApp lets nothing be sent from the number.',
      not_connected: 'The number is not connected.',
      unknown_number: 'WhatsApp does not find this number with this token.',
    },
    fix: {
      limited: 'At Meta: WhatsApp Manager → Phone numbers, read the notice beside the number.',
      blocked: 'At Meta: WhatsApp Manager → Phone numbers, and Meta Business → Account support; read the reason and appeal if need be.',
      not_connected: 'At Meta: WhatsApp Manager → Phone numbers. Depending on its state it has to be registered again, or you appeal.',
      unknown_number: 'An admin has to check the id of the number under Team → WhatsApp number, and that the system user has the account assigned.',
    },
  },
  number_quality: {
    name: 'Quality of the number',
    is: { green: 'Good: few complaints.', yellow: 'Medium: some people block or report it.', red: 'Low: many people block or report it.', unrated: 'WhatsApp has not measured it yet.' },
    fix: {
      yellow: 'Send less advertising, and only to those who expect it; see which templates get complaints.',
      red: 'Stop advertising for now and look at the templates with complaints: if it goes on, WhatsApp limits the number.',
    },
  },
  number_limits: {
    name: 'Message limit',
    is: { free: 'The limit is not reached.', reached: 'The message limit is reached.' },
    fix: { reached: 'Whoever writes can be answered. To start conversations, wait until the limit is lifted.' },
  },
  account_events: {
    name: 'What Meta says of the account',
    is: { none: 'Meta has told of no problem.', warning: 'Meta told of something worth looking at.', error: 'Meta told of a problem with the number or the account.' },
    fix: { warning: 'See the notice in the tab Account.', error: 'See the notice in the tab Account and settle it in Meta Business.' },
  },
  clock_skew: {
    name: 'Clocks',
    is: {
      right: 'The clocks agree.',
      this_computer: 'The clock of this computer is wrong.',
      relay: 'The clock of the relay is wrong.',
      meta: 'WhatsApp’s clock does not agree with ours.',
      not_compared: 'There was no other clock to compare with.',
    },
    fix: {
      this_computer: 'Switch on automatic time on this computer. Bandeja counts with the relay’s time, so windows are still right.',
      relay: 'Whoever runs the server should switch on automatic time (NTP): the 24-hour windows are counted with that clock.',
      meta: 'Compare the time of the server and of this computer with another clock.',
      not_compared: 'See first that the relay or WhatsApp answer.',
    },
  },
  outbox: {
    name: 'Messages to leave',
    is: {
      calm: 'No messages wait to leave.',
      sending: 'Messages are leaving.',
      stuck: 'Messages have been waiting to leave for a while.',
      uncertain: 'There are messages of which we do not know whether they left.',
      waiting: 'There are messages that wait for your decision.',
      failures: 'Some messages of the last 24 hours were not delivered.',
      blocked: 'WhatsApp lets nothing be sent: messages wait.',
    },
    fix: {
      stuck: 'See whether WhatsApp answers and the token is good; once that is right they leave by themselves.',
      uncertain: 'Open those messages: they say what to do. Do not send them again without looking.',
      waiting: 'They are in the list with the mark of held ones: read them and decide.',
      failures: 'Open one of them: it says why and what to do.',
      blocked: 'Look at the checks of the token, the number and the account: one says why.',
    },
  },
};

export const connection = {
  es: { check: checksEs, common: commonEs, fact: factsEs },
  en: {
    check: checksEn,
    common: {
      is: {
        no_relay: 'Without the relay it cannot be known.',
        no_meta: 'Without an answer from WhatsApp it cannot be known.',
        no_number: 'This desktop has no number and no token yet.',
        refused: 'WhatsApp did not want to say.',
      },
      fix: {
        no_relay: 'Put the connection to the relay right first.',
        no_meta: 'Put the connection to WhatsApp right first.',
        no_number: 'An admin sets them under Team → WhatsApp number.',
        refused: 'Check the token and its permissions first.',
      },
    } satisfies Common,
    fact: {
      tookMs: 'Took',
      relay: 'Relay',
      url: 'Address at Meta',
      at: 'When',
      since: 'Since',
      sentAt: 'Last sent',
      acceptedAt: 'Last right one',
      count: 'Count',
      lagMs: 'Delay',
      slowestAckMs: 'Slowest answer of the relay',
      relayBytes: 'To be stored by the relay',
      behind: 'To fetch',
      pending: 'To confirm',
      missing: 'Missing',
      apps: 'Apps',
      reason: 'Reason',
      answer: 'Answer',
      detail: 'Detail',
      description: 'WhatsApp says',
      solution: 'WhatsApp suggests',
      status: 'State',
      entity: 'Where',
      code: 'Code',
      limit: 'Meta’s limit',
      throughput: 'Pace',
      field: 'Field',
      event: 'Notice',
      relayMs: 'Relay against this computer',
      metaMs: 'WhatsApp against this computer',
      waiting: 'To leave',
      uncertain: 'Unconfirmed',
      toConfirm: 'Waiting for your decision',
      failures: 'Not delivered',
    } satisfies typeof factsEs,
  },
};
