/**
 * The local REST API as this desktop offers it: whether, where and with which token, as its settings or the command line say. Invariants:
 * what the command line says holds until the program ends and is not kept; the token is kept by the secrets port and leaves the engine
 * only when a person asks for it; an API that cannot be served keeps nothing else from working.
 */
import { randomBytes } from 'node:crypto';
import { AppError } from '../../../contract/app-error.ts';
import { LOCAL_API_PORT, localApiSchema, type LocalApiState } from '../../../contract/local-api.ts';
import { errorText, type Log } from '../../../contract/log.ts';
import type { SettingQueries } from '../db/setting-queries.ts';
import type { Secrets } from '../ports.ts';
import type { ServedRouter } from './call-errors.ts';
import { createRestServer, type RestServer } from './rest.ts';

/** What the command line says. `token` null: the kept one. */
export type ApiWish = { port: number; token: string | null };
export type LocalApi = {
  /**
   * Serves it as wished, or as the settings say. `token`: to be told once to whoever started the program; null: they gave it, or did not ask.
   * @throws what `listen` throws (EADDRINUSE …), for a wish only.
   */
  open(wish: ApiWish | null): Promise<{ url: string; token: string | null } | null>;
  stop(): Promise<void>;
  read(): LocalApiState;
  set(change: { isOn?: boolean | undefined; port?: number | undefined }): Promise<LocalApiState>;
  showToken(): Promise<{ token: string }>;
  rotateToken(): Promise<{ token: string }>;
};

const settingSchema = localApiSchema.pick({ isOn: true, port: true });

export function createLocalApi(deps: {
  router: () => ServedRouter;
  settings: SettingQueries;
  secrets: Secrets;
  isDemo: boolean;
  version: string;
  /** Ms. */
  now: () => number;
  log: Log;
}): LocalApi {
  const { settings, secrets, log } = deps;
  let wish: ApiWish | null = null;
  let token: string | null = null;
  let server: RestServer | null = null;
  let problem: LocalApiState['problem'] = null;
  /** One after the other: a server stops before the next one takes its port, and a token is made or changed by one call at a time. */
  let lastChange: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const changed = lastChange.then(change);
    lastChange = changed.catch(() => undefined);
    return changed;
  };

  const readSetting = (): { isOn: boolean; port: number } => settings.read('api', settingSchema) ?? { isOn: deps.isDemo, port: deps.isDemo ? 0 : LOCAL_API_PORT };
  const read = (): LocalApiState => {
    const setting = wish ? { isOn: true, port: wish.port } : readSetting();
    return { ...setting, url: server?.url ?? null, problem, isFixed: wish !== null, isTokenFixed: (wish?.token ?? null) !== null };
  };

  const makeToken = async (): Promise<string> => {
    const made = randomBytes(24).toString('base64url');
    await secrets.set('api-token', made);
    return made;
  };
  const readToken = async (): Promise<string> => (token ??= wish?.token ?? (await secrets.get('api-token')) ?? (await makeToken()));

  const close = async (): Promise<void> => {
    const open = server;
    server = null;
    await open?.stop();
  };
  const serve = async (port: number): Promise<void> => {
    const opened = await readToken();
    const next = createRestServer({ router: deps.router(), token: () => token ?? opened, port, version: deps.version, log, now: deps.now });
    await next.start();
    server = next;
  };
  /** As the settings say; what goes wrong is told there. */
  const follow = async (): Promise<void> => {
    await close();
    problem = null;
    const { isOn, port } = readSetting();
    if (!isOn) return;
    await serve(port).catch((error: NodeJS.ErrnoException) => {
      problem = error.code === 'EADDRINUSE' ? 'port_taken' : error.code === 'EACCES' ? 'port_forbidden' : 'failed';
      log('warn', 'rest.not_served', { port, error: errorText(error) });
    });
  };

  return {
    open: (wanted) =>
      inTurn(async () => {
        wish = wanted;
        if (wish) await serve(wish.port);
        else await follow();
        if (!server) return null;
        const isTold = wish ? wish.token === null : deps.isDemo;
        return { url: server.url, token: isTold ? await readToken() : null };
      }),
    stop: () => inTurn(close),
    read,
    set: (change) =>
      inTurn(async () => {
        if (wish) throw new AppError('NOT_ALLOWED_NOW', 'the command line says where the API is, until this program ends');
        const before = readSetting();
        const after = { isOn: change.isOn ?? before.isOn, port: change.port ?? before.port };
        settings.write('api', after);
        // The same again: another attempt, if it did not answer.
        if (after.isOn !== before.isOn || after.port !== before.port || (after.isOn && !server)) await follow();
        return read();
      }),
    showToken: () => inTurn(async () => ({ token: await readToken() })),
    rotateToken: () =>
      inTurn(async () => {
        if (wish?.token) throw new AppError('NOT_ALLOWED_NOW', 'the command line gave the token, until this program ends');
        token = await makeToken();
        return { token };
      }),
  };
}
