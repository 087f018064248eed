/**
 * What a browser shows for an invite's link. The code stands after `#`, which browsers keep to themselves, and the page
 * has no script: so the code reaches neither the relay nor anybody else from here.
 */
import { hash } from 'node:crypto';
import type { RequestHandler } from 'express';

export const JOIN_PATH = '/join';
/** Before the code, in an invite's link. */
export const makeJoinLink = (publicUrl: string, code: string): string => `${publicUrl}${JOIN_PATH}#${code}`;

const STYLE = 'body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.5rem;color-scheme:light dark}section+section{margin-top:3rem;opacity:.8}h1{font-size:1.5rem}';
const PAGE = `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Bandeja</title>
<style>${STYLE}</style>
</head>
<body>
<section>
<h1>Invitación a Bandeja</h1>
<p>Abre Bandeja en este equipo y pega ahí el enlace completo de esta página, tal como está en la barra de direcciones.</p>
<p>Sirve una sola vez. No lo compartas con nadie más.</p>
</section>
<section lang="en">
<h1>Invitation to Bandeja</h1>
<p>Open Bandeja on this computer and paste this page’s whole link there, as it stands in the address bar.</p>
<p>It works once. Share it with nobody else.</p>
</section>
</body>
</html>
`;

const HEADERS = {
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Referrer-Policy': 'no-referrer',
};

export const showJoinPage: RequestHandler = (_request, response) => {
  response.set(HEADERS).type('html').send(PAGE);
};
