import '@fontsource-variable/inter/wght.css';
import './ui/emoji.css';
import './ui/tokens.css';
import './ui/base.css';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { createI18n, resolveLanguage } from './i18n/i18n.ts';
import { TextsProvider } from './i18n/use-texts.tsx';
import { prepareMediaUrls } from './media/media-url.ts';
import { connectOverPort, connectOverWebSocket, type Connect } from './rpc/connect.ts';
import { takeSecret } from './rpc/secret.ts';
import { NoSecretPage } from './shell/page.tsx';
import { readRememberedLanguage } from './shell/remembered-language.ts';
import { Root } from './shell/root.tsx';
import { applyRememberedLook } from './shell/theme.ts';
import { findWindowStorage } from './shell/window-storage.ts';
import { openApp } from './store/app.ts';
import { AppProvider } from './ui/app-context.tsx';

/** How a hidden window, which paints no frames, still hears of changes. */
const HIDDEN_FRAME_MS = 150;

function nextFrame(callback: () => void): void {
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    callback();
  };
  requestAnimationFrame(once);
  setTimeout(once, HIDDEN_FRAME_MS);
}

// Before its first schema of an object Zod tries whether it may make code from strings: the page's policy refuses that, and reports it.
const ZOD_SETTINGS = '__zod_globalConfig';
Object.assign(globalThis, { [ZOD_SETTINGS]: Object.assign(Reflect.get(globalThis, ZOD_SETTINGS) ?? {}, { jitless: true }) });

function whenIdle(callback: () => void): () => void {
  const id = requestIdleCallback(callback);
  return () => cancelIdleCallback(id);
}

const tabStorage = findWindowStorage(() => sessionStorage);

/** Null when the page was opened without the secret that its address should carry. */
async function chooseConnect(): Promise<Connect | null> {
  if (window.bandejaShell) return connectOverPort(window, window.bandejaShell);
  const secret = takeSecret({ location, history, sessionStorage: tabStorage });
  if (secret === null) return null;
  await prepareMediaUrls(secret, document);
  return connectOverWebSocket(location.origin, secret);
}

applyRememberedLook();
const connect = await chooseConnect();
const i18n = await createI18n(resolveLanguage(readRememberedLanguage(), navigator.languages));
const Languages = ({ children }: { children: ReactNode }) => (
  <I18nextProvider i18n={i18n}>
    <TextsProvider>{children}</TextsProvider>
  </I18nextProvider>
);
const root = createRoot(document.getElementById('root')!);

// The complete link pasted into this same tab changes only what follows the #.
window.addEventListener('hashchange', () => location.reload());

if (connect) {
  let count = 0;
  openApp({ connect, now: () => Date.now(), nextFrame, whenIdle, storage: findWindowStorage(), tabStorage }, (app) => {
    // Not one part of the window takes over what it held of the former app.
    count += 1;
    root.render(
      <Languages>
        <AppProvider key={count} app={app}>
          <Root />
        </AppProvider>
      </Languages>,
    );
  });
} else {
  root.render(
    <Languages>
      <NoSecretPage isRefused={false} />
    </Languages>,
  );
}
