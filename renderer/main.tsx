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
import { connectOverPort, connectOverWebSocket, ConnectionRefused, type Connect } from './rpc/connect.ts';
import { takeSecret } from './rpc/secret.ts';
import { NoSecretPage } from './shell/page.tsx';
import { readRememberedLanguage } from './shell/remembered-language.ts';
import { Root } from './shell/root.tsx';
import { applyRememberedLook } from './shell/theme.ts';
import { findWindowStorage } from './shell/window-storage.ts';
import { createEngineStorage, createMemoryStorage, moveKept, takeBack } from './lock/engine-storage.ts';
import { tellOutcome } from './lock/asked-change.ts';
import { createGate, type Opened } from './lock/lock-gate.ts';
import type { LockLine } from './lock/lock-page.tsx';
import { reportTouches } from './lock/report-touch.ts';
import { openApp, type App } from './store/app.ts';
import { listKept } from './store/window-memory.ts';
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

const FIND_ANOTHER_MS = 500;
/** So many attempts that found nobody: it does not come back by itself, as it does from a restart. */
const GONE_AFTER_ATTEMPTS = 16;
const REFUSED_AGAIN_MS = 5_000;
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

let count = 0;
function show(app: App): void {
  // Not one part of the window takes over what it held of the former app.
  count += 1;
  root.render(
    <Languages>
      <AppProvider key={count} app={app}>
        <Root />
      </AppProvider>
    </Languages>,
  );
}

/** As usual, until a desktop with a lock says so: then what was begun as usual gives way. */
function openWindow(connectAny: Connect): void {
  const now = (): number => Date.now();
  const storage = findWindowStorage();
  let usual: App | null = null;

  const openSealed = async ({ client, connection }: Opened): Promise<void> => {
    const kept = await client.preferences.memory();
    connection.close();
    let app: App | null = null;
    const sealed = createEngineStorage(kept, async (changes) => {
      if (!app) throw new Error('there is no line yet');
      await app.client.preferences.remember({ changes });
    });
    for (const old of [storage, tabStorage]) moveKept(listKept(old), old, sealed.storage);
    openApp({ connect, now, nextFrame, whenIdle, storage: sealed.storage, tabStorage: createMemoryStorage(), flushStorage: sealed.flush }, (opened) => {
      app = opened;
      show(opened);
      tellOutcome(opened);
      reportTouches(opened.client, window, () => performance.now());
    });
  };
  const openLocked = async ({ client, state, connection }: Opened): Promise<void> => {
    const reload = (): void => location.reload();
    const { LockPage } = await import('./lock/lock-page.tsx');
    const paint = (line: LockLine): void =>
      root.render(
        <Languages>
          <LockPage client={client} state={state} line={line} onOpen={reload} />
        </Languages>,
      );
    let attempts = 0;
    // Another engine, or the same one open: a page that begins anew finds out, once something answers. One that was started anew has another secret.
    const findAnother = (): void => {
      attempts += 1;
      connectAny().then(reload, (error: unknown) => {
        const isRefused = error instanceof ConnectionRefused;
        if (isRefused || attempts >= GONE_AFTER_ATTEMPTS) paint(isRefused ? 'refused' : 'gone');
        setTimeout(findAnother, isRefused ? REFUSED_AGAIN_MS : FIND_ANOTHER_MS);
      });
    };
    paint('up');
    void connection.closed.then(findAnother);
  };
  const connect = createGate({
    connect: connectAny,
    open: (gate, opened) => {
      usual?.stop();
      const opening = gate === 'locked' ? openLocked(opened) : openSealed(opened);
      opening.catch(() => location.reload());
    },
    takeBack: (client) => takeBack(client, storage),
    reload: () => location.reload(),
  });
  openApp({ connect, now, nextFrame, whenIdle, storage, tabStorage }, (app) => {
    usual = app;
    show(app);
    tellOutcome(app);
  });
}

// The complete link pasted into this same tab changes only what follows the #.
window.addEventListener('hashchange', () => location.reload());

if (connect) openWindow(connect);
else {
  root.render(
    <Languages>
      <NoSecretPage />
    </Languages>,
  );
}
