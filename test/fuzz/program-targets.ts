/** Programs that listen: the relay over HTTP and WebSocket, the local API, the engine behind its contract. They have to answer the next sound call, too. */
import assert from 'node:assert/strict';
import { ORPCError } from '@orpc/client';
import { sealOp } from '../../contract/sealing/sealed-body.ts';
import { clientFrameSchema, SYNC_PATH, type PushedOp } from '../../contract/wire.ts';
import type { Random } from '../../main/demo/meta/random.ts';
import { createRestServer } from '../../main/engine/api/rest.ts';
import { listLocalRoutes, listProcedures } from '../authorisation/engine.ts';
import { ROUTE_LINES } from '../authorisation/relay.ts';
import { connectDesktop, enrollDevice, sign, type Desktop } from '../integration/relay/relay-harness.ts';
import { drawFrom } from '../support/draw-from-schema.ts';
import { ascii, assertFine, send } from './http.ts';
import { mutateBytes, mutateJson, pick } from './mutate.ts';
import { createWebhookDraw } from './parser-targets.ts';
import { keysOf } from './sealed-entries.ts';
import { judgeRelay, startSealedRelay, startSealedTeam } from './sealed-teams.ts';
import type { Opened, Target } from './target.ts';

const posts: Target = {
  name: 'webhooks over HTTP',
  by: 'a real relay, signed and not',
  inputs: 10_000,
  few: 150,
  withinMs: 5_000,
  open: async (): Promise<Opened> => {
    const relay = await startSealedRelay();
    const draw = createWebhookDraw();
    let last: unknown = null;
    return {
      feed: async (random) => {
        const body = draw(random);
        const isSigned = random.next() < 0.8;
        const signature = isSigned ? sign(body) : pick(random, ['', 'sha256=', `sha256=${'0'.repeat(64)}`, sign(`${body.toString('latin1')} `), sign(body).toUpperCase(), 'sha1=abc']);
        last = { body: body.toString('base64'), signature };
        const answer = await send(relay.url, {
          method: 'POST',
          path: '/api/whatsapp/webhook',
          headers: { 'content-type': pick(random, ['application/json', 'text/plain', '*/*', 'a'.repeat(500)]), 'x-hub-signature-256': signature },
          body,
        });
        assertFine(answer);
        assert.equal(answer.status === 200, isSigned, `${answer.status} for a body that is ${isSigned ? '' : 'not '}signed`);
      },
      judge: () => judgeRelay(relay),
      close: () => relay[Symbol.asyncDispose](),
      last: () => last,
    };
  },
};

const routes: Target = {
  name: 'the relay’s HTTP bodies',
  by: 'a real relay, as an admin’s desktop',
  inputs: 15_000,
  few: 250,
  withinMs: 5_000,
  open: async (): Promise<Opened> => {
    const relay = await startSealedRelay();
    const { admin } = relay;
    const other = await enrollDevice(relay, 'Bo');
    // Another admin, so that the first one can be hit without shutting everybody out.
    const spare = await enrollDevice(relay, 'Eva', { role: 'admin' });
    const things = { otherDevice: other.deviceId, otherAgent: other.agentId, logId: relay.store.logId };
    const lines = Object.entries(ROUTE_LINES);
    let last: unknown = null;
    let count = 0;
    return {
      feed: async (random) => {
        const [route, line] = pick(random, lines);
        const sound = line.request(things);
        const method = random.next() < 0.95 ? route.slice(0, route.indexOf(' ')) : pick(random, ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST']);
        const path =
          random.next() < 0.5
            ? sound.path
            : `/${ascii(mutateBytes(Buffer.from(sound.path), random).toString('utf8'))
                .replace(/^\/+/, '')
                .slice(0, 4_000)}`;
        const body =
          sound.body === undefined || typeof sound.body === 'string'
            ? mutateBytes(Buffer.from(sound.body ?? ''), random)
            : random.next() < 0.7
              ? Buffer.from(JSON.stringify(mutateJson(sound.body, random)) ?? '')
              : mutateBytes(Buffer.from(JSON.stringify(sound.body)), random);
        const token = random.next() < 0.9 ? pick(random, [admin, spare]).token : mutateBytes(Buffer.from(admin.token), random).toString('latin1');
        const headers = {
          authorization: `Bearer ${token.replaceAll(/[^\u0020-\u007e]/g, 'x').slice(0, 2_000)}`,
          'x-forwarded-for': `10.${(count += 1) % 200}.${Math.floor(count / 200) % 200}.1`,
          ...(random.next() < 0.9
            ? { 'content-type': 'application/json' }
            : { 'content-type': pick(random, ['text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded', 'application/json; charset=utf-7']) }),
          ...(random.next() < 0.05 && { 'content-encoding': pick(random, ['gzip', 'br', 'identity', 'x']) }),
          ...(random.next() < 0.1 && { range: pick(random, ['bytes=0-', 'bytes=-1', 'bytes=5-1', 'bytes=0-0,2-3', 'lines=1-2']) }),
        };
        last = { method, path, headers, body: body.toString('base64') };
        assertFine(await send(relay.url, { method, path, headers, body }));
      },
      judge: () => judgeRelay(relay),
      close: () => relay[Symbol.asyncDispose](),
      last: () => last,
    };
  },
};

/** Sent before the pong came, so that it is known to be handled. */
const handled = ({ socket, closed }: Desktop): Promise<unknown> =>
  Promise.race([
    new Promise((resolve) => {
      socket.once('pong', resolve);
      socket.ping();
    }),
    closed,
  ]);

const frames: Target = {
  name: 'sync frames',
  by: 'a real relay over WebSockets, as a member’s desktop',
  inputs: 10_000,
  few: 300,
  withinMs: 5_000,
  open: async (): Promise<Opened> => {
    const relay = await startSealedRelay();
    const { token, deviceId, agentId: actorId } = await enrollDevice(relay, 'Bo');
    const draws = clientFrameSchema.options.map((option) => drawFrom(option));
    let desktop: Desktop | null = null;
    let last: Buffer = Buffer.alloc(0);
    const greet = async (): Promise<Desktop> => {
      const opened = await connectDesktop(relay.url, token);
      opened.hello((await relay.store.readStatus()).head);
      await opened.next('welcome');
      return opened;
    };
    /** Last op of this device that the relay has. */
    let taken = 0;
    const drawPush = (random: Random): object => {
      const op = { opId: `op-${taken + 1}-${random.int(0, 1e9)}`, deviceSeq: taken + 1, v: 1, occurredAt: 0, body: '{}' };
      const sealed = sealOp(keysOf(relay.epoch - pick(random, [0, 0, 0, 1, 2])), { ...op, deviceId, actorId }, op.body);
      const body = pick(random, [sealed, sealed, sealed, op.body, sealed.slice(0, random.int(1, sealed.length)), mutateBytes(Buffer.from(sealed), random).toString('utf8')]);
      return { t: 'push', ops: [{ ...op, body } satisfies PushedOp] };
    };
    return {
      feed: async (random) => {
        if (!desktop || desktop.socket.readyState !== desktop.socket.OPEN) {
          desktop?.end();
          desktop = random.next() < 0.9 ? await greet() : await connectDesktop(relay.url, token);
          desktop.frames.length = 0;
        }
        const sound = random.next() < 0.5 ? drawPush(random) : pick(random, draws)(random);
        const value = random.next() < 0.3 ? sound : mutateJson(sound, random);
        last = random.next() < 0.8 ? Buffer.from(JSON.stringify(value) ?? '') : mutateBytes(Buffer.from(JSON.stringify(sound)), random);
        desktop.socket.send(last, { binary: random.next() < 0.03 });
        await handled(desktop);
        for (const frame of desktop.frames.splice(0)) {
          if (frame.t === 'ack') taken = frame.last;
          if (frame.t === 'refused' && 'last' in frame.refusal) taken = frame.refusal.last;
        }
      },
      judge: async () => {
        desktop?.end();
        const fresh = await greet();
        fresh.end();
        assert(taken > 0, 'what is sound was taken');
        await judgeRelay(relay);
      },
      close: async () => {
        desktop?.end();
        await relay[Symbol.asyncDispose]();
      },
      last: () => last.toString('utf8'),
    };
  },
};

const upgrades: Target = {
  name: 'WebSocket upgrades',
  by: 'a real relay',
  inputs: 4_000,
  few: 60,
  withinMs: 5_000,
  open: async (): Promise<Opened> => {
    const relay = await startSealedRelay();
    let last: unknown = null;
    return {
      feed: async (random) => {
        const path = `/${ascii(mutateBytes(Buffer.from(SYNC_PATH.slice(1)), random).toString('latin1')).slice(0, 2_000)}`;
        const headers = {
          connection: 'Upgrade',
          upgrade: pick(random, ['websocket', 'WebSocket', 'h2c', 'x']),
          'sec-websocket-key': pick(random, ['dGhlIHNhbXBsZSBub25jZQ==', '', 'x', 'a'.repeat(300)]),
          'sec-websocket-version': pick(random, ['13', '8', '-1', 'x']),
          authorization: pick(random, ['Bearer x', 'Bearer', 'Basic eDp4', '']),
        };
        last = { path, headers };
        assertFine(await send(relay.url, { method: 'GET', path: random.next() < 0.5 ? SYNC_PATH : path, headers, body: Buffer.alloc(0) }));
      },
      judge: () => judgeRelay(relay),
      close: () => relay[Symbol.asyncDispose](),
      last: () => last,
    };
  },
};

/** They reach out of this machine's programs, end what the rest needs, or wait for something that does not come. */
const LEFT_OUT =
  /^(enrollment|setup|localApi|session|events|members)\.|^ai\.(testConnection|watch|setKey)$|^diagnostics\.connection$|^requests\.watchImport$|^storage\.(compact|rebuildSearch)$|^templates\.(sync|submit|submitBuiltin|remove|uploadSample)$/;

async function openEngine() {
  const team = await startSealedTeam();
  const desktop = await team.addDesktop({ role: 'admin', name: 'Ana' });
  await desktop.engine.setNumber({ phoneNumberId: '106540352242922', wabaId: '102290129340398' }, 'graph-token');
  const { conversationId } = await desktop.client.conversations.start({ phone: '+502 5555 1234', name: 'Rosa' });
  return { team, desktop, conversationId };
}

const procedures: Target = {
  name: 'the engine’s procedures',
  by: 'a real engine behind the contract',
  inputs: 12_000,
  few: 300,
  withinMs: 10_000,
  open: async (): Promise<Opened> => {
    const { team, desktop, conversationId } = await openEngine();
    const all = listProcedures()
      .filter(({ path }) => !LEFT_OUT.test(path))
      .map(({ path, input }) => ({ path, draw: input ? drawFrom(input) : () => undefined }));
    const withIds = (value: unknown, random: Random): unknown =>
      value === undefined
        ? undefined
        : (JSON.parse(JSON.stringify(value), (key, part: unknown) => (key === 'conversationId' && typeof part === 'string' && random.next() < 0.7 ? conversationId : part)) as unknown);
    let last: unknown = null;
    return {
      feed: async (random) => {
        const { path, draw } = pick(random, all);
        const sound = withIds(draw(random), random);
        const input = random.next() < 0.4 ? sound : mutateJson(sound, random);
        last = { path, input };
        const procedure = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], desktop.client) as (input: unknown) => Promise<unknown>;
        try {
          const answer = await procedure(input);
          if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) {
            const stream = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]();
            await stream.next();
            await stream.return?.();
          }
        } catch (error) {
          // A refusal has a code; what has none came from inside.
          if (!(error instanceof ORPCError) || String(error.code).startsWith('INTERNAL')) throw new Error(`${path} fails`, { cause: error });
        }
      },
      judge: async () => {
        assert.equal((await desktop.client.conversations.get({ conversationId, messages: 0 })).id, conversationId);
      },
      close: () => team.stop(),
      last: () => last,
    };
  },
};

const restBodies: Target = {
  name: 'the local API’s bodies',
  by: 'a real engine over HTTP',
  inputs: 8_000,
  few: 150,
  withinMs: 10_000,
  open: async (): Promise<Opened> => {
    const { team, desktop, conversationId } = await openEngine();
    const failures: string[] = [];
    const server = createRestServer({
      router: desktop.engine.router,
      token: () => 'token-of-the-test',
      port: 0,
      version: '0',
      now: () => Date.now(),
      rate: { burst: 1e9, perSecond: 1e9 },
      log: (level, event, fields) => {
        if (level === 'error') failures.push(JSON.stringify({ event, ...fields }));
      },
    });
    await server.start();
    const inputs = new Map(listProcedures().map(({ path, input }) => [path, input ? drawFrom(input) : () => ({})]));
    const all = listLocalRoutes();
    let last: unknown = null;
    return {
      feed: async (random) => {
        const { path, method, at } = pick(random, all);
        const sound = inputs.get(path)?.(random) as Record<string, unknown>;
        const place = at.replaceAll(/\{(\w+)\}/g, (_, key: string) => (key === 'conversationId' ? conversationId : ascii(encodeURIComponent(String(sound[key] ?? 'x')))));
        const query =
          method === 'GET'
            ? `?${new URLSearchParams(Object.entries(mutateJson({ limit: '5', search: 'a', status: 'active', cursor: 'x' }, random) ?? {}).map(([key, value]) => [key, JSON.stringify(value)]))}`
            : '';
        const body = method === 'GET' ? Buffer.alloc(0) : random.next() < 0.7 ? Buffer.from(JSON.stringify(mutateJson(sound, random)) ?? '') : mutateBytes(Buffer.from(JSON.stringify(sound)), random);
        const url = `/api${random.next() < 0.9 ? place : ascii(mutateBytes(Buffer.from(place), random).toString('latin1'))}${query}`.slice(0, 6_000);
        const headers = {
          authorization: random.next() < 0.95 ? 'Bearer token-of-the-test' : 'Bearer x',
          'content-type': random.next() < 0.95 ? 'application/json' : pick(random, ['text/plain', 'multipart/form-data; boundary=x', 'application/json; charset=x']),
          ...(random.next() < 0.2 && { 'idempotency-key': pick(random, ['k', 'a'.repeat(128), 'a'.repeat(129), '%', 'k2']) }),
        };
        last = { method, url, headers, body: body.toString('base64') };
        assertFine(await send(server.url, { method, path: url, headers, body }));
        assert.deepEqual(failures, []);
      },
      close: async () => {
        await server.stop();
        await team.stop();
      },
      last: () => last,
    };
  },
};

const CSV =
  'N.º externo;Tipo de servicio;Estado;Nombre del cliente;Teléfono;Correo;Dirección;Fecha solicitada;Descripción\r\n"a-1";Lavado;received;"Rosa; Paz";+502 5555 1234;a@b.example;"Zona 1\r\n2-30";2026-11-23;"dijo ""sí"""\r\na-2;;;Luis;5555;;;23/11/2026;\r\n';
const csv: Target = {
  name: 'CSV imports',
  by: 'a real engine, row by row',
  inputs: 4_000,
  few: 80,
  withinMs: 10_000,
  open: async (): Promise<Opened> => {
    const { team, desktop } = await openEngine();
    const { requests } = desktop.client;
    const samples = [CSV, CSV.replaceAll(';', ','), CSV.replaceAll(';', '\t').replaceAll('\r\n', '\n'), `\u{feff}${await requests.export({}).then((made) => made.csv)}`].map((text) =>
      Buffer.from(text),
    );
    let last = '';
    return {
      feed: async (random) => {
        last = mutateBytes(pick(random, samples), random, samples).toString('utf8');
        const { importId } = await requests.beginImport({ name: 'a.csv' });
        const cut = random.int(0, last.length);
        await requests.addImportText({ importId, text: last.slice(0, cut), isLast: false });
        const state = await requests.addImportText({ importId, text: last.slice(cut), isLast: true });
        assert(state.state === 'ready' || state.state === 'failed', `it stays ${state.state}`);
        assert.equal(state.good + state.badRows, state.rows, 'every row is good or bad');
        await requests.cancelImport({ importId });
      },
      close: () => team.stop(),
      last: () => last,
    };
  },
};

export const PROGRAM_TARGETS: readonly Target[] = [posts, routes, frames, upgrades, procedures, restBodies, csv];
