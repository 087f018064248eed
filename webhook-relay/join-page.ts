/**
 * What a browser shows for an invite's link. The code stands after `#`, which browsers keep to themselves. Invariant: the page's one script copies its own
 * address when somebody asks for it and does nothing else, and its policy lets it reach nobody: so the code gets neither to the relay nor to anybody
 * else from here.
 */
import { hash } from 'node:crypto';
import type { RequestHandler } from 'express';

export const JOIN_PATH = '/join';
/** Before the code, in an invite's link. */
export const makeJoinLink = (publicUrl: string, code: string): string => `${publicUrl}${JOIN_PATH}#${code}`;

const STYLE =
  ':root{color-scheme:light dark;background:light-dark(#f3f5f4,#0d1211);color:light-dark(#16211f,#e4ebe9)}' +
  'body{font:1.05rem/1.6 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.5rem}section+section{margin-top:3rem}h1{margin:0;font-size:1.4rem}' +
  'button{padding:.5rem 1rem;border:0;border-radius:6px;background:light-dark(#0d6467,#1a7371);color:#fff;font:inherit;cursor:pointer}' +
  'button:hover{background:light-dark(#0a5356,#1f8380)}button:focus-visible{outline:2px solid light-dark(#0b5c5e,#63c1b4);outline-offset:2px}';
/** Without a clipboard (no https), or without a code, there is nothing to copy. */
const SCRIPT =
  "if(navigator.clipboard&&location.hash.length>1)for(const b of document.querySelectorAll('button')){b.hidden=false;" +
  "b.addEventListener('click',()=>navigator.clipboard.writeText(location.href).then(()=>{b.textContent=b.dataset.done}))}";
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
<p>Abre Bandeja en esta computadora y pega ahí el enlace completo de esta página, tal como está en la barra de direcciones.</p>
<p><button type="button" hidden data-done="Copiado">Copiar el enlace</button></p>
<p>Sirve una sola vez. No lo compartas con nadie más.</p>
</section>
<section lang="en">
<h1>Invitation to Bandeja</h1>
<p>Open Bandeja on this computer and paste this page’s whole link there, as it stands in the address bar.</p>
<p><button type="button" hidden data-done="Copied">Copy the link</button></p>
<p>It works once. Share it with nobody else.</p>
</section>
<script>${SCRIPT}</script>
</body>
</html>
`;

const hashOf = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;
const HEADERS = {
  'Content-Security-Policy': `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Referrer-Policy': 'no-referrer',
};

export const showJoinPage: RequestHandler = (_request, response) => {
  response.set(HEADERS).type('html').send(PAGE);
};
